"""Registering for one edition."""

from django.urls import path

from forum.registration import views

app_name = "register"
urlpatterns = [
    path("", views.register, name="form"),
    path("sent/", views.sent, name="sent"),
    path("link/", views.link, name="link"),
]
