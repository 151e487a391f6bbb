"""A person's own page, by signed link."""

from django.urls import path

from forum.desks import own, own_acts, own_visas

app_name = "registration"
urlpatterns = [
    path("<str:token>/", own.page, name="own"),
    path("<str:token>/badge.pdf", own.badge, name="badge"),
    path("<str:token>/letter.pdf", own.letter, name="letter"),
    path("<str:token>/certificate.pdf", own.certificate, name="certificate"),
    path("<str:token>/visa/", own_visas.ask, name="visa"),
    path("<str:token>/visa-letter.pdf", own_visas.letter, name="visa_letter"),
    path("<str:token>/qr.png", own.code, name="code"),
    path("<str:token>/qr/", own.large, name="qr"),
    path("<str:token>/qr/worker.js", own.worker, name="qr_worker"),
    path("<str:token>/calendar.ics", own.calendar_file, name="calendar"),
    path("<str:token>/data.json", own.data, name="data"),
    path("<str:token>/edit/", own_acts.edit, name="edit"),
    path("<str:token>/accreditation/", own_acts.accredit, name="accredit"),
    path("<str:token>/figures/", own_acts.figures, name="figures"),
    path("<str:token>/photo.jpg", own.photo, name="photo"),
    path("<str:token>/withdraw/", own_acts.withdraw, name="withdraw"),
    path("<str:token>/coming/", own_acts.coming, name="coming"),
    path("<str:token>/agree/", own_acts.agree, name="agree"),
    path("<str:token>/allow/", own_acts.allow, name="allow"),
    path("<str:token>/take/", own_acts.take, name="take"),
    path("<str:token>/wait/", own_acts.wait_again, name="wait"),
    path("<str:token>/language/", own_acts.language, name="language"),
    path("<str:token>/send/", own_acts.send, name="send"),
    path("<str:token>/renew/", own_acts.renew, name="renew"),
    path("<str:token>/erase/", own_acts.erase, name="erase"),
]
