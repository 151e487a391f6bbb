"""Joining by invitation, and asking for an account."""

from django.urls import path

from forum.accounts import requesting, views

app_name = "accounts"
urlpatterns = [
    path("invitation/<slug:token>/", views.invitation, name="invitation"),
    path("account/request/", requesting.ask, name="request"),
    path("account/request/sent/", requesting.sent, name="request_sent"),
    path("account/request/<slug:token>/", requesting.answer, name="request_answer"),
]
