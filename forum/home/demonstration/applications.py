"""A third hall whose booths are applied for, and made-up companies that want them: enough to propose an allocation."""

import datetime
import random

from django.db import transaction
from django.utils import timezone

from cms import khmer
from cms.models import Edition
from exhibitors.models import Agency, Application, Booth, Call, Hall, Neighbour, Structure, Wish, Zone
from forum.home.demonstration import halls, prices

HALL = {"name_en": "Hall C", "name_km": "សាលពិព័រណ៍ C", "width": 4_200, "depth": 3_500}
STREET = {"name_en": "Start-up street", "name_km": "ផ្លូវធុរកិច្ចថ្មី", "by_application": True, "colour": "teal", "pattern": "dots"}
SQUARE = {
    "name_en": "Sponsors’ square",
    "name_km": "ទីលានអ្នកឧបត្ថម្ភ",
    "by_application": True,
    "colour": "amber",
    "pattern": "grid",
}
DOORS = [
    {"kind": "entrance", "x": 1_900, "y": 3_480, "width": 600, "depth": 20},
    {"kind": "exit", "x": 1_900, "y": 0, "width": 240, "depth": 20},
]
APPLICANTS = 34
KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
STATE = Application.State
CALL_TEXT = {
    "text_en": "Tell us what you show and what it needs. All booths are proposed at once, by the same rules for everybody.",
    "text_km": "សូមប្រាប់យើងអំពីអ្វីដែលលោកអ្នកចង់បង្ហាញ និងតម្រូវការរបស់វា។ ស្តង់ត្រូវរៀបចំសម្រាប់ទាំងអស់គ្នាក្នុងពេលតែមួយ តាមវិធានដូចគ្នា។",
}


@transaction.atomic
def load(edition: Edition) -> None:
    hall = Hall.objects.create(edition=edition, **HALL)
    Structure.objects.bulk_create(Structure(hall=hall, **fields) for fields in DOORS)
    street, square = (Zone.objects.create(hall=hall, **fields) for fields in (STREET, SQUARE))
    small = _booths(edition, street, "F", halls.blocks("F", 400, 5, 2))
    booths = small + _booths(edition, square, "G", halls.islands("G", 700, 2))
    Booth.objects.bulk_create(booths)
    days = {"opens_on": edition.today, "closes_on": edition.today + datetime.timedelta(days=60)}
    Call.objects.create(edition=edition, profiles_due_on=edition.opens_on - datetime.timedelta(days=28), **days, **CALL_TEXT)
    _apply(edition, booths, [street, square])
    prices.load(edition)  # its zones are among those with a price


def _booths(edition, zone, letter, rectangles):
    return [
        Booth(edition=edition, zone=zone, code=f"{letter}{number:02}", **rectangle)
        for number, rectangle in enumerate(rectangles, 1)
    ]


def _apply(edition, booths, zones):
    """Most are accepted, the last few still to be decided on; the same wishes each time."""
    chance, now = random.Random(2036), timezone.now()  # noqa: S311 no secret
    agencies = _agencies()
    states = [STATE.ACCEPTED] * (APPLICANTS - 6) + [STATE.SUBMITTED] * 4 + [STATE.WAITLISTED] * 2
    for number, (agency, state) in enumerate(zip(agencies, states, strict=True)):
        is_large = number % 12 == 5
        application = Application.objects.create(
            edition=edition, agency=agency, state=state, submitted_at=now - datetime.timedelta(hours=APPLICANTS - number),
            least_area=36 if is_large else 9, open_sides=4 if is_large else chance.choice([1, 1, 1, 2]),
            power=chance.choice([500, 1_000, 1_500]), needs_access=number % 9 == 0, is_on_tour=number % 7 == 0,
        )  # fmt: skip
        wished = [zones[1]] if is_large else [*chance.sample(booths[:-2], 3), zones[0]]
        Wish.objects.bulk_create(
            Wish(application=application, rank=rank, **{"booth" if isinstance(wish, Booth) else "zone": wish})
            for rank, wish in enumerate(wished, 1)
        )
        if number % 8 == 3:
            other = agencies[number - 1]
            Neighbour.objects.create(
                application=application, kind="near" if number % 16 == 3 else "apart", name=other.name_en, agency=other
            )


def _agencies() -> list[Agency]:
    made_up = [_made_up(number) for number in range(1, APPLICANTS + 1)]
    known = Agency.objects.in_bulk([agency.name_en for agency in made_up], field_name="name_en")
    Agency.objects.bulk_create(agency for agency in made_up if agency.name_en not in known)
    return [known.get(agency.name_en, agency) for agency in made_up]


def _made_up(number) -> Agency:
    name_en = f"Example Start-up {number:02}"
    name_km = f"ធុរកិច្ចថ្មីឧទាហរណ៍ {number:02}".translate(KHMER_DIGITS)
    return Agency(
        name_en=name_en, name_km=name_km, kind=Agency.Kind.PRIVATE, country="KH",
        search_text=khmer.fold(f"{name_en} {name_km}"), sort_key=khmer.sort_key(name_en),
    )  # fmt: skip
