"""Where a link to a place of a delegation leads."""

from django.urls import path

from forum.registration import place_link_views as views

app_name = "place"
urlpatterns = [path("<str:token>/", views.take, name="take")]
