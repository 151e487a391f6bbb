"""What is wrong with the floor of a hall: each finding with its sentence and the rectangle that shows it on the plan."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

from django.utils.translation import gettext as _

from cms import dates
from exhibitors.models import Booth, Hall, Structure

CELL = 600  # centimetres: about two booths, so that few stand in one square of the grid
STROKE = 10  # centimetres: what is marked where there is no way at all

Thing = Booth | Structure


@dataclass(frozen=True)
class Rectangle:
    """Ground in centimetres from the hall's north-west corner; what only touches has nothing in common."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, thing: Thing) -> "Rectangle":
        return cls(thing.x, thing.y, thing.x + thing.width, thing.y + thing.depth)

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def depth(self) -> int:
        return self.bottom - self.top

    def common(self, other: "Rectangle") -> "Rectangle | None":
        left, right = max(self.left, other.left), min(self.right, other.right)
        top, bottom = max(self.top, other.top), min(self.bottom, other.bottom)
        return Rectangle(left, top, right, bottom) if left < right and top < bottom else None

    def joined(self, other: "Rectangle") -> "Rectangle":
        """The smallest that holds both."""
        return Rectangle(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def before(self, side: str, distance: int) -> "Rectangle":
        """The ground before one side, as far as that."""
        return {
            "N": Rectangle(self.left, self.top - distance, self.right, self.top),
            "E": Rectangle(self.right, self.top, self.right + distance, self.bottom),
            "S": Rectangle(self.left, self.bottom, self.right, self.bottom + distance),
            "W": Rectangle(self.left - distance, self.top, self.left, self.bottom),
        }[side]

    def gap(self, side: str, other: "Rectangle") -> int:
        """How far it is from this side to the other; below nought where they overlap."""
        return {
            "N": self.top - other.bottom,
            "E": other.left - self.right,
            "S": other.top - self.bottom,
            "W": self.left - other.right,
        }[side]


@dataclass(frozen=True)
class Finding:
    """One thing to mend: what kind, in a sentence, where, and which booths."""

    kind: str
    sentence: str
    mark: Rectangle
    booths: tuple[Booth, ...]


class Ground:
    """The things of a hall by the squares of a grid they stand in: who looks around a booth meets its neighbours only."""

    def __init__(self, things: Iterable[Thing]):
        self.places = {thing: Rectangle.of(thing) for thing in things}
        self.squares = defaultdict(list)
        for thing, place in self.places.items():
            for square in _squares(place):
                self.squares[square].append(thing)

    def within(self, area: Rectangle) -> Iterator[Thing]:
        """What stands on this ground, each once."""
        near = {thing for square in _squares(area) for thing in self.squares.get(square, ())}
        return (thing for thing in near if self.places[thing].common(area))

    def pairs(self) -> set[frozenset[Thing]]:
        """Which two have ground in common."""
        near = {frozenset(pair) for things in self.squares.values() for pair in combinations(things, 2)}
        return {pair for pair in near if self.common(pair)}

    def common(self, pair: Iterable[Thing]) -> Rectangle | None:
        one, other = (self.places[thing] for thing in pair)
        return one.common(other)


def check(hall: Hall) -> list[Finding]:
    """Everything that is wrong in the hall, published or not, from north to south. Two queries, whatever its size."""
    return find(
        hall, list(Booth.objects.filter(zone__hall=hall).select_related("zone").with_extras()), list(hall.structures.all())
    )


def find(hall: Hall, booths: list[Booth], structures: list[Structure]) -> list[Finding]:
    """What would be wrong if these stood in the hall; booths that are not kept yet need a key of their own."""
    ground = Ground([*booths, *structures])
    findings = [
        *_outside(hall, booths),
        *_overlaps(ground),
        *_narrow(hall, booths, ground),
        *_blocked(hall, structures, ground),
        *_overloaded(booths),
    ]
    return sorted(findings, key=lambda found: (found.mark.top, found.mark.left, found.kind, found.sentence))


def _outside(hall, booths):
    for booth in booths:
        if not hall.holds(booth):
            sentence = _("Booth %(booth)s reaches beyond the walls of the hall.") % {"booth": booth.code}
            yield Finding("outside", sentence, Rectangle.of(booth), (booth,))


def _overlaps(ground):
    """Doors are left to their own check: a booth on a door blocks it."""
    for pair in ground.pairs():
        booths = sorted((thing for thing in pair if isinstance(thing, Booth)), key=lambda booth: booth.code)
        others = [thing for thing in pair if isinstance(thing, Structure)]
        if not booths or any(other.is_door for other in others):
            continue
        mark = ground.common(pair)
        words = {"booth": booths[0].code}
        if others:
            sentence = _("Booth %(booth)s stands on: %(structure)s.") % (words | {"structure": others[0].label})
        else:
            sentence = _("Booths %(booth)s and %(other)s overlap.") % (words | {"other": booths[1].code})
        yield Finding("overlap", sentence, mark, tuple(booths))


def _narrow(hall, booths, ground):
    """The ground before each open side up to what is nearest; of two booths that face each other, once."""
    told = set()
    for booth in booths:
        place = ground.places[booth]
        for side in booth.open_sides:
            gap, others = _way(hall, booth, side, ground)
            pairs = {frozenset((booth, other)) for other in others}
            if gap is None or (pairs and pairs <= told):
                continue
            told |= pairs
            yield _too_narrow(hall, booth, gap, place.before(side, max(gap, STROKE)))


def _way(hall, booth, side, ground):
    """How wide the way before a side is, where it is too narrow, and the booths that make it so."""
    place = ground.places[booth]
    walls = {"N": place.top, "E": hall.width - place.right, "S": hall.depth - place.bottom, "W": place.left}
    gaps = [(walls[side], None)]
    for thing in ground.within(place.before(side, hall.aisle_width)):
        # What overlaps has its own finding, and a door is a way.
        if ground.places[thing].common(place) is None and not (isinstance(thing, Structure) and thing.is_door):
            gaps.append((place.gap(side, ground.places[thing]), thing))
    gap = min(gap for gap, _thing in gaps)
    if not 0 <= gap < hall.aisle_width:
        return None, []
    return gap, [thing for width, thing in gaps if width == gap and isinstance(thing, Booth)]


def _too_narrow(hall, booth, gap, mark):
    words = {"booth": booth.code, "width": _metres(gap)}
    if gap < hall.wheelchair_width:
        words |= {"least": _metres(hall.wheelchair_width)}
        sentence = _("The way before booth %(booth)s is %(width)s m wide; wheelchairs need %(least)s m.") % words
        return Finding("wheelchair", sentence, mark, (booth,))
    words |= {"least": _metres(hall.aisle_width)}
    sentence = _("The aisle before booth %(booth)s is %(width)s m wide; in this hall it is to be %(least)s m.") % words
    return Finding("aisle", sentence, mark, (booth,))


def _blocked(hall, structures, ground):
    """Whatever stands on a door or on the clear ground before it."""
    for door in structures:
        if not door.is_door:
            continue
        clear = clear_ground(hall, door)
        blocking = [thing for thing in ground.within(clear) if not (isinstance(thing, Structure) and thing.is_door)]
        for thing in blocking:
            words = {"door": door.label, "thing": thing.code if isinstance(thing, Booth) else thing.label}
            mark = clear.common(ground.places[thing])
            booths = (thing,) if isinstance(thing, Booth) else ()
            yield Finding("door", _("%(thing)s stands in the way to: %(door)s.") % words, mark, booths)


def _overloaded(booths):
    """Zones whose booths, with what was ordered for them, may draw more together than the zone's supply gives."""
    by_zone = defaultdict(list)
    for booth in booths:
        by_zone[booth.zone].append(booth)
    for zone, members in by_zone.items():
        power = sum(booth.power_in_all for booth in members)
        if zone.power_budget is None or power <= zone.power_budget:
            continue
        words = {"zone": zone.name, "power": dates.digits(str(power)), "budget": dates.digits(str(zone.power_budget))}
        sentence = _("The booths of zone “%(zone)s” have %(power)s W together; its power budget is %(budget)s W.") % words
        yield Finding("power", sentence, reduce(Rectangle.joined, map(Rectangle.of, members)), ())


def clear_ground(hall: Hall, door: Structure) -> Rectangle:
    """A door and what is kept clear before it, into the hall from the wall along which it is longer."""
    place = Rectangle.of(door)
    if door.width >= door.depth:
        side = "S" if place.top <= hall.depth - place.bottom else "N"
    else:
        side = "E" if place.left <= hall.width - place.right else "W"
    ahead = place.before(side, hall.door_clearance)
    return place.joined(ahead)


def _squares(place):
    for column in range(place.left // CELL, (place.right - 1) // CELL + 1):
        for row in range(place.top // CELL, (place.bottom - 1) // CELL + 1):
            yield column, row


def _metres(centimetres):
    return dates.digits(f"{centimetres / 100:g}")
