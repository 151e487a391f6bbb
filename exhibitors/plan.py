"""The floor plan: booths as they are drawn and, in the same words, as they stand in the table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Prefetch, TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cms import dates, khmer, languages
from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth, Hall, Pavilion, Structure, Zone
from exhibitors.models.applications import co_exhibitors, one_by_line

# In centimetres: room around a whole hall for the names of zones and doors, how far one sees around a booth, and how far
# the middles of booths may lie from each other in one row.
MARGIN = 200
VIEW = 800
IN_LINE = 150
LETTERS = 84  # the size of names on the plan
EDGE = 50  # of a zone's ground around its booths
# One tile of each pattern, as the strokes of an SVG path; a stroke without length is a dot.
TILE = 100
PATTERNS = {
    Zone.Pattern.LINES: "M25 0V100M75 0V100",
    Zone.Pattern.GRID: "M0 50H100M50 0V100",
    Zone.Pattern.DOTS: "M25 25h.1M75 75h.1",
    Zone.Pattern.CROSSES: "M30 50H70M50 30V70",
    Zone.Pattern.WAVES: "M0 50Q25 10 50 50T100 50",
    Zone.Pattern.DIAMONDS: "M50 20L80 50L50 80L20 50Z",
}


class State(TextChoices):
    """How a booth stands, for the person who looks; short, because the word is written inside the booth."""

    FREE = "free", pgettext_lazy("booth", "free")
    HELD = "held", pgettext_lazy("booth", "held")
    TAKEN = "taken", pgettext_lazy("booth", "taken")
    YOURS = "yours", pgettext_lazy("booth", "yours")
    OTHERS = "others", pgettext_lazy("booth", "for others")
    PAVILION = "pavilion", pgettext_lazy("booth", "pavilion")


@dataclass
class Stand:
    """One booth with its occupant, as one person sees it."""

    booth: Booth
    booking: Booking | None
    state: State
    address: str
    is_match: bool = True

    @property
    def exhibitor(self) -> Agency | None:
        """Who stands here, once that is confirmed; a hold is nobody else's business."""
        return self.booking.agency if self.booking and (self.booking.is_confirmed or self.state == State.YOURS) else None

    @property
    def pavilion(self) -> Pavilion | None:
        """That of which the booth is one, whoever stands in it."""
        return self.booth.pavilion

    @property
    def walls(self) -> str:
        """The closed sides, as an SVG path from the booth's north-west corner."""
        return walls(self.booth)

    @property
    def label(self) -> str:
        """What is read out for the booth: its code, size, state, exhibitor, pavilion and co-exhibitors."""
        return Wording().label(self)

    @property
    def exhibitor_and_pavilion(self) -> list[Agency | Pavilion]:
        """Whose names belong to the booth."""
        return [thing for thing in (self.exhibitor, self.pavilion) if thing]

    @property
    def co_exhibitors(self) -> list[str]:
        """Who shares the booth with its exhibitor."""
        return one_by_line(self.booking.co_exhibitors) if self.exhibitor else []


class Wording:
    """What is said of booths in the reader's language; looked up once, however many booths there are."""

    def __init__(self):
        self.language = languages.current()
        self.booth, self.area = _("Booth %(booth)s"), _("%(area)s m²")
        self.states = {state: str(state.label) for state in State}

    def label(self, stand: Stand) -> str:
        words = [
            self.booth % {"booth": stand.booth.code},
            self.area % {"area": dates.digits(stand.booth.area, self.language)},
            self.states[stand.state],
        ]
        words += [languages.read(thing, "name", self.language)[0] for thing in stand.exhibitor_and_pavilion]
        words += stand.co_exhibitors
        return ", ".join(words)


@dataclass
class Area:
    """A zone's ground: the smallest rectangle around its booths and a narrow edge; its name stands above it."""

    zone: Zone
    x: int
    y: int
    width: int
    depth: int

    @property
    def name_line(self) -> int:
        return self.y - 45

    @property
    def tile(self) -> str:
        """What its pattern repeats; blank where it has none."""
        return PATTERNS.get(self.zone.pattern, "")


@dataclass
class Fixture:
    """A structure with its name as it is written on the plan: doors outside the hall, along their wall."""

    structure: Structure
    x: int
    y: int
    turn: int = 0  # degrees
    letters: int = LETTERS

    @property
    def is_named(self) -> bool:
        """Doors and stages are what visitors look for; a wall or a pillar only where it has a name of its own."""
        return self.structure.kind not in (Structure.Kind.WALL, Structure.Kind.PILLAR) or bool(self.structure.name)


@dataclass
class Sheet:
    """One hall to be drawn, whole or the part around some of its booths; ``number`` tells it from others on the page."""

    hall: Hall
    number: int
    stands: list[Stand]
    left: int
    top: int
    width: int
    depth: int
    areas: list[Area] = field(default_factory=list)
    fixtures: list[Fixture] = field(default_factory=list)
    scale: int = 20  # pixels of a metre

    @property
    def view_box(self) -> str:
        return f"{self.left} {self.top} {self.width} {self.depth}"

    @property
    def pixels(self) -> tuple[int, int]:
        return round(self.width * self.scale / 100), round(self.depth * self.scale / 100)


def stands(edition: Edition, *, agency: Agency | None = None) -> list[Stand]:
    """Every published booth of the edition in the order of its codes, as the public or one agency sees it. Three queries."""
    live = Booking.objects.live().filter(booth__edition=edition).select_related("agency")
    live = live.annotate(co_exhibitors=co_exhibitors(edition, OuterRef("agency")))
    unread = ["note", "reason", "agency__about_en", "agency__about_km", "agency__sort_key"]
    taken = {booking.booth_id: booking for booking in live.defer(*unread)}
    base = _base(edition, agency)
    # One row of each zone and hall for all of their booths, instead of one for each booth.
    zones_once = Prefetch("zone", Zone.objects.select_related("hall"))
    booths = Booth.objects.published(edition).select_related(None).select_related("pavilion").prefetch_related(zones_once)
    return [
        Stand(booth, taken.get(booth.pk), _state(booth, taken.get(booth.pk), agency), f"{base}{booth.code}/")
        for booth in sorted(booths, key=_by_code)
    ]


def mark(
    rows: list[Stand], *, state: str = "", zone: str = "", kind: str = "", type: str = "", words: str = ""
) -> list[Stand]:
    """Marks the stands that fit the filter and returns them; the plan draws the others as mute outlines. ``kind`` is the
    exhibitor's, ``type`` the booth's."""
    wanted = khmer.fold(words).split()
    for stand in rows:
        stand.is_match = (
            (not state or stand.state == state or (state == "taken" and stand.state == State.HELD))
            and (not zone or stand.booth.zone.code == zone)
            and (not kind or bool(stand.exhibitor and stand.exhibitor.kind == kind))
            and (not type or stand.booth.kind == type)
            and _has_words(stand, wanted)
        )
    return [stand for stand in rows if stand.is_match]


def pavilions(rows: list[Stand]) -> dict[Pavilion, list[Stand]]:
    """The pavilions of these stands by name, each with its own stands."""
    found = {}
    for stand in rows:
        if stand.pavilion:
            found.setdefault(stand.pavilion, []).append(stand)
    return dict(sorted(found.items(), key=lambda item: khmer.sort_key(item[0].name)))


def zones(rows: list[Stand]) -> list[Zone]:
    """The zones of these stands, by name."""
    return sorted({stand.booth.zone for stand in rows}, key=lambda zone: khmer.sort_key(zone.name))


def sheets(rows: list[Stand], *, zone: str = "", scale: int = 20) -> list[Sheet]:
    """The halls of these stands, each whole: booths along the aisles, zones and what else stands there; of one zone alone
    what lies around it. One query."""
    halls = {hall: members for hall, members in _by_hall(rows).items() if not zone or _of_zone(members, zone)}
    fixtures = _fixtures(halls)
    drawings = []
    for number, (hall, members) in enumerate(halls.items(), 1):
        frame = (-MARGIN, -MARGIN, hall.width + 2 * MARGIN, hall.depth + 2 * MARGIN)
        if zone:
            frame = _common(frame, _around([stand.booth for stand in _of_zone(members, zone)]))
        seen = [stand for stand in members if _is_inside(stand.booth, *frame)]
        fixed = [fixture for fixture in fixtures.get(hall, []) if _is_inside(fixture.structure, *frame)]
        grounds = areas(stand.booth for stand in seen)
        drawings.append(Sheet(hall, number, along_aisles(seen), *frame, grounds, fixed, scale))
    return drawings


def bare(hall: Hall) -> Sheet:
    """A hall in which no booth is published yet. One query."""
    frame = (-MARGIN, -MARGIN, hall.width + 2 * MARGIN, hall.depth + 2 * MARGIN)
    return Sheet(hall, 1, [], *frame, fixtures=_fixtures([hall]).get(hall, []))


def walls(booth: Booth) -> str:
    """The closed sides, as an SVG path from the booth's north-west corner."""
    right, bottom = booth.width, booth.depth
    sides = {"N": f"M0 0H{right}", "E": f"M{right} 0V{bottom}", "S": f"M0 {bottom}H{right}", "W": f"M0 0V{bottom}"}
    return "".join(line for side, line in sides.items() if side not in booth.open_sides)


def areas(booths: Iterable[Booth]) -> list[Area]:
    """The ground of each zone of these booths."""
    by_zone = {}
    for booth in booths:
        by_zone.setdefault(booth.zone, []).append(booth)
    found = []
    for zone, members in by_zone.items():
        left, top, width, depth = _bounds(members)
        found.append(Area(zone, left - EDGE, top - EDGE, width + 2 * EDGE, depth + 2 * EDGE))
    return found


def vicinity(rows: list[Stand], shown: list[Stand]) -> list[Sheet]:
    """What lies around the shown stands, which alone are marked: one drawing for each hall that has some, without zones.
    One query."""
    for stand in rows:
        stand.is_match = stand in shown
    halls = {hall: members for hall, members in _by_hall(rows).items() if any(stand.is_match for stand in members)}
    fixtures = _fixtures(halls)
    drawings = []
    for number, (hall, members) in enumerate(halls.items(), 1):
        frame = _around([stand.booth for stand in members if stand.is_match])
        near = along_aisles([stand for stand in members if _is_inside(stand.booth, *frame)])
        around = [fixture for fixture in fixtures.get(hall, []) if _is_inside(fixture.structure, *frame)]
        drawings.append(Sheet(hall, number, near, *frame, fixtures=around))
    return drawings


def structure_kinds(drawings: Iterable[Sheet]) -> list[Structure.Kind]:
    """What else than booths stands on these sheets, for their legend."""
    drawn = {fixture.structure.kind for sheet in drawings for fixture in sheet.fixtures}
    return [kind for kind in Structure.Kind if kind in drawn]


def along_aisles(rows: list[Stand]) -> list[Stand]:
    """The order in which one walks past them, and in which the keyboard does: row by row from north to south, every second
    one back from east to west, so that both sides of an aisle follow each other. A row is what lies in one line, give or
    take half a booth. Where more booths open to the east or west, aisles run that way, and columns are walked likewise."""
    open_across = sum(("E" in stand.booth.open_sides or "W" in stand.booth.open_sides) for stand in rows)
    open_along = sum(("N" in stand.booth.open_sides or "S" in stand.booth.open_sides) for stand in rows)
    across, along = (_middle_x, _middle_y) if open_across > open_along else (_middle_y, _middle_x)
    lines = []
    for stand in sorted(rows, key=across):
        if lines and across(stand) - across(lines[-1][0]) <= IN_LINE:
            lines[-1].append(stand)
        else:
            lines.append([stand])
    return [stand for number, line in enumerate(lines) for stand in sorted(line, key=along, reverse=number % 2 == 1)]


def _middle_x(stand):
    return stand.booth.x + stand.booth.width // 2


def _middle_y(stand):
    return stand.booth.y + stand.booth.depth // 2


def _by_code(booth):
    """A2 before A10."""
    return [part.zfill(10) if part.isdigit() else part for part in re.split(r"(\d+)", booth.code)]


def _base(edition, agency):
    if agency:
        return reverse("desks:plan", args=[agency.code, edition.slug])
    return reverse("exhibition:plan", args=[edition.slug])


def _state(booth, booking, agency):
    if booking is None and booth.pavilion_id:
        return State.PAVILION
    if booking is None:
        return State.FREE if agency is None or booth.zone.welcomes(agency) else State.OTHERS
    if agency and booking.agency_id == agency.pk:
        return State.YOURS
    return State.TAKEN if booking.is_confirmed else State.HELD


def _has_words(stand, wanted):
    if not wanted:
        return True
    names = [stand.booth.code, *stand.co_exhibitors]
    text = " ".join([*map(khmer.fold, names), *(thing.search_text for thing in stand.exhibitor_and_pavilion)])
    return all(word in text for word in wanted)


def _by_hall(rows):
    halls = {}
    for stand in rows:
        halls.setdefault(stand.booth.zone.hall, []).append(stand)
    return halls


def _around(booths):
    """A rectangle around these booths, as far as one sees in a hall."""
    left, top, width, depth = _bounds(booths)
    return left - VIEW, top - VIEW, width + 2 * VIEW, depth + 2 * VIEW


def _common(first, second):
    """What two frames have in common, which is something."""
    left, top = max(first[0], second[0]), max(first[1], second[1])
    right = min(first[0] + first[2], second[0] + second[2])
    bottom = min(first[1] + first[3], second[1] + second[3])
    return left, top, right - left, bottom - top


def _of_zone(rows, code):
    return [stand for stand in rows if stand.booth.zone.code == code]


def _is_inside(thing, left, top, width, depth):
    return thing.x < left + width and thing.x + thing.width > left and thing.y < top + depth and thing.y + thing.depth > top


def _bounds(booths):
    left, top = min(booth.x for booth in booths), min(booth.y for booth in booths)
    right = max(booth.x + booth.width for booth in booths)
    bottom = max(booth.y + booth.depth for booth in booths)
    return left, top, right - left, bottom - top


def _fixtures(halls):
    by_hall = {}
    for structure in Structure.objects.filter(hall__in=halls).select_related("hall"):
        by_hall.setdefault(structure.hall, []).append(_fixture(structure))
    return by_hall


def _fixture(structure):
    middle_x, middle_y = structure.x + structure.width // 2, structure.y + structure.depth // 2
    if not structure.is_door:
        letters = min(LETTERS, round(structure.width / len(structure.label) * 1.6))
        if structure.kind == Structure.Kind.STAGE:
            return Fixture(structure, middle_x, middle_y + letters // 3, letters=letters)
        return Fixture(structure, middle_x, structure.y - LETTERS // 4, letters=LETTERS * 2 // 3)
    if structure.width >= structure.depth:
        is_north = middle_y < structure.hall.depth // 2
        return Fixture(
            structure, middle_x, structure.y - LETTERS // 2 if is_north else structure.y + structure.depth + LETTERS
        )
    is_west = middle_x < structure.hall.width // 2
    return Fixture(
        structure, structure.x - LETTERS // 2 if is_west else structure.x + structure.width + LETTERS, middle_y, -90
    )
