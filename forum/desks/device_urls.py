"""What a device at a gate may ask for: by its token alone, signed in as nobody."""

from django.urls import path

from forum.desks import devices

app_name = "device"
urlpatterns = [
    path("", devices.page, name="page"),
    path("pair/<str:link>/", devices.pair, name="pair"),
    path("shift/", devices.begin_shift, name="shift"),
]
