"""A person's own page, by signed link."""

from django.urls import path

from forum.desks import own, own_acts

app_name = "registration"
urlpatterns = [
    path("<str:token>/", own.page, name="own"),
    path("<str:token>/badge.pdf", own.badge, name="badge"),
    path("<str:token>/calendar.ics", own.calendar_file, name="calendar"),
    path("<str:token>/data.json", own.data, name="data"),
    path("<str:token>/edit/", own_acts.edit, name="edit"),
    path("<str:token>/withdraw/", own_acts.withdraw, name="withdraw"),
    path("<str:token>/coming/", own_acts.coming, name="coming"),
    path("<str:token>/take/", own_acts.take, name="take"),
    path("<str:token>/wait/", own_acts.wait_again, name="wait"),
    path("<str:token>/renew/", own_acts.renew, name="renew"),
    path("<str:token>/erase/", own_acts.erase, name="erase"),
]
