"""A person's own page, by signed link."""

from django.urls import path

from forum.desks import own

app_name = "registration"
urlpatterns = [
    path("<str:token>/", own.page, name="own"),
    path("<str:token>/badge.pdf", own.badge, name="badge"),
    path("<str:token>/calendar.ics", own.calendar_file, name="calendar"),
    path("<str:token>/withdraw/", own.withdraw, name="withdraw"),
]
