"""The programme of one edition."""

from django.urls import path, re_path

from agenda import views

app_name = "agenda"
urlpatterns = [
    path("", views.programme, name="programme"),
    path("agenda.ics", views.calendar, name="ics"),
    re_path(r"^(?P<day>[0-9]{1,2})/$", views.programme, name="day"),
    re_path(r"^(?P<code>[0-9A-Za-z]{6})/$", views.session, name="session"),
    re_path(r"^(?P<code>[0-9A-Za-z]{6})\.ics$", views.session_calendar, name="session_ics"),
]
