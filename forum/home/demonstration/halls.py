"""Two halls, five zones, some 150 booths of three metres by three, and who has taken which."""

import datetime
import random

from django.db import transaction
from django.utils import timezone

from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth, Hall, Structure, Zone
from forum.home.demonstration.agencies import MADE_UP

SIDE, AISLE, ISLANDS_APART = 300, 400, 1_500  # centimetres
KIND, STATE = Agency.Kind, Booking.State

HALLS = [
    {"name_en": "Hall A", "name_km": "សាលពិព័រណ៍ A", "width": 7_000, "depth": 3_500},
    {"name_en": "Hall B", "name_km": "សាលពិព័រណ៍ B", "width": 7_600, "depth": 3_500},
]
# Doors in the walls, the same in both halls; the first has a stage too.
DOORS = [
    {"kind": "entrance", "name_en": "Main entrance", "name_km": "ច្រកចូលធំ", "x": 3_300, "y": 3_480, "width": 600, "depth": 20},
    {"kind": "exit", "x": 1_000, "y": 0, "width": 240, "depth": 20},
    {"kind": "exit", "x": 6_000, "y": 0, "width": 240, "depth": 20},
]
STAGE = {"kind": "stage", "name_en": "Main stage", "name_km": "ឆាកធំ", "x": 3_200, "y": 2_600, "width": 800, "depth": 400}
UNIVERSITIES = {
    "name_en": "Universities and start-ups",
    "name_km": "សាកលវិទ្យាល័យ និងធុរកិច្ចថ្មី",
    "confirms_at_once": True,
    "zone_class": "academia",
    "power_budget": 70_000,
    "colour": "amber",
    "pattern": "crosses",
}
MINISTRIES = {
    "name_en": "Ministries and authorities",
    "name_km": "ក្រសួង និងស្ថាប័នរដ្ឋ",
    "kind": KIND.GOVERNMENT,
    "zone_class": "government",
    "power_budget": 120_000,
    "colour": "blue",
    "pattern": "lines",
}
SERVICES = {
    "name_en": "Services for citizens",
    "name_km": "សេវាសម្រាប់ប្រជាពលរដ្ឋ",
    "power_budget": 60_000,
    "colour": "teal",
    "pattern": "dots",
}
PARTNERS = {
    "name_en": "International partners",
    "name_km": "ដៃគូអន្តរជាតិ",
    "power_budget": 80_000,
    "colour": "green",
    "pattern": "waves",
}
COMPANIES = {
    "name_en": "Companies",
    "name_km": "ក្រុមហ៊ុន",
    "kind": KIND.PRIVATE,
    "power_budget": 70_000,
    "colour": "violet",
    "pattern": "diamonds",
}
# Letter of the booths, hall, left edge, booths in a row, columns of blocks, islands; names and rules.
ZONES = [
    ("A", 0, 400, 6, 2, 2, MINISTRIES),
    ("B", 0, 5_000, 5, 1, 1, SERVICES),
    ("C", 1, 400, 7, 1, 2, PARTNERS),
    ("D", 1, 3_000, 6, 1, 1, COMPANIES),
    ("E", 1, 5_300, 6, 1, 1, UNIVERSITIES),
]
# How many agencies of each kind have a booth, and in which zone.
TAKEN = [
    ([KIND.GOVERNMENT], "A", 30),
    ([KIND.GOVERNMENT], "B", 8),
    ([KIND.FOREIGN_GOVERNMENT, KIND.PARTNER], "C", 24),
    ([KIND.PRIVATE], "D", 15),
    ([KIND.ACADEMIA], "E", 13),
]
HELD_EVERY = 9  # one booking of so many still waits for its confirmation


@transaction.atomic
def load(edition: Edition) -> None:
    halls = [Hall.objects.create(edition=edition, **fields) for fields in HALLS]
    Structure.objects.bulk_create(Structure(hall=hall, **fields) for hall in halls for fields in DOORS)
    Structure.objects.create(hall=halls[0], **STAGE)
    floor = {}
    for letter, hall, left, length, columns, large, fields in ZONES:
        zone = Zone.objects.create(hall=halls[hall], **fields)
        rectangles = [*blocks(letter, left, length, columns), *islands(letter, left, large)]
        floor[letter] = [
            Booth(edition=edition, zone=zone, code=f"{letter}{number:02}", **rectangle)
            for number, rectangle in enumerate(rectangles, 1)
        ]
    Booth.objects.bulk_create(booth for booths in floor.values() for booth in booths)
    Booking.objects.bulk_create(_bookings(floor))


def blocks(letter, left, length, columns):
    """Blocks of two rows back to back, two deep, with aisles around them; the guest of honour walks down the middle."""
    for column in range(columns):
        for block in range(2):
            x = left + column * (length * SIDE + AISLE)
            y = 500 + block * (2 * SIDE + AISLE)
            name = f"{letter}{2 * column + block + 1}"
            yield from _row(x, y, length, "N", ("NW", "NE"), block=name, is_on_route=block == 1)
            yield from _row(x, y + SIDE, length, "S", ("SW", "ES"), block=name, is_on_route=block == 0)


def _row(x, y, length, side, corners, **fields):
    for number in range(length):
        is_corner = number in (0, length - 1)
        sides = corners[number > 0] if is_corner else side
        kind = Booth.Kind.CORNER if is_corner else Booth.Kind.INLINE
        yield {
            "x": x + number * SIDE,
            "y": y,
            "width": SIDE,
            "depth": SIDE,
            "kind": kind,
            "open_sides": sides,
            "power": 2_000,
            "is_accessible": is_corner,
        } | fields


def islands(letter, left, count):
    """Large booths open on all sides, south of the blocks."""
    for number in range(count):
        yield {
            "x": left + number * ISLANDS_APART,
            "y": 2_500,
            "width": 2 * SIDE,
            "depth": 2 * SIDE,
            "kind": Booth.Kind.ISLAND,
            "open_sides": "NESW",
            "fitting": Booth.Fitting.RAW,
            "power": 9_000,
            "is_accessible": True,
            "block": f"{letter}-{number + 1}",
        }


def _bookings(floor):
    """Bookings as their acts leave them; the same booths for the same agencies each time."""
    chance, now = random.Random(2035), timezone.now()  # noqa: S311 no secret
    made_up = [row["name_en"] for row in MADE_UP]
    placed = set()
    for kinds, letter, count in TAKEN:
        bodies = Agency.objects.filter(kind__in=kinds).exclude(name_en__in=made_up).order_by("name_en")
        agencies = [agency for agency in bodies if agency not in placed][:count]
        placed.update(agencies)
        booths = chance.sample(floor[letter], len(agencies))
        for number, (agency, booth) in enumerate(zip(agencies, booths, strict=True), 1):
            is_held = number % HELD_EVERY == 0 and not booth.zone.confirms_at_once
            yield _booking(booth, agency, now, is_held)


def _booking(booth, agency, now, is_held) -> Booking:
    if is_held:
        until = now + datetime.timedelta(hours=booth.zone.hold_hours)
        return Booking(booth=booth, agency=agency, state=STATE.HELD, booked_at=now, held_until=until)
    return Booking(booth=booth, agency=agency, state=STATE.CONFIRMED, booked_at=now, confirmed_at=now)
