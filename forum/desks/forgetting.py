"""What desks keep of people who are no participants, and when it goes."""

import datetime
from collections.abc import Iterator

from cms.models import Edition
from exhibitors import admitting
from exhibitors.models import AccountRequest
from forum.registration.purging import Due, lost_files, remove

FOLDER = "account_letters"


def due() -> Iterator[Due]:
    """The letters and persons of requests for an account, as long as those of participants."""
    for edition in Edition.objects.all():
        if edition.today <= edition.closes_on + datetime.timedelta(days=edition.people_kept_days):
            continue
        rows = edition.account_requests.filter(erased_at=None)
        if number := rows.count():
            what = f"{edition.slug}: letters and people of requests for an account"
            yield Due(what, number, lambda rows=rows: admitting.forget(rows))
    known = set(AccountRequest.objects.exclude(letter="").values_list("letter", flat=True))
    if files := lost_files([FOLDER], known):
        yield Due("letters of requests that no row names", len(files), lambda: remove(files))
