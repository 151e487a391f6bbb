"""The floor plan: booths as they are drawn and, in the same words, as they stand in the table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cms import dates, khmer
from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth, Hall, Zone

# In centimetres: room around a whole hall for the names of zones, and how far one sees around a booth.
MARGIN = 150
VIEW = 800
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
    def label(self) -> str:
        """What is read out for the booth: its code, size, state and exhibitor."""
        words = [
            _("Booth %(booth)s") % {"booth": self.booth.code},
            _("%(area)s m²") % {"area": dates.digits(self.booth.area)},
            str(self.state.label),
        ]
        return ", ".join(words + ([self.exhibitor.name] if self.exhibitor else []))

    @property
    def walls(self) -> str:
        """The closed sides, as an SVG path."""
        left, top = self.booth.x, self.booth.y
        right, bottom = left + self.booth.width, top + self.booth.depth
        sides = {
            "N": f"M{left} {top}H{right}",
            "E": f"M{right} {top}V{bottom}",
            "S": f"M{left} {bottom}H{right}",
            "W": f"M{left} {top}V{bottom}",
        }
        return "".join(line for side, line in sides.items() if side not in self.booth.open_sides)

    @property
    def middle(self) -> int:
        return self.booth.x + self.booth.width // 2

    @property
    def code_line(self) -> int:
        """Where the code stands, in centimetres from the north wall; the state stands below it."""
        return self.booth.y + self.booth.depth // 2 - 10

    @property
    def state_line(self) -> int:
        return self.code_line + 80


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
        return self.y - 30

    @property
    def tile(self) -> str:
        """What its pattern repeats; blank where it has none."""
        return PATTERNS.get(self.zone.pattern, "")


@dataclass
class Sheet:
    """One hall to be drawn, whole or the part around some of its booths."""

    hall: Hall
    stands: list[Stand]
    areas: list[Area]
    left: int
    top: int
    width: int
    depth: int

    PIXELS_PER_METRE = 20

    @property
    def view_box(self) -> str:
        return f"{self.left} {self.top} {self.width} {self.depth}"

    @property
    def pixels(self) -> tuple[int, int]:
        return round(self.width * self.PIXELS_PER_METRE / 100), round(self.depth * self.PIXELS_PER_METRE / 100)


def stands(edition: Edition, *, agency: Agency | None = None) -> list[Stand]:
    """Every published booth of the edition in the order of its codes, as the public or one agency sees it. Two queries."""
    live = Booking.objects.live().filter(booth__edition=edition).select_related("agency")
    taken = {booking.booth_id: booking for booking in live}
    base = _base(edition, agency)
    booths = sorted(Booth.objects.published(edition), key=_by_code)
    return [
        Stand(booth, taken.get(booth.pk), _state(booth, taken.get(booth.pk), agency), f"{base}{booth.code}/")
        for booth in booths
    ]


def mark(rows: list[Stand], *, state: str = "", zone: str = "", words: str = "") -> list[Stand]:
    """Marks the stands that fit the filter and returns them; the plan draws the others as mute outlines."""
    wanted = khmer.fold(words).split()
    for stand in rows:
        stand.is_match = (
            (not state or stand.state == state or (state == "taken" and stand.state == State.HELD))
            and (not zone or stand.booth.zone.code == zone)
            and _has_words(stand, wanted)
        )
    return [stand for stand in rows if stand.is_match]


def zones(rows: list[Stand]) -> list[Zone]:
    """The zones of these stands, by name."""
    return sorted({stand.booth.zone for stand in rows}, key=lambda zone: khmer.sort_key(zone.name))


def sheets(rows: list[Stand]) -> list[Sheet]:
    """The halls of these stands, each whole, with its booths along the aisles and its zones."""
    return [
        Sheet(
            hall,
            along_aisles(members),
            areas(stand.booth for stand in members),
            -MARGIN,
            -MARGIN,
            hall.width + 2 * MARGIN,
            hall.depth + 2 * MARGIN,
        )
        for hall, members in _by_hall(rows).items()
    ]


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
    """What lies around the shown stands, which alone are marked: one drawing for each hall that has some, without zones."""
    drawings = []
    for stand in rows:
        stand.is_match = stand in shown
    for hall, members in _by_hall(rows).items():
        if marked := [stand.booth for stand in members if stand.is_match]:
            frame = _around(marked)
            near = [stand for stand in members if _is_inside(stand.booth, *frame)]
            drawings.append(Sheet(hall, along_aisles(near), [], *frame))
    return drawings


def along_aisles(rows: list[Stand]) -> list[Stand]:
    """Down one side of each aisle and back on the other: rows from north to south, every second one from east to west."""
    ordered = sorted(rows, key=lambda stand: (stand.booth.y, stand.booth.x))
    walk = []
    for number, (_y, row) in enumerate(groupby(ordered, key=lambda stand: stand.booth.y)):
        walk += reversed(list(row)) if number % 2 else list(row)
    return walk


def _by_code(booth):
    """A2 before A10."""
    return [part.zfill(10) if part.isdigit() else part for part in re.split(r"(\d+)", booth.code)]


def _base(edition, agency):
    if agency:
        return reverse("desks:plan", args=[agency.code, edition.slug])
    return reverse("exhibition:plan", args=[edition.slug])


def _state(booth, booking, agency):
    if booking is None:
        return State.FREE if agency is None or booth.zone.welcomes(agency) else State.OTHERS
    if agency and booking.agency_id == agency.pk:
        return State.YOURS
    return State.TAKEN if booking.is_confirmed else State.HELD


def _has_words(stand, wanted):
    if not wanted:
        return True
    text = khmer.fold(stand.booth.code) + " " + (stand.exhibitor.search_text if stand.exhibitor else "")
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


def _is_inside(booth, left, top, width, depth):
    return booth.x < left + width and booth.x + booth.width > left and booth.y < top + depth and booth.y + booth.depth > top


def _bounds(booths):
    left, top = min(booth.x for booth in booths), min(booth.y for booth in booths)
    right = max(booth.x + booth.width for booth in booths)
    bottom = max(booth.y + booth.depth for booth in booths)
    return left, top, right - left, bottom - top
