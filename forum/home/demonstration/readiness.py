"""What exhibitors of the demonstration owe: documents that are asked for, what made-up companies have sent of them, and
times of build-up and tear-down."""

import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from cms import pdf
from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth, Hall, MoveChoice, MoveSlot, RequiredDocument, SentDocument
from forum.home.demonstration.files import read_json

# How far each of those that come first by name is with the documents; the others have sent nothing.
SENT = [["approved", "approved", "sent"], ["returned", "sent", "sent"], ["sent", "approved", None], [None, "waived", "sent"]]
HOURS = [("build_up", -1, 8), ("build_up", -1, 10), ("build_up", -1, 14), ("tear_down", 0, 18), ("tear_down", 0, 20)]
CHOSEN = (10, 18)
WORDS = {"returned": "The exit behind the stand is blocked: please leave two metres free."}


@transaction.atomic
def load(edition: Edition) -> None:
    documents = [_document(edition, place, **row) for place, row in enumerate(read_json("readiness.json")["documents"])]
    paper = pdf.render("<html lang='en'><title>Paper</title><p>A made-up paper of the demonstration.</p></html>")
    # Real bodies stand on the plan of the demonstration too; nothing is made up of them.
    agencies = Agency.objects.exhibiting_at(edition).filter(name_en__startswith="Example ")
    for agency, states in zip(agencies, SENT, strict=False):
        booths = list(Booth.objects.filter(edition=edition, bookings__agency=agency, bookings__state="confirmed"))
        for document, state in zip(documents, states, strict=True):
            if state and document.is_asked_of(agency, booths):
                _send(document, agency, state, paper)
    _set_times(edition, agencies)


def _document(edition, position, due_days, **fields) -> RequiredDocument:
    due_on = edition.opens_on - datetime.timedelta(days=due_days)
    return RequiredDocument.objects.create(edition=edition, position=position, due_on=due_on, **fields)


def _set_times(edition, agencies) -> None:
    """Of each hall, on the day before the doors open and the evening after they close; some have chosen theirs."""
    for hall in Hall.objects.filter(edition=edition):
        for kind, day, hour in HOURS:
            date = edition.closes_on if kind == MoveSlot.Kind.TEAR_DOWN else edition.opens_on + datetime.timedelta(days=day)
            starts_at = datetime.datetime.combine(date, datetime.time(hour), edition.zone)
            times = {"starts_at": starts_at, "ends_at": starts_at + datetime.timedelta(hours=2)}
            slot = MoveSlot.objects.create(hall=hall, kind=kind, door="Dock 1", size=6, **times)
            if hour in CHOSEN:
                theirs = Booking.objects.filter(state="confirmed", booth__zone__hall=hall, agency__in=agencies)
                slot.choices.set([MoveChoice(slot=slot, booking=row, kind=kind) for row in theirs[:2]], bulk=False)
                MoveSlot.objects.filter(pk=slot.pk).update(taken=slot.choices.count())


def _send(document, agency, state, paper) -> None:
    SentDocument.objects.create(
        required=document,
        agency=agency,
        version=1,
        state=state,
        file="" if state == "waived" else ContentFile(paper, name="paper.pdf"),
        remark=WORDS.get(state, ""),
        decided_at=None if state == "sent" else timezone.now(),
    )
