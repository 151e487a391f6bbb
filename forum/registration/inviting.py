"""Letters to guests: their numbers, sending them, reminding who is silent, keeping the signed original."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.registration import guest_emails, invitation_letters
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
        _send(guest, invitation_letters.render([guest]))  # drawn before anything is locked
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
