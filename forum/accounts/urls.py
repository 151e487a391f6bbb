"""Joining by invitation."""

from django.urls import path

from forum.accounts import views

app_name = "accounts"
urlpatterns = [path("invitation/<slug:token>/", views.invitation, name="invitation")]
