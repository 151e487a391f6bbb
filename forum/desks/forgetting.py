"""What desks keep of people who are no participants, and when it goes."""

import datetime
from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from cms.models import Edition
from exhibitors import admitting
from exhibitors.models import AccountRequest, Agency, SentDocument, TourStop
from exhibitors.readiness import sending
from exhibitors.touring import arranging
from forum.registration.purging import Due, kept_by, lost_files, remove

UNCONFIRMED = datetime.timedelta(days=14)  # for an address that nobody confirms
FOLDERS = {
    "account_letters": [AccountRequest.letter],
    "exhibitors": [SentDocument.file],
    "logos": [Agency.logo, Agency.shown_logo],
}


def due() -> Iterator[Due]:
    """What bodies sent and who spoke for them, as long as the names of participants; and files that no row names."""
    for edition in Edition.objects.all():
        if edition.today <= edition.closes_on + datetime.timedelta(days=edition.people_kept_days):
            continue
        for what, rows, forget in (
            ("letters and people of requests for an account", edition.account_requests, admitting.forget),
            ("documents of exhibitors", SentDocument.objects.filter(required__edition=edition), sending.forget),
        ):
            rows = rows.filter(erased_at=None)
            if number := rows.count():
                yield Due(f"{edition.slug}: {what}", number, partial(forget, rows))
        stops = TourStop.objects.briefed().filter(tour__edition=edition)
        if number := stops.count():
            yield Due(f"{edition.slug}: who briefs on tours", number, partial(arranging.forget, stops))
    asked = AccountRequest.objects.filter(state=AccountRequest.State.OPEN, confirmed_at=None, erased_at=None)
    asked = asked.filter(asked_at__lt=timezone.now() - UNCONFIRMED)
    if number := asked.count():
        yield Due("requests for an account that nobody confirmed", number, partial(admitting.discard, asked))
    for folder, columns in FOLDERS.items():
        for column in columns:
            storage = column.field.storage
            if files := lost_files([folder], kept_by(column.field), storage):
                yield Due(f"files in {folder} that no row names", len(files), partial(remove, files, storage))
