"""Desks on the public site."""

from django.urls import path

from forum.desks import views

app_name = "desks"
urlpatterns = [path("", views.mine, name="mine")]
