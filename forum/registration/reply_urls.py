"""Where the link in a letter of invitation leads."""

from django.urls import path

from forum.registration import reply_views as views

app_name = "reply"
urlpatterns = [
    path("<str:token>/", views.reply, name="form"),
    path("<str:token>/<slug:code>.png", views.picture, name="picture"),
]
