"""Booths of an edition as a sheet: written out, and brought in again row by row.

A booth is found again by its code. Bad rows never stop good ones, and the same sheet again changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import dates, exports, sheets
from cms.models import Edition
from cms.sheets import Outcome, Row, Values
from exhibitors.models import Booth, Zone

MOST_ROWS = 1_500
PLACE = ["hall", "zone"]  # by their English names, of which there is one each
TRUTHS = ["is_accessible", "is_on_route", "is_published"]
PLAIN = ["block", "x", "y", "width", "depth", "kind", "open_sides", "fitting", "power"]
COLUMNS = ["code", *PLACE, *PLAIN, *TRUTHS]
WORDS = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


@dataclass
class Line:
    """What one row does, or did."""

    number: int
    name: str  # the code of the booth
    outcome: Outcome
    reasons: list[str] = field(default_factory=list)
    booth: Booth | None = None


class BoothRowForm(forms.ModelForm):
    class Meta:
        model = Booth
        fields = ["code", *PLAIN, *TRUTHS]


def written(edition: Edition) -> Iterator[list[str]]:
    """The booths of an edition in the order of their codes, as ``plan`` reads them. One query."""
    for booth in Booth.objects.filter(edition=edition).select_related("zone__hall").order_by("code"):
        values = _values(booth)
        yield [values[name] for name in COLUMNS]


def understand(table: list[Row]) -> tuple[list[tuple[int, Values]], list[str]]:
    """As ``sheets.understand``; each column is headed by its name."""
    return sheets.understand(table, {name: name for name in COLUMNS}, needed="code", heading="code")


def plan(*, edition: Edition, rows: Iterable[tuple[int, Values]]) -> list[Line]:
    """What each row would do now; nothing is changed."""
    planning = Planning(edition)
    return [planning.line(number, values) for number, values in rows]


def carry_out(*, lines: list[Line], user) -> list[Line]:
    """Does what was planned, each row by itself; one that cannot be done any more says why."""
    for line in lines:
        if line.outcome in (Outcome.NEW, Outcome.CHANGED):
            try:
                _do(line.booth, user)
            except ValidationError as refusal:
                line.outcome, line.reasons = Outcome.REFUSED, refusal.messages
    return lines


@transaction.atomic
def _do(booth, user):
    """Where somebody else was quicker, the constraints refuse; anything else is a fault of ours."""
    try:
        with transaction.atomic():
            booth.save()
    except IntegrityError:
        booth.clean()
        raise
    log(instance=booth, action="exhibitors.bring_in", user=user)


class Planning:
    """What is known of the edition's booths and zones, once for all rows, and which codes the rows so far have named."""

    def __init__(self, edition: Edition):
        self.edition = edition
        booths = Booth.objects.filter(edition=edition).select_related("zone__hall")
        self.booths = {booth.code: booth for booth in booths}
        self.zones = {}
        for zone in Zone.objects.filter(hall__edition=edition).select_related("hall"):
            self.zones[_key(zone.hall.name_en, zone.name_en)] = zone
        self.seen: dict[str, int] = {}

    def line(self, number: int, values: Values) -> Line:
        code = values.get("code", "")
        line = Line(number, code, Outcome.REFUSED)
        before = self.booths.get(code)
        above = self.seen.setdefault(code, number) if code else number
        if above != number:
            line.reasons = [_("The same code stands in row %(number)s.") % {"number": dates.digits(str(above))}]
        elif before and _is_same(_values(before), values):
            line.outcome = Outcome.SAME
        else:
            self._judge(line, before, values)
        return line

    def _judge(self, line, before, values):
        """Columns that the sheet has not stay as they are, or as a new booth begins."""
        booth = before or Booth(edition=self.edition)
        known = _values(booth) if before else _values_of_none(booth)
        words = known | values
        zone = self.zones.get(_key(words["hall"], words["zone"]))
        if zone is None:
            line.reasons = [_("There is no zone “%(zone)s” in a hall “%(hall)s”.") % words]
            return
        if wrong := [name for name in TRUTHS if words[name].lower() not in WORDS]:
            line.reasons = [_("%(column)s: write yes or no.") % {"column": name} for name in wrong]
            return
        booth.zone = zone
        form = BoothRowForm(words | {name: WORDS[words[name].lower()] for name in TRUTHS}, instance=booth)
        if form.is_valid():
            line.booth, line.outcome = form.instance, Outcome.CHANGED if before else Outcome.NEW
        else:
            line.reasons = [
                f"{name}: {sentence}" if name in COLUMNS else sentence
                for name, said in form.errors.items()
                for sentence in said
            ]


def _key(hall, zone):
    """A name that a spreadsheet would take for a formula is written with a mark before it, and found by both."""
    return exports.harmless(hall), exports.harmless(zone)


def _values(booth) -> Values:
    place = {"hall": booth.zone.hall.name_en, "zone": booth.zone.name_en}
    return {"code": booth.code} | place | _values_of_none(booth)


def _values_of_none(booth) -> Values:
    """Without its code and place, which a new booth has not."""
    plain = {name: "" if (value := getattr(booth, name)) is None else str(value) for name in PLAIN}
    truths = {name: "yes" if getattr(booth, name) else "no" for name in TRUTHS}
    return {"hall": "", "zone": ""} | plain | truths if not booth.zone_id else plain | truths


def _is_same(before: Values, values: Values) -> bool:
    now = before | values
    truths = {name: WORDS.get(now[name].lower()) for name in TRUTHS}
    was = {name: WORDS[before[name]] for name in TRUTHS}
    plain = [name for name in ("code", *PLAIN) if now[name] != before[name]]
    return not plain and truths == was and _key(now["hall"], now["zone"]) == _key(before["hall"], before["zone"])
