"""The on-site desk: badges and gates."""

from django.urls import path

from forum.desks import (
    onsite,
    onsite_batches,
    onsite_board,
    onsite_handing,
    onsite_lists,
    onsite_pins,
    onsite_registering,
)

app_name = "onsite"
urlpatterns = [
    path("", onsite.home, name="home"),
    path("help/", onsite.help_list, name="help"),
    path("badges/", onsite.badges, name="badges"),
    path("badges/batch/", onsite_batches.batch, name="batch"),
    path("badges/batch/<str:code>/", onsite_batches.progress, name="progress"),
    path("badges/batch/<str:code>/badges.pdf", onsite_batches.file, name="batch_file"),
    path("badges/batch/<str:code>/stop/", onsite_batches.stop, name="stop"),
    path("badges/batch/<str:code>/go-on/", onsite_batches.go_on, name="go_on"),
    path("badges/handover/", onsite_handing.many, name="hand_many"),
    path("badges/handover/<str:code>/", onsite_handing.signed, name="signed"),
    path("badges/handover/<str:code>/list.pdf", onsite_handing.paper, name="signed_paper"),
    path("badges/handover/<str:code>/undo/", onsite_handing.undo_list, name="undo_list"),
    path("badges/lists/", onsite_lists.lists, name="lists"),
    path("badges/lists/list.pdf", onsite_lists.paper, name="lists_paper"),
    path("badges/new/", onsite_registering.register, name="register"),
    path("badges/<str:code>/", onsite.person, name="person"),
    path("badges/<str:code>/hand/", onsite_handing.hand, name="hand"),
    path("badges/<str:code>/undo/", onsite_handing.undo, name="undo_hand"),
    path("badges/<str:code>/photo.jpg", onsite.photo, name="photo"),
    path("board/", onsite_board.board, name="board"),
    path("sessions/", onsite_board.sessions, name="sessions"),
    path("flagged/", onsite.flagged, name="flagged"),
    path("pin/", onsite_pins.pin, name="pin"),
    path("gates/<str:code>/", onsite.gate, name="gate"),
    path("gates/<str:code>/override/", onsite.override, name="override"),
    path("gates/<str:code>/photo/<str:serial>.jpg", onsite.gate_photo, name="gate_photo"),
]
