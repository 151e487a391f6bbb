"""What a device at a gate may ask for: by its token alone, signed in as nobody."""

from django.urls import path

from forum.desks import devices

app_name = "device"
urlpatterns = [
    path("", devices.page, name="page"),
    path("worker.js", devices.worker, name="worker"),
    path("manifest.webmanifest", devices.manifest, name="manifest"),
    path("pair/<str:link>/", devices.pair, name="pair"),
    path("shift/", devices.begin_shift, name="shift"),
    path("data/", devices.data, name="data"),
    path("passed/", devices.passed, name="passed"),
    path("photo/<str:serial>.jpg", devices.photo, name="photo"),
    path("scan/", devices.scan, name="scan"),
    path("scans/", devices.scans, name="scans"),
]
