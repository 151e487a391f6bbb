"""Bringing guests in from a sheet: what each row would do, and doing it.

As with delegations, bad rows never stop good ones, and the same sheet again changes nothing. A reference of one's own finds
a guest again, to correct what the sheet knows better.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import dates
from forum.registration import honorifics, sheet_rows
from forum.registration.guest_forms import COLUMNS, GuestRowForm
from forum.registration.models import Guest, GuestList
from forum.registration.sheet_rows import Line, Outcome, Values


def headings() -> dict[str, str]:
    """The heading of each column in the reader's language."""
    form = GuestRowForm()
    return {name: str(form.fields[name].label) for name in COLUMNS}


def plan(*, guest_list: GuestList, rows: Iterable[tuple[int, Values]]) -> list[Line]:
    """What each row would do now; nothing is changed."""
    planning = Planning(guest_list)
    return [planning.line(number, values) for number, values in rows]


def carry_out(*, guest_list: GuestList, lines: list[Line], user) -> list[Line]:
    """Does what was planned, each row by itself; one that cannot be done any more says why."""
    for line in lines:
        try:
            _do(guest_list, line, user)
        except ValidationError as refusal:
            line.outcome, line.reasons = Outcome.REFUSED, refusal.messages
    return lines


@transaction.atomic
def _do(guest_list, line, user):
    if line.outcome == Outcome.NEW:
        guest = Guest(guest_list=guest_list, row_key=line.row_key, **line.person)
        _save(guest)
        log(instance=guest, action="registration.add_guest", user=user)
    elif line.outcome == Outcome.CHANGED:
        guest = Guest.objects.select_for_update().get(pk=line.before.pk)
        for name, value in line.person.items():
            setattr(guest, name, value)
        _save(guest)
        Guest.objects.filter(pk=guest.pk).update(row_key=line.row_key)
        log(instance=guest, action="registration.correct", user=user)


def _save(guest):
    """Where somebody else was quicker, the constraints refuse; anything else is a fault of ours."""
    try:
        with transaction.atomic():
            guest.save()
    except IntegrityError:
        guest.clean()
        raise


class Planning:
    """What is known of the list's guests, once for all rows, and what the rows so far have named."""

    def __init__(self, guest_list: GuestList):
        self.guest_list = guest_list
        guests = list(guest_list.guests.select_related("agency"))
        self.done = {guest.row_key: guest for guest in guests if guest.row_key}
        self.by_reference = {guest.external_key: guest for guest in guests if guest.external_key}
        self.by_person = {guest.person_key: guest for guest in guests if not guest.erased_at}
        self.languages = sheet_rows.spoken()
        self.seen: dict[str, int] = {}

    def line(self, number: int, values: Values) -> Line:
        line = sheet_rows.line_of(number, values)
        if self._is_done(line):
            self.seen.setdefault(f"reference {values.get('external_key', '')}", number)
            return line
        form = GuestRowForm(self._read(values))
        if not form.is_valid():
            line.reasons = sheet_rows.sentences(form)
            return line
        line.person = form.cleaned_data
        try:
            self._place(line)
        except ValidationError as refusal:
            line.reasons = refusal.messages
        return line

    def _is_done(self, line) -> bool:
        above = self.seen.setdefault(f"row {line.row_key}", line.number)
        if line.row_key not in self.done and above == line.number:
            return False
        line.outcome = Outcome.SAME
        if line.row_key not in self.done:
            line.reasons = [_("The same stands in row %(number)s.") % {"number": dates.digits(str(above))}]
        return True

    def _read(self, values) -> Values:
        """What the form takes: the words of people as it calls them."""
        before = self.by_reference.get(values.get("external_key", ""))
        read = values | {"language": sheet_rows.language_of(values, before, self.languages)}
        codes = honorifics.read(values.get("honorific", ""))
        if codes is not None:
            read["honorific"], read["title"] = honorifics.split(codes)
        return read

    def _place(self, line):
        fresh = Guest(guest_list=self.guest_list, **line.person)
        fresh.set_keys()
        self._refuse_twice("reference", fresh.external_key, line, _("The same reference stands in row %(number)s."))
        before = self.by_reference.get(fresh.external_key) if fresh.external_key else None
        twin = self.by_person.get(fresh.person_key)
        if before:
            if twin and twin.pk != before.pk:
                raise ValidationError(_("This person stands on the list already."))
            line.before = before
            is_same = all(getattr(before, name) == value for name, value in line.person.items())
            line.outcome = Outcome.SAME if is_same else Outcome.CHANGED
        elif twin:
            line.outcome, line.reasons = Outcome.SAME, [_("Stands on the list already.")]
        else:
            self._refuse_twice("person", fresh.person_key, line, _("The same person stands in row %(number)s."))
            line.outcome = Outcome.NEW

    def _refuse_twice(self, kind, key, line, sentence):
        above = self.seen.setdefault(f"{kind} {key}", line.number) if key else line.number
        if above != line.number:
            raise ValidationError(sentence % {"number": dates.digits(str(above))})
