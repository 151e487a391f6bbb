"""Writing to many people at once, to each in their own language.

The rows come first, all in one transaction; the sweep writes the mail block by block, each with its row in one transaction.
So a worker that dies leaves nobody out and writes to nobody twice.
"""

import re
from collections import defaultdict
from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from post_office.models import Email
from wagtail.log_actions import log

from cms import languages
from cms.addresses import whole
from cms.models import Edition
from forum.registration import emails
from forum.registration.models import REACHED, Circular, Recipient, Registration

AT_ONCE = 50  # mails in one transaction
ROWS_AT_ONCE = 2_000
MARK = re.compile(r"\{([^{}]*)\}")
FILLED: dict[str, Callable[[Registration, str], str]] = {
    "name": lambda person, language: person.addressed_in(language),
    "link": lambda person, language: whole("registration:own", person.token, language=language),
    "pass": lambda person, language: languages.read(person.pass_type, "name", language)[0],
    "edition": lambda person, language: languages.read(person.edition, "name", language)[0],
}


def unknown_marks(text: str) -> list[str]:
    """What stands in braces and is none of ``FILLED``."""
    return sorted({mark[0] for mark in MARK.finditer(text) if mark[1] not in FILLED})


def filled(circular: Circular, person: Registration, language: str) -> tuple[str, str]:
    """Subject and body as this person reads them."""

    def fill(text):
        return MARK.sub(lambda mark: FILLED[mark[1]](person, language), text)

    return fill(getattr(circular, f"subject_{language}")), fill(getattr(circular, f"body_{language}"))


def whom(people: QuerySet, *, with_left: bool = False) -> QuerySet:
    """Those of ``people`` who can be written to; who withdrew or was refused only ``with_left``. They are counted, shown
    and written to alike."""
    there = people.filter(erased_at=None, merged_into=None)
    return there if with_left else there.live()


@transaction.atomic
def write(*, edition: Edition, people: QuerySet, chosen_by: str, to_contacts: bool, user, **texts) -> Circular:
    """Promises it to each of ``people``, of this edition. ``texts`` are ``subject_en`` and so on, without unknown marks. Who
    has no address of their own is written to by their contact where ``to_contacts`` says so; else there is the letter."""
    circular = Circular.objects.create(edition=edition, chosen_by=chosen_by, written_by=user, **texts)
    wanted = whom(people.of(edition), with_left=True)  # of those who left, who chose ``people`` said already
    chosen = wanted.order_by("pk").select_related(None).only("language", *REACHED)
    rows = [row for person in chosen for row in _rows(circular, person, to_contacts)]
    Recipient.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    log(instance=circular, action="registration.circulate", user=user, data={"number": len(rows), "chosen_by": chosen_by})
    return circular


def _rows(circular, person, to_contacts) -> list[Recipient]:
    """One for each who receives the person's messages, or one on paper."""
    due = [each for each in person.receivers if to_contacts or not each.contact]
    rows = [
        Recipient(circular=circular, registration=person, language=each.language, is_contact=bool(each.contact))
        for each in due
    ]
    on_paper = Recipient.State.ON_PAPER
    return rows or [Recipient(circular=circular, registration=person, language=person.language, state=on_paper)]


def send_some() -> bool:
    """Writes the mail of one block; whether more is due. Safe to repeat and to run twice."""
    everything = "circular", "registration__pass_type", "registration__edition", "registration__agency"
    due = Recipient.objects.filter(state=Recipient.State.DUE).order_by("pk")
    with transaction.atomic():
        for recipient in due.select_related(*everything)[:AT_ONCE]:
            _write(recipient)
    return due.exists()


def _write(recipient: Recipient) -> None:
    """The conditional UPDATE lets one process write, and nobody once it was cancelled."""
    person, due = recipient.registration, Recipient.objects.filter(pk=recipient.pk, state=Recipient.State.DUE)
    receiver = next((each for each in person.receivers if bool(each.contact) == recipient.is_contact), None)
    if person.erased_at:
        due.update(state=Recipient.State.LEFT_OUT)
    elif receiver is None:  # chosen otherwise since
        due.update(state=Recipient.State.ON_PAPER)
    elif due.update(state=Recipient.State.WRITTEN):
        subject, body = filled(recipient.circular, person, recipient.language)
        email = emails.send_circular(person, receiver, recipient.language, subject, body)
        Recipient.objects.filter(pk=recipient.pk).update(email=email)


@transaction.atomic
def cancel(*, circular: Circular, user) -> Circular:
    """Writes to nobody who has not been written to yet; once more changes nothing."""
    if Circular.objects.filter(pk=circular.pk, cancelled_at=None).update(cancelled_at=timezone.now()):
        circular.recipients.filter(state=Recipient.State.DUE).update(state=Recipient.State.LEFT_OUT)
        log(instance=circular, action="registration.cancel_circular", user=user)
    circular.refresh_from_db()
    return circular


def hand_over(other: Registration, keep: Registration) -> None:
    """Two registrations of one person: what one of them was written or is due counts for both, so nobody gets it twice."""
    both = Recipient.objects.select_for_update().filter(registration__in=[other.pk, keep.pk]).order_by("pk")
    rows = {pk: defaultdict(list) for pk in (other.pk, keep.pk)}
    for row in both:
        rows[row.registration_id][row.circular_id].append(row)
    for circular, theirs in rows[other.pk].items():
        if mine := rows[keep.pk].get(circular):
            is_written = any(row.state == Recipient.State.WRITTEN for row in theirs)
            _leave_out(mine if is_written else theirs)
        else:
            Recipient.objects.filter(pk__in=[row.pk for row in theirs]).update(registration=keep)


def _leave_out(rows):
    not_yet = [Recipient.State.DUE, Recipient.State.ON_PAPER]
    Recipient.objects.filter(pk__in=[row.pk for row in rows], state__in=not_yet).update(state=Recipient.State.LEFT_OUT)


def forget(registration: Registration) -> None:
    """Deletes the mails of circulars to this person, who gets no more of them; that they got some stays without them."""
    rows = Recipient.objects.filter(registration=registration)
    Email.objects.filter(circulars__in=rows).delete()
    _leave_out(rows)
