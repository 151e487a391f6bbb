"""What exhibitors of the demonstration owe: documents that are asked for, and what made-up companies have sent of them."""

import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from cms import pdf
from cms.models import Edition
from exhibitors.models import Agency, Booth, RequiredDocument, SentDocument
from forum.home.demonstration.files import read_json

# How far each of those that come first by name is with the documents; the others have sent nothing.
SENT = [["approved", "approved", "sent"], ["returned", "sent", "sent"], ["sent", "approved", None], [None, "waived", "sent"]]
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


def _document(edition, position, due_days, **fields) -> RequiredDocument:
    due_on = edition.opens_on - datetime.timedelta(days=due_days)
    return RequiredDocument.objects.create(edition=edition, position=position, due_on=due_on, **fields)


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
