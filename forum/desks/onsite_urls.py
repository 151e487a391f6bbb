"""The on-site desk: badges and gates."""

from django.urls import path

from forum.desks import onsite, onsite_pins, onsite_registering

app_name = "onsite"
urlpatterns = [
    path("", onsite.home, name="home"),
    path("help/", onsite.help_list, name="help"),
    path("badges/", onsite.badges, name="badges"),
    path("badges/batch/", onsite.batch, name="batch"),
    path("badges/new/", onsite_registering.register, name="register"),
    path("badges/<str:code>/", onsite.person, name="person"),
    path("badges/<str:code>/photo.jpg", onsite.photo, name="photo"),
    path("flagged/", onsite.flagged, name="flagged"),
    path("pin/", onsite_pins.pin, name="pin"),
    path("gates/<str:code>/", onsite.gate, name="gate"),
    path("gates/<str:code>/override/", onsite.override, name="override"),
]
