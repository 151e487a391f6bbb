"""Naming many people of a delegation at once, from a sheet: what each row would do, and doing it.

Bad rows never stop good ones, and a row that was brought in once is done: the same sheet again changes nothing, whatever
happened to its people since.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from cms import dates, khmer
from cms.sheets import Row
from forum.registration import consenting, delegating, emails, honorifics, quotas, shares, sheet_rows
from forum.registration.delegation_forms import NewDelegateForm, passes_of
from forum.registration.models import REACHED, Delegation, PassType, PrivacyNotice, Registration
from forum.registration.sheet_rows import Line, Outcome, Values

COLUMNS = (
    "external_key", "pass_type", "honorific", "name_latin", "name_km", "position", "email", "phone", "language",
)  # fmt: skip


def headings(delegation: Delegation) -> dict[str, str]:
    """The heading of each column in the reader's language."""
    form = NewDelegateForm(pass_types=passes_of(delegation))
    return {name: str(form.fields[name].label) for name in COLUMNS}


def understand(table: list[Row], delegation: Delegation) -> tuple[list[tuple[int, Values]], list[str]]:
    """As ``sheet_rows.understand``."""
    return sheet_rows.understand(table, lambda: headings(delegation))


def plan(*, delegation: Delegation, rows: Iterable[tuple[int, Values]], user) -> list[Line]:
    """What each row would do now; nothing is changed. The number of queries does not grow with the rows."""
    planning = Planning(delegation, list(rows), user)
    return [planning.line(number, values) for number, values in planning.rows]


def carry_out(*, delegation: Delegation, lines: list[Line], user, notice: PrivacyNotice | None = None) -> list[Line]:
    """Does what was planned, each row by itself; one that cannot be done any more says why. The people without an address
    are told of in one letter to the focal point, who says that all of them agree to ``notice``. Refuses, before anything is
    done, as ``consenting.check`` does."""
    consenting.check(delegation.edition, notice)
    told = 0
    for line in lines:
        try:
            told += _do(delegation, line, user, notice)
        except ValidationError as refusal:
            line.outcome, line.reasons = Outcome.REFUSED, refusal.messages
    if told:
        emails.tell_named(delegation, user, told)
    return lines


def _do(delegation, line, user, notice) -> bool:
    """Whether somebody was named whom only the focal point can tell."""
    if line.outcome == Outcome.NEW:
        made = delegating.register(
            delegation=delegation, user=user, notice=notice, row_key=line.row_key, is_quiet=True, **line.person
        )
        return not made.has_own_address
    if line.outcome == Outcome.CHANGED:
        person = {name: value for name, value in line.person.items() if name != "pass_type"}
        delegating.correct(registration=line.before, user=user, notice=notice, row_key=line.row_key, **person)
    return False


class Planning:
    """What is known of the delegation's people, once for all rows, and what the rows so far have taken."""

    def __init__(self, delegation: Delegation, rows: list[tuple[int, Values]], user):
        self.delegation, self.rows, self.user = delegation, rows, user
        self.pass_types = passes_of(delegation)
        self.words = _words(self.pass_types)
        people = list(delegation.registrations.select_related("pass_type", "agency"))
        self.done = {person.row_key: person for person in people if person.row_key}
        live = [person for person in people if person.is_live]
        self.by_reference = {person.external_key: person for person in live if person.external_key}
        self.by_person = {_identity(person): person for person in live}
        others = Registration.objects.live().of(delegation.edition).exclude(delegation=delegation)
        self.elsewhere = set(
            others.filter(Q(email__in=self._addresses()) | Q(contact_email__in=self._addresses())).values_list(
                "person_key", flat=True
            )
        )
        self.places = {row.pass_type_id: row.left for row in delegation.places.all()}
        self.quotas = {quota.pk: quota.left for each in self.pass_types for quota in each.quotas.all()}
        self.seen: dict[str, int] = {}

    def _addresses(self):
        """Those of the sheet, and the focal point's, which stands for people without one."""
        return {values.get("email", "").lower() for _number, values in self.rows} - {""} | {self.user.email}

    def line(self, number: int, values: Values) -> Line:
        line = sheet_rows.line_of(number, values)
        if self._is_done(line):
            self._seen("reference", values.get("external_key", ""), line)
            return line
        form = NewDelegateForm(self._read(values), pass_types=self.pass_types)
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
        before = self.done.get(line.row_key)
        if not before and not (above := self.seen.get(line.row_key)):
            self.seen[line.row_key] = line.number
            return False
        line.outcome = Outcome.SAME
        if not before:
            line.reasons = [_("The same stands in row %(number)s.") % {"number": dates.digits(str(above))}]
        elif not before.is_live:
            line.reasons = [_("Brought in earlier and withdrawn since. Register the person anew if they come after all.")]
        return True

    def _read(self, values) -> Values:
        """What the form takes: the words of people as it calls them."""
        read = dict(values)
        for name, words in self.words.items():
            read[name] = words.get(khmer.fold(values.get(name, "")), values.get(name, ""))
        before = self.by_reference.get(values.get("external_key", ""))
        read["language"] = sheet_rows.language_of(values, before, self.words["language"])
        codes = honorifics.read(values.get("honorific", ""))
        if codes is not None:
            read["honorific"], read["title"] = honorifics.split(codes)
        return read

    def _place(self, line):
        person = line.person
        if above := self._seen("reference", person["external_key"], line):
            raise ValidationError(_("The same reference stands in row %(number)s.") % {"number": above})
        fresh = Registration(
            edition=self.delegation.edition,
            delegation=self.delegation,
            name_latin=person["name_latin"],
            **delegating.reached(self.delegation, person["email"], self.user),
        )
        fresh.set_keys()
        before = self.by_reference.get(person["external_key"]) if person["external_key"] else None
        twin = self.by_person.get(_identity(fresh))
        if before:
            self._compare(line, before, twin)
        elif twin:
            line.outcome, line.reasons = Outcome.SAME, [_("Registered already.")]
        elif fresh.person_key in self.elsewhere:
            raise delegating.registered()
        elif above := self._seen("person", "|".join(_identity(fresh)), line):
            raise ValidationError(_("The same person stands in row %(number)s.") % {"number": above})
        else:
            self._take(person["pass_type"])
            line.outcome = Outcome.NEW

    def _seen(self, kind, key, line) -> str:
        """The row above that has this too, in the reader's digits."""
        if not key:
            return ""
        above = self.seen.setdefault(f"{kind} {key}", line.number)
        return dates.digits(str(above)) if above != line.number else ""

    def _compare(self, line, before, twin):
        if twin and twin.pk != before.pk:
            raise delegating.registered()
        if line.person["pass_type"].pk != before.pass_type_id:
            raise ValidationError(_("This person has another pass. Withdraw them and register them anew with this one."))
        line.before = before
        wanted = line.person | delegating.reached(self.delegation, line.person["email"], self.user)
        if not line.person["email"] and not before.has_own_address:
            wanted |= {name: getattr(before, name) for name in REACHED}  # another focal point's, which does
        is_same = all(getattr(before, name) == value for name, value in wanted.items() if name != "pass_type")
        line.outcome = Outcome.SAME if is_same else Outcome.CHANGED

    def _take(self, pass_type: PassType):
        """As the acts will, of what is left now."""
        if self.places[pass_type.pk] < 1:
            raise shares.none_left()
        if any(self.quotas[quota.pk] < 1 for quota in pass_type.quotas.all()):
            raise quotas.full()
        self.places[pass_type.pk] -= 1
        for quota in pass_type.quotas.all():
            self.quotas[quota.pk] -= 1


def _identity(person: Registration) -> tuple[str, str]:
    """Who is one person to the delegation, as ``delegating`` has it."""
    return ("address", person.person_key) if person.has_own_address else ("name", person.name_key)


def _words(pass_types: list[PassType]) -> dict[str, dict[str, str]]:
    """What may be written, folded, in columns that hold a choice; blank for one pass alone and the reader's language."""
    passes = {khmer.fold(word): each.slug for each in pass_types for word in (each.slug, each.name_en, each.name_km) if word}
    if len(pass_types) == 1:
        passes[""] = pass_types[0].slug
    return {"pass_type": passes, "language": sheet_rows.spoken()}
