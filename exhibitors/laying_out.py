"""Rows of booths laid out in a zone: how they would stand, and setting them there in one act."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count as numbers_from

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from cms import dates
from cms.refusals import beside
from exhibitors.checking import Ground, Rectangle
from exhibitors.models import Booth, Hall, Structure, Zone
from exhibitors.models.floor import SIDES

MOST = 500  # booths at once
NAMED = 5  # codes in one sentence
# The type of a booth, and how its open sides are written, by which they are.
TYPES = {frozenset(sides): (kind, sides) for kind, group in SIDES.items() for sides in group}


class Line(TextChoices):
    """What a row is made of, and to which side its booths open."""

    UPPER = "upper", gettext_lazy("One line, open to the north (to the west where it runs down)")
    LOWER = "lower", gettext_lazy("One line, open to the south (to the east where it runs down)")
    DOUBLE = "double", gettext_lazy("Two lines back to back")


class Direction(TextChoices):
    ALONG = "along", gettext_lazy("From west to east")
    DOWN = "down", gettext_lazy("From north to south")


# The sides of a row: above and below it as it is read, before its first booth and after its last.
AROUND = {
    Direction.ALONG: {"upper": "N", "lower": "S", "first": "W", "last": "E"},
    Direction.DOWN: {"upper": "W", "lower": "E", "first": "N", "last": "S"},
}


@dataclass(frozen=True)
class Rows:
    """Rows as an organiser orders them. Lengths are whole centimetres; ``width`` lies along the row, ``depth`` across.

    ``next_letter`` gives each row the next letter and numbers it anew; otherwise one letter is counted on. ``is_backwards``
    counts each line from its far end. After every ``gap_every`` booths of a line there is a ``gap``; 0 is none.
    """

    block: str
    x: int
    y: int
    width: int
    depth: int
    count: int
    rows: int = 1
    aisle: int = 0
    line: str = Line.DOUBLE
    direction: str = Direction.ALONG
    first_number: int = 1
    next_letter: bool = False
    is_backwards: bool = False
    gap_every: int = 0
    gap: int = 0
    fitting: str = Booth.Fitting.SHELL
    power: int = 0
    is_accessible: bool = False
    is_published: bool = True

    @property
    def lines(self) -> list[str]:
        return ["upper", "lower"] if self.line == Line.DOUBLE else [self.line]

    @property
    def size(self) -> int:
        return self.count * self.rows * len(self.lines)


@dataclass
class Layout:
    """Booths that are not kept yet, and what keeps them from being: sentences by field of ``Rows``."""

    booths: list[Booth]
    refusals: list[ValidationError]


def lay_out(*, zone: Zone, rows: Rows, booths: list[Booth], structures: list[Structure]) -> Layout:
    """How the rows would stand among the booths and structures of the zone's hall; nothing is changed. One query.

    The booths have keys below nought, by which they are told apart until the database gives them theirs. Refuses with
    ``many`` and ``letters`` where there is nothing to show.
    """
    if rows.size > MOST:
        raise beside("count", _("At most %(most)s booths at once.") % {"most": dates.digits(str(MOST))}, "many")
    laid = list(_booths(zone, rows))
    ground = Ground([*booths, *structures, *laid])
    for booth in laid:
        _open(booth, zone.hall, ground, rows)
    return Layout(laid, [*_beyond(zone.hall, laid), *_overlapping(laid, ground), *_twins(zone, laid)])


@transaction.atomic
def add(*, zone: Zone, rows: Rows, user) -> list[Booth]:
    """Sets the rows into the zone, all of them or none; refuses with ``outside``, ``overlap`` and ``twin``."""
    # Rows that two people add at once are laid out one after the other, so that neither overlaps the other's.
    hall = Hall.objects.select_for_update(no_key=True).get(pk=zone.hall_id)
    standing, structures = Booth.objects.filter(zone__hall=hall), hall.structures.all()
    layout = lay_out(zone=zone, rows=rows, booths=list(standing), structures=list(structures))
    if layout.refusals:
        raise _together(layout.refusals)
    for booth in layout.booths:
        booth.pk = None
    try:
        with transaction.atomic():
            booths = Booth.objects.bulk_create(layout.booths)
    except IntegrityError:  # a code that somebody took meanwhile; the other rules were asked above
        raise beside("first_number", _("Another booth of this edition has this code."), "twin") from None
    for booth in booths:
        log(instance=booth, action="wagtail.create", user=user)
    words = {"count": len(booths), "first": booths[0].code, "last": booths[-1].code}
    log(instance=zone, action="exhibitors.lay_out", user=user, data=words)
    return booths


def _together(refusals):
    found = {}
    for refusal in refusals:
        for field, errors in refusal.error_dict.items():
            found.setdefault(field, []).extend(errors)
    return ValidationError(found)


def _booths(zone, rows) -> Iterator[Booth]:
    keys = numbers_from(1)
    across, number = 0, rows.first_number
    for row in range(rows.rows):
        letter, block = _names(rows, row)
        if rows.next_letter:
            number = rows.first_number
        for line in rows.lines:
            for place in range(rows.count):
                counted = rows.count - 1 - place if rows.is_backwards else place
                yield Booth(
                    pk=-next(keys),
                    edition_id=zone.hall.edition_id,
                    zone=zone,
                    code=f"{letter}{number + counted:02}",
                    block=block,
                    open_sides=AROUND[rows.direction][line],
                    fitting=rows.fitting,
                    power=rows.power,
                    is_accessible=rows.is_accessible,
                    is_published=rows.is_published,
                    **_rectangle(rows, place, across),
                )
            number += rows.count
            across += rows.depth
        across += rows.aisle


def _names(rows, row) -> tuple[str, str]:
    """The letter of a row's codes, and its block."""
    if not rows.next_letter:
        return rows.block, rows.block if rows.rows == 1 else f"{rows.block}{row + 1}"
    last = chr(ord(rows.block[-1]) + row)
    if not (rows.block[-1] >= "A" and last <= "Z"):
        raise beside("next_letter", _("There are not enough letters after %(block)s.") % {"block": rows.block}, "letters")
    return rows.block[:-1] + last, rows.block[:-1] + last


def _rectangle(rows, place, across) -> dict[str, int]:
    along = place * rows.width + (place // rows.gap_every * rows.gap if rows.gap_every else 0)
    if rows.direction == Direction.ALONG:
        return {"x": rows.x + along, "y": rows.y + across, "width": rows.width, "depth": rows.depth}
    return {"x": rows.x + across, "y": rows.y + along, "width": rows.depth, "depth": rows.width}


def _open(booth, hall, ground, rows):
    """An end of a row, and of each part of it, is open where a wheelchair gets by."""
    place, sides = ground.places[booth], AROUND[rows.direction]
    ends = [
        end for end in (sides["first"], sides["last"]) if _is_way(place.before(end, hall.wheelchair_width), hall, ground)
    ]
    booth.kind, booth.open_sides = TYPES[frozenset({booth.open_sides, *ends})]


def _is_way(area, hall, ground):
    is_within = area.left >= 0 and area.top >= 0 and area.right <= hall.width and area.bottom <= hall.depth
    return is_within and all(_is_door(thing) for thing in ground.within(area))


def _is_door(thing):
    return isinstance(thing, Structure) and thing.is_door


def _beyond(hall, laid):
    right, bottom = max(booth.x + booth.width for booth in laid), max(booth.y + booth.depth for booth in laid)
    if right > hall.width:
        words = {"reach": _metres(right), "width": _metres(hall.width)}
        yield beside(
            "x", _("The rows reach %(reach)s m from the west wall; the hall is %(width)s m wide.") % words, "outside"
        )
    if bottom > hall.depth:
        words = {"reach": _metres(bottom), "depth": _metres(hall.depth)}
        yield beside(
            "y", _("The rows reach %(reach)s m from the north wall; the hall is %(depth)s m deep.") % words, "outside"
        )


def _overlapping(laid, ground):
    found = []
    for booth in laid:
        met = [thing for thing in ground.within(Rectangle.of(booth)) if thing != booth and not _is_door(thing)]
        found += [(booth.code, thing.code if isinstance(thing, Booth) else thing.label) for thing in met]
    if found:
        pairs = ", ".join(f"{one} – {other}" for one, other in sorted(found)[:NAMED])
        yield beside("x", _("New booths would stand on what is there already: %(pairs)s.") % {"pairs": pairs}, "overlap")


def _twins(zone, laid):
    codes = [booth.code for booth in laid]
    taken = (
        Booth.objects.filter(edition=zone.hall.edition_id, code__in=codes).order_by("code").values_list("code", flat=True)
    )
    if taken := list(taken):
        words = {"codes": ", ".join(taken[:NAMED]), "count": dates.digits(str(len(taken)))}
        yield beside("first_number", _("Taken in this edition already: %(codes)s (%(count)s in all).") % words, "twin")


def _metres(centimetres):
    return dates.digits(f"{centimetres / 100:g}")
