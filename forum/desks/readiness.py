"""What an exhibitor has to do until the doors open, and how far it is: the desk, the board and reminders all ask here.

An item is defined by one function of ``KINDS``: of one agency it says what is due, from ``Facts`` that were read for all
agencies in a number of queries that does not grow with them.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.addresses import whole
from cms.dates import digits
from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth, Call, ChosenTheme, MoveChoice, MoveSlot, Pavilion, Product, Theme
from exhibitors.models.required import RequiredDocument, SentDocument
from forum.registration.models import Accreditation, Places, Registration


class State(TextChoices):
    TO_DO = "to_do", _("to do")
    SENT = "sent", _("sent")
    RETURNED = "returned", _("returned")
    DONE = "done", _("done")
    NOT_NEEDED = "not_needed", _("not needed")


class Light(TextChoices):
    """The state of a whole booth."""

    RED = "red", _("late or returned")
    AMBER = "amber", _("under way")
    GREEN = "green", _("ready")


# Of each kind, on the board; on lists where the item names nothing else.
TITLES = {
    "profile": _("Profile in both languages"),
    "logo": _("Logo"),
    "products": _("Products"),
    "themes": _("Themes"),
    "documents": _("Documents"),
    "moves": _("Build-up and tear-down"),
    "passes": _("People and passes"),
}


@dataclass(frozen=True)
class Item:
    """One thing to do. ``place`` is the name of the address where it is done, with its arguments."""

    kind: str
    title: str
    state: State
    place: tuple[str, ...]
    due: datetime.date | None = None
    detail: str = ""
    is_late: bool = False
    uncleared: int = 0  # people whom security has not cleared yet

    @property
    def is_open(self) -> bool:
        """Whether the agency has something to do; what was sent waits for the organisers."""
        return self.state in (State.TO_DO, State.RETURNED)

    @property
    def is_settled(self) -> bool:
        return self.state in (State.DONE, State.NOT_NEEDED)

    @property
    def is_for_own_managers(self) -> bool:
        """Done on the delegation's desk, which opens neither to onlookers nor to who stands in for the agency."""
        return self.kind == "passes"

    @property
    def url(self) -> str:
        name, *args = self.place
        return reverse(name, args=args)

    def link(self, language: str) -> str:
        """For letters."""
        name, *args = self.place
        return whole(name, *args, language=language)


@dataclass(frozen=True)
class Standing:
    """Everything that one agency has to do for its booths at one forum."""

    agency: Agency
    booths: list[Booth]
    items: list[Item]

    @cached_property
    def missing(self) -> list[Item]:
        """What the agency has to do, late things first, then by the day on which they are due."""
        return sorted((item for item in self.items if item.is_open), key=_urgency)

    @property
    def settled(self) -> int:
        return sum(item.is_settled for item in self.items)

    @property
    def is_ready(self) -> bool:
        return all(item.is_settled for item in self.items)

    @property
    def light(self) -> Light:
        if self.is_ready:
            return Light.GREEN
        return Light.RED if any(item.is_late or item.state == State.RETURNED for item in self.items) else Light.AMBER

    @property
    def codes(self) -> str:
        return ", ".join(booth.code for booth in self.booths)


class Facts:
    """What the items are read from, of one agency or of all that have a confirmed booth at ``edition``."""

    def __init__(self, edition: Edition, agency: Agency | None = None, pavilions: Sequence[Pavilion] = ()):
        self.edition = edition
        bookings = Booking.objects.filter(state=Booking.State.CONFIRMED, booth__edition=edition)
        if agency:
            bookings = bookings.filter(agency=agency)
        if pavilions:
            bookings = bookings.filter(booth__pavilion__in=pavilions)
        self.agencies: dict[int, Agency] = {}
        self.booths: dict[int, list[Booth]] = defaultdict(list)
        self.bookings: dict[int, list[Booking]] = defaultdict(list)
        for booking in bookings.select_related("agency", "booth__zone__hall").order_by("booth__code"):
            self.agencies[booking.agency_id] = booking.agency
            self.booths[booking.agency_id].append(booking.booth)
            self.bookings[booking.agency_id].append(booking)
        self.has_themes = Theme.objects.filter(edition=edition).exists()
        self.with_themes = self._agencies_with(ChosenTheme.objects.filter(edition=edition))
        self.with_products = self._agencies_with(Product.objects.filter(edition=edition))
        self.places: dict[int, list[Places]] = defaultdict(list)
        places = Places.objects.filter(delegation__edition=edition, delegation__agency__in=self.agencies)
        for row in places.exclude(size=0, granted=0).select_related("delegation", "pass_type"):
            self.places[row.delegation.agency_id].append(row)
        self.uncleared = self._uncleared()

        self.profiles_due = Call.objects.filter(edition=edition).values_list("profiles_due_on", flat=True).first()
        self.required = list(RequiredDocument.objects.filter(edition=edition))
        sent = SentDocument.objects.latest().filter(required__edition=edition, agency__in=self.agencies)
        self.sent = {(row.required_id, row.agency_id): row for row in sent}

        self.slots: dict[tuple[int, str], list[MoveSlot]] = defaultdict(list)
        for slot in MoveSlot.objects.filter(hall__edition=edition):
            self.slots[slot.hall_id, slot.kind].append(slot)
        choices = MoveChoice.objects.filter(booking__agency__in=self.agencies, booking__booth__edition=edition)
        self.moves = set(choices.values_list("booking", "kind"))

    def _uncleared(self) -> dict[tuple[int, int], list[bool]]:
        """By delegation and pass those whom security has not cleared yet: whether each has still to give details."""
        people = Registration.objects.filter(
            delegation__edition=self.edition,
            delegation__agency__in=self.agencies,
            state=Registration.State.APPLIED,
            pass_type__needs_security=True,
        ).select_related("pass_type")
        people, found = list(people), defaultdict(list)
        lacking = Accreditation.objects.lacking(people)
        for person in people:
            found[person.delegation_id, person.pass_type_id].append(person.pk in lacking)
        return found

    def _agencies_with(self, rows) -> set[int]:
        return set(rows.filter(agency__in=self.agencies).values_list("agency", flat=True))

    def item(self, kind: str, title: str, is_done: bool, place: tuple[str, ...], **more) -> Item:
        """One that is done or is not."""
        return self.made(kind, title, State.DONE if is_done else State.TO_DO, place, **more)

    def shown(self, kind: str, is_done: bool, place: tuple[str, ...], **more) -> Item:
        """One that visitors read, due when profiles are."""
        return self.item(kind, TITLES[kind], is_done, place, due=self.profiles_due, **more)

    def made(self, kind, title, state, place, *, due=None, detail="", uncleared=0) -> Item:
        is_late = bool(due and due < self.edition.today and state in (State.TO_DO, State.RETURNED))
        return Item(kind, title, state, place, due, detail, is_late, uncleared)


def lazily(make):
    """Titles are read by the board's staff, on desks and in letters: each time in the language of who reads them."""
    return lazy(make, str)


def profile(facts: Facts, agency: Agency) -> Iterator[Item]:
    lacking = [name for name, text in ((_("English"), agency.about_en), (_("Khmer"), agency.about_km)) if not text]
    detail = gettext("Missing: %(what)s") % {"what": ", ".join(map(str, lacking))} if lacking else ""
    yield facts.shown("profile", not lacking, ("desks:profile", agency.code), detail=detail)


def logo(facts: Facts, agency: Agency) -> Iterator[Item]:
    yield facts.shown("logo", bool(agency.logo), ("desks:profile", agency.code))


def products(facts: Facts, agency: Agency) -> Iterator[Item]:
    place = ("desks:showing", agency.code, facts.edition.slug)
    yield facts.shown("products", agency.pk in facts.with_products, place)


def themes(facts: Facts, agency: Agency) -> Iterator[Item]:
    if facts.has_themes:
        place = ("desks:showing", agency.code, facts.edition.slug)
        yield facts.shown("themes", agency.pk in facts.with_themes, place)


def documents(facts: Facts, agency: Agency) -> Iterator[Item]:
    for required in facts.required:
        if required.is_asked_of(agency, facts.booths[agency.pk]):
            sent = facts.sent.get((required.pk, agency.pk))
            yield facts.made(
                "documents",
                _name_of(required),
                _state_of(required, sent),
                ("desks:document", agency.code, facts.edition.slug, required.code),
                due=required.due_on,
                detail=sent.remark if sent and sent.state == SentDocument.State.RETURNED else "",
            )


@lazily
def _name_of(thing) -> str:
    return thing.name


def _state_of(required: RequiredDocument, sent: SentDocument | None) -> State:
    if sent is None:
        return State.TO_DO
    if sent.state == SentDocument.State.SENT:
        return State.SENT if required.needs_approval else State.DONE
    return {"approved": State.DONE, "returned": State.RETURNED, "waived": State.NOT_NEEDED}[sent.state]


def moves(facts: Facts, agency: Agency) -> Iterator[Item]:
    """A time of build-up and one of tear-down for each booth, where its hall has any; due when the last can be chosen."""
    for booking in facts.bookings[agency.pk]:
        for kind in MoveSlot.Kind:
            if slots := facts.slots[booking.booth.zone.hall_id, kind]:
                last = max(slot.last_moment for slot in slots)
                yield facts.item(
                    "moves",
                    _time_of(kind, booking.booth),
                    (booking.pk, kind) in facts.moves,
                    ("desks:move", agency.code, facts.edition.slug, booking.code),
                    due=last.astimezone(facts.edition.zone).date(),
                )


@lazily
def _time_of(kind, booth) -> str:
    titles = {
        MoveSlot.Kind.BUILD_UP: gettext("Time of build-up, booth %(booth)s"),
        MoveSlot.Kind.TEAR_DOWN: gettext("Time of tear-down, booth %(booth)s"),
    }
    return titles[kind] % {"booth": booth.code}


def passes(facts: Facts, agency: Agency) -> Iterator[Item]:
    """One for each pass of the agency's delegation: done as soon as somebody is named, for nobody has to use all places, and
    everybody who is has been cleared where the pass needs it."""
    for row in facts.places[agency.pk]:
        closes_at, uncleared = row.delegation.closes_at, facts.uncleared[row.delegation_id, row.pass_type_id]
        state = State.TO_DO if not row.taken or any(uncleared) else State.SENT if uncleared else State.DONE
        yield facts.made(
            "passes",
            _people_with(row.pass_type),
            state,
            ("desks:delegation:desk", agency.code, facts.edition.slug),
            due=closes_at and closes_at.astimezone(facts.edition.zone).date(),
            detail=_told(row, uncleared),
            uncleared=len(uncleared),
        )


def _told(row: Places, uncleared: list[bool]) -> str:
    numbers = {"taken": row.taken, "size": row.total, "number": len(uncleared), "lacking": sum(uncleared)}
    numbers = {name: digits(str(number)) for name, number in numbers.items()}
    told = [gettext("%(taken)s of %(size)s places")]
    told += [gettext("awaiting clearance: %(number)s")] * bool(uncleared)
    told += [gettext("details missing: %(lacking)s")] * any(uncleared)
    return " · ".join(told) % numbers


@lazily
def _people_with(pass_type) -> str:
    return gettext("People with the pass “%(pass)s”") % {"pass": pass_type.name}


KINDS = (profile, logo, products, themes, documents, moves, passes)


def of_edition(edition: Edition) -> list[Standing]:
    """Of every agency with a confirmed booth: those with late things first, ready ones last."""
    return sorted(_standings(Facts(edition)), key=_order)


def of_agency(agency: Agency, edition: Edition, pavilions: Sequence[Pavilion] = ()) -> Standing | None:
    """None while the agency has no confirmed booth; in these ``pavilions`` where whoever asks is their organiser."""
    return next(iter(_standings(Facts(edition, agency, pavilions))), None)


def chosen(
    standings: Iterable[Standing], *, hall: str = "", zone: str = "", item: str = "", state: str = "", light: str = ""
) -> list[Standing]:
    """Those with a booth in that hall (its key) and zone (its code), with that light, and an item of that kind and state."""

    def is_meant(standing):
        return (
            any(hall in ("", str(booth.zone.hall_id)) and zone in ("", booth.zone.code) for booth in standing.booths)
            and light in ("", standing.light)
            and (not (item or state) or any(item in ("", i.kind) and state in ("", i.state) for i in standing.items))
        )

    return [standing for standing in standings if is_meant(standing)]


def _standings(facts) -> Iterator[Standing]:
    for agency in facts.agencies.values():
        items = [item for kind in KINDS for item in kind(facts, agency)]
        yield Standing(agency, facts.booths[agency.pk], items)


def _urgency(item: Item):
    return not item.is_late, item.due or datetime.date.max


def _order(standing: Standing):
    first = standing.missing[0] if standing.missing else None
    late = sum(item.is_late for item in standing.items)
    lights = [Light.RED, Light.AMBER, Light.GREEN]
    due = first.due if first and first.due else datetime.date.max
    return lights.index(standing.light), -late, due, standing.agency.sort_key
