"""A floor of 1,200 booths, two thirds of them taken, by agencies whose names repeat no more than real ones do."""

import random

from cms.models import Edition
from exhibitors.models import Agency, Booth
from tests.factories import cms, exhibitors

HALLS, ZONES, ROWS, LONG = 2, 4, 10, 15  # halls, zones of a hall, rows of a zone, booths of a row
SIDE, AISLE, MARGIN = 300, 300, 600  # centimetres
SEED = 7
FIRST = ["Angkor", "Mekong", "Apsara", "Bayon", "Romduol", "Kravan", "Tonle", "Kirirom", "Bokor", "Rumdeng", "Veasna"]
SECOND = ["Digital", "Data", "Cloud", "Identity", "Payment", "Network", "Rural", "Public", "Open", "Secure", "Green"]
THIRD = ["Agency", "Institute", "Authority", "Holdings", "Co., Ltd.", "University", "Centre for Research", "Association"]
CORNERS = {"NW": "NW", "NE": "NE", "SW": "SW", "SE": "ES"}


def make() -> Edition:
    edition = cms.edition(slug="bench-floor", is_current=False)
    booths = [booth for number in range(HALLS) for booth in _hall(edition, number)]
    draw = random.Random(SEED)
    for number, booth in enumerate(Booth.objects.bulk_create(booths)):
        if state := draw.choices(["confirmed", "held", None], [8, 1, 3])[0]:
            exhibitors.booking(booth, _agency(draw, number), state)
    return edition


def _hall(edition, number):
    width = ZONES * (LONG * SIDE + MARGIN) + MARGIN
    depth = ROWS // 2 * (2 * SIDE + AISLE) + 2 * MARGIN
    hall = exhibitors.hall(edition, name_en=f"Hall {number + 1}", name_km=f"សាល {number + 1}", width=width, depth=depth)
    for place in range(8):
        exhibitors.structure(hall, x=MARGIN + place * width // 9, y=MARGIN // 2)
    exhibitors.structure(hall, "entrance", x=width // 2, y=depth - 20, width=600, depth=20)
    exhibitors.structure(hall, "exit", x=0, y=depth // 2, width=20, depth=300)
    for place in range(ZONES):
        letter = "ABCDEFGH"[number * ZONES + place]
        zone = exhibitors.zone(hall, name_en=f"Zone {letter}", name_km=f"តំបន់ {letter}")
        yield from _zone(zone, letter, MARGIN + place * (LONG * SIDE + MARGIN))


def _zone(zone, letter, left):
    """Pairs of rows, back to back."""
    for row in range(ROWS):
        top = MARGIN + row * SIDE + (row // 2) * AISLE
        front = "NS"[row % 2]
        for place in range(LONG):
            fields = {"kind": "inline", "open_sides": front}
            if place in (0, LONG - 1):
                fields = {"kind": "corner", "open_sides": CORNERS[front + "WE"[place > 0]]}
            code = f"{letter}{row * LONG + place + 1:03}"
            yield Booth(
                edition=zone.hall.edition,
                zone=zone,
                code=code,
                x=left + place * SIDE,
                y=top,
                width=SIDE,
                depth=SIDE,
                **fields,
            )


def _agency(draw, number) -> Agency:
    words = [draw.choice(FIRST), draw.choice(SECOND), draw.choice(SECOND), draw.choice(THIRD)]
    name = f"{' '.join(words)} {number}"
    return exhibitors.agency(name, kind=draw.choice(Agency.Kind.values))
