"""The speakers of one edition."""

from django.urls import path, re_path

from agenda import views

app_name = "speakers"
urlpatterns = [
    path("", views.speakers, name="list"),
    re_path(r"^(?P<code>[0-9A-Za-z]{6})/$", views.speaker, name="speaker"),
]
