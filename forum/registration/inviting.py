"""Letters to guests: their numbers, issuing and sending them, reminding who is silent, keeping the signed original."""

import datetime
import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.documents import issuing
from forum.documents.models import IssuedDocument
from forum.registration import guest_emails, invitation_letters
from forum.registration.invitation_letters import Letter
from forum.registration.models import Guest, GuestList, Letterhead

AT_ONCE = 20  # letters drawn by one run of the sweep


@transaction.atomic
def number(*, guest: Guest, on: datetime.date | None = None, user=None) -> Guest:
    """Gives the letter the edition's next number, and its date; a letter that has both keeps them."""
    row = Guest.objects.select_for_update().get(pk=guest.pk)
    if row.letter_number is None:
        _refuse_erased(row)
        row.letter_number, row.letter_date = _next_number(row.edition), on or row.edition.today
        Guest.objects.filter(pk=row.pk).update(letter_number=row.letter_number, letter_date=row.letter_date)
        log(instance=row, action="registration.number_letter", user=user, data={"number": row.letter_number})
    guest.letter_number, guest.letter_date = row.letter_number, row.letter_date
    return guest


def number_many(*, guests: Iterable[Guest], on: datetime.date | None = None, user=None) -> int:
    """One after the other in the order given; how many had none."""
    without = [guest for guest in guests if guest.letter_number is None]
    for guest in without:
        number(guest=guest, on=on, user=user)
    return len(without)


def _next_number(edition) -> int:
    """The row stays locked to the commit, and what is rolled back gives its number back: none is given twice or left out."""
    letterhead, _is_new = Letterhead.objects.get_or_create(edition=edition)
    mine = Letterhead.objects.filter(pk=letterhead.pk)
    mine.update(last_number=Greatest(F("last_number") + 1, F("first_number")))
    return mine.values_list("last_number", flat=True).get()


@dataclass(frozen=True)
class Issued:
    """Letters as they go out: what they say, the emblem above them, and each as PDF."""

    letters: list[Letter]
    emblem: bytes
    papers: list[bytes]


def issue(*, guests: Iterable[Guest], user=None) -> Issued:
    """The letters to ``guests``, who are of one edition and come ``with_names()``. One that has a number is issued: kept
    with a code by which anybody checks it, and issued anew where it says something else by now. Others are drafts. Refuses
    with ``erased`` where a guest's details were deleted meanwhile."""
    guests = list(guests)
    prefetch_related_objects(guests, "document")
    letters, emblem = invitation_letters.write(guests)
    made = [_issue(letter, emblem, user) for letter in letters]
    return Issued([letter for letter, _paper in made], emblem, [paper for _letter, paper in made])


def _issue(letter: Letter, emblem: bytes, user) -> tuple[Letter, bytes]:
    guest = letter.guest
    if guest.letter_number is None:
        return letter, invitation_letters.draw(letter, emblem)
    said = {"pages": [asdict(page) for page in letter.pages], "link": letter.link}
    document = issuing.issue(
        edition=guest.edition,
        kind=IssuedDocument.Kind.INVITATION,
        holder=tuple(guest.addressed_in(language) for language in ("en", "km")),
        number=letter.pages[0].number,
        says=json.dumps(said | {"emblem": hashlib.sha256(emblem).hexdigest()}, sort_keys=True),
        draw=lambda link: invitation_letters.draw(replace(letter, checked_at=link), emblem),
        before=guest.document,
        user=user,
    )
    document = _keep_document(guest, document, user)
    return replace(letter, checked_at=document.link), document.read()


def _keep_document(guest, document, user) -> IssuedDocument:
    """Of two drawn at once the first stands, and the other goes."""
    with transaction.atomic():
        # no join: after waiting for the lock PostgreSQL reads this row anew, but not what was joined to it before
        row = Guest.objects.select_for_update().get(pk=guest.pk)
        if not row.erased_at and row.document_id in {guest.document_id, document.pk}:
            if row.document_id != document.pk:
                Guest.objects.filter(pk=row.pk).update(document=document)
                log(instance=row, action="registration.issue_letter", user=user, data={"document": document.code})
            guest.document = document
            return document
    if document.pk not in {guest.document_id, row.document_id}:
        issuing.discard(document)
    _refuse_erased(row)
    return row.document


@transaction.atomic
def ask_to_send(*, guest: Guest, user=None) -> Guest:
    """The letter goes out by e-mail as soon as it is drawn; it has a number from now on. Asked again, it goes out again.

    Refuses with codes ``address`` (there is none), ``over`` and ``erased``.
    """
    _refuse_erased(guest)
    if not guest.email:
        raise ValidationError(_("This guest has no e-mail address: print the letter."), code="address")
    if guest.edition.is_over:
        raise ValidationError(_("This forum is over."), code="over")
    number(guest=guest, user=user)
    Guest.objects.filter(pk=guest.pk).update(to_send_at=timezone.now())
    log(instance=guest, action="registration.send_letter", user=user)
    return guest


def ask_to_send_many(*, guests: Iterable[Guest], user=None) -> tuple[int, int]:
    """Each by itself; how many go out, and how many are without an address, whose letters are to be printed."""
    guests = list(guests)
    reached = [guest for guest in guests if guest.email]
    for guest in reached:
        ask_to_send(guest=guest, user=user)
    return len(reached), len(guests) - len(reached)


def send_due() -> bool:
    """Sends so many of the letters that are due; whether there are more. Safe to repeat and to run twice."""
    due = Guest.objects.present().filter(to_send_at__isnull=False).exclude(email="")
    for guest in due.with_names().order_by("to_send_at", "pk")[:AT_ONCE]:
        with suppress(ValidationError):  # erased meanwhile
            _send(guest, issue(guests=[guest]).papers[0])  # drawn before anything is locked
    return due.exists()


@transaction.atomic
def _send(guest, paper) -> None:
    waiting = Guest.objects.filter(pk=guest.pk, to_send_at__isnull=False)
    if waiting.update(to_send_at=None, sent_at=timezone.now()):
        guest_emails.send_invitation(guest, paper)


def silent(guest_list: GuestList):
    """Who was written to in time, has not replied and was not reminded; nobody before the day or after the deadline."""
    guests = guest_list.guests.present().filter(reply=Guest.Reply.SILENT, reminded_at=None).exclude(email="")
    first = guest_list.reminded_from
    if first is None or not guest_list.is_open or guest_list.edition.today < first:
        return guests.none()
    return guests.filter(sent_at__lt=guest_list.edition.start_of(first))


def remind_everybody() -> int:
    """Reminds those whose time has come; how many. Safe to repeat and to run twice."""
    lists = GuestList.objects.with_edition().filter(
        reminder_days__isnull=False, reply_by__gte=timezone.localdate() - datetime.timedelta(days=1)
    )
    due = [guest for each in lists for guest in silent(each).with_names().order_by("pk")]
    return sum(remind(guest=guest) for guest in due)


@transaction.atomic
def remind(*, guest: Guest) -> bool:
    """Writes to one silent guest, once; whether this call did it."""
    rows = Guest.objects.filter(pk=guest.pk, reply=Guest.Reply.SILENT, reminded_at=None)
    if not rows.update(reminded_at=timezone.now()):
        return False
    guest_emails.remind(guest)
    return True


@transaction.atomic
def keep_scan(*, guest: Guest, scan: File, user=None) -> Guest:
    """Keeps the scanned letter with its signature; the one before goes."""
    row = Guest.objects.select_for_update().get(pk=guest.pk)
    _refuse_erased(row)
    before, storage = row.scan.name, row.scan.storage
    name = storage.save(row.scan.field.generate_filename(row, scan.name), scan)
    Guest.objects.filter(pk=row.pk).update(scan=name)
    guest.scan = name
    if before:
        transaction.on_commit(lambda: storage.delete(before))
    log(instance=row, action="registration.keep_scan", user=user)
    return guest


@transaction.atomic
def take_off(*, guest: Guest, user=None) -> None:
    """Takes a guest off the list of whom nothing has gone out yet; refuses with ``numbered`` and ``replied``."""
    row = Guest.objects.select_for_update().get(pk=guest.pk)
    if row.letter_number is not None:
        raise ValidationError(
            _("The letter has a number: it stays on the list. Record what the guest replied."), code="numbered"
        )
    if row.has_replied:
        raise ValidationError(_("This guest has replied: they stay on the list."), code="replied")
    log(instance=row, action="registration.take_off", user=user, deleted=True)
    row.delete()


def _refuse_erased(guest):
    if guest.erased_at:
        raise ValidationError(_("The details of this guest were deleted."), code="erased")
