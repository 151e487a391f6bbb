"""Where the link of a personal invitation leads."""

from django.urls import path

from forum.registration import personal_views as views

app_name = "invited"
urlpatterns = [path("<str:token>/", views.register, name="form")]
