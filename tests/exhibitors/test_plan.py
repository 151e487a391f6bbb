"""The plan and its table: the same booths, the same words."""

import pytest
from django.utils import translation

from exhibitors import plan
from exhibitors.models import Zone
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition, name_en="Hall 1"), name_en="Public services")


def states(rows):
    return [(stand.booth.code, str(stand.state), stand.exhibitor and stand.exhibitor.name_en) for stand in rows]


def test_public_sees_who_is_confirmed_and_not_who_holds(edition, zone):
    _free, held, late, taken = make.booths(zone, 4)
    make.booking(held, make.agency("Quiet Agency"), "held")
    make.overdue(late, make.agency("Late Agency"))
    make.booking(taken, make.agency("Open Agency"))

    assert states(plan.stands(edition)) == [
        ("A01", "free", None),
        ("A02", "held", None),
        ("A03", "free", None),
        ("A04", "taken", "Open Agency"),
    ]


def test_agency_sees_its_own_hold_and_what_is_meant_for_others(edition, zone):
    _free, own = make.booths(zone, 2)
    make.booth(make.zone(zone.hall, kind="academia"), "B01", x=600)
    agency = make.agency("Own Agency")
    make.booking(own, agency, "held")

    assert states(plan.stands(edition, agency=agency)) == [
        ("A01", "free", None),
        ("A02", "yours", "Own Agency"),
        ("B01", "others", None),
    ]


def test_unpublished_booths_and_other_editions_are_not_drawn(edition, zone):
    make.booth(zone, "A01")
    make.booth(zone, "A02", x=300, is_published=False)
    make.booth(make.zone(make.hall(editions.edition("other"))), "A03")

    assert [stand.booth.code for stand in plan.stands(edition)] == ["A01"]


def test_codes_are_ordered_by_their_numbers(edition, zone):
    for place, code in enumerate(["A10", "B1", "A2"]):
        make.booth(zone, code, x=300 * place)

    assert [stand.booth.code for stand in plan.stands(edition)] == ["A2", "A10", "B1"]


def test_keyboard_walks_down_one_side_of_an_aisle_and_back_on_the_other(edition, zone):
    for code, x, y in [("A1", 0, 0), ("A2", 300, 0), ("B1", 0, 600), ("B2", 300, 600), ("C1", 0, 900), ("C2", 300, 900)]:
        make.booth(zone, code, x=x, y=y)

    walk = plan.along_aisles(plan.stands(edition))

    assert [stand.booth.code for stand in walk] == ["A1", "A2", "B2", "B1", "C1", "C2"]


def test_a_row_is_what_lies_in_one_line_give_or_take_half_a_booth(edition, zone):
    for code, x, y in [("A1", 0, 0), ("A2", 300, 100), ("A3", 600, 50), ("B1", 0, 400), ("B2", 600, 450)]:
        make.booth(zone, code, x=x, y=y)

    walk = plan.along_aisles(plan.stands(edition))

    assert [stand.booth.code for stand in walk] == ["A1", "A2", "A3", "B2", "B1"]


def test_aisles_from_north_to_south_are_walked_along_too(edition, zone):
    for code, x, y in [("A1", 0, 0), ("A2", 0, 300), ("B1", 600, 0), ("B2", 600, 300)]:
        make.booth(zone, code, x=x, y=y, open_sides="E" if x == 0 else "W")

    walk = plan.along_aisles(plan.stands(edition))

    assert [stand.booth.code for stand in walk] == ["A1", "A2", "B2", "B1"]


def test_names_of_doors_stand_outside_the_hall_along_their_wall(edition, zone):
    make.booth(zone)
    make.structure(zone.hall, "exit", x=1_000, y=0, width=240, depth=20)
    make.structure(zone.hall, "entrance", x=1_000, y=3_980, width=600, depth=20)
    make.structure(zone.hall, "exit", x=0, y=2_000, width=20, depth=240)
    make.structure(zone.hall, "exit", x=5_980, y=2_000, width=20, depth=240)

    (sheet,) = plan.sheets(plan.stands(edition))

    assert [(fixture.x, fixture.y, fixture.turn) for fixture in sheet.fixtures] == [
        (1_120, -42, 0),
        (-42, 2_120, -90),
        (6_084, 2_120, -90),
        (1_300, 4_084, 0),
    ]


def test_letters_of_a_stage_become_small_enough_for_it(edition, zone):
    make.booth(zone)
    make.structure(zone.hall, "stage", name_en="Main stage", width=300, depth=200)
    make.structure(zone.hall, "stage", name_en="Main stage", width=3_000, depth=200)

    (sheet,) = plan.sheets(plan.stands(edition))

    assert [fixture.letters for fixture in sheet.fixtures] == [48, 84]


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ({}, ["A01", "A02", "A03", "B01"]),
        ({"state": "free"}, ["A01", "B01"]),
        ({"state": "taken"}, ["A02", "A03"]),
        ({"words": "open agency"}, ["A03"]),
        ({"words": "quiet"}, []),
        ({"words": "ក្រសួង"}, ["A03"]),
        ({"words": "b01"}, ["B01"]),
        ({"kind": "private"}, ["A03"]),
        ({"kind": "government"}, []),  # who holds a booth is nobody's business, and neither is their kind
        ({"type": "corner"}, ["B01"]),
        ({"type": "inline", "state": "free"}, ["A01"]),
    ],
)
def test_filter_marks_what_fits(edition, zone, chosen, codes):
    _free, held, taken = make.booths(zone, 3)
    make.booth(make.zone(zone.hall), "B01", x=900, kind="corner", open_sides="ES")
    make.booking(held, make.agency("Quiet Agency"), "held")
    make.booking(taken, make.agency("Open Agency", name_km="ក្រសួងឧទាហរណ៍", kind="private"))

    stands = plan.stands(edition)

    assert [stand.booth.code for stand in plan.mark(stands, **chosen)] == codes
    assert [stand.booth.code for stand in stands if stand.is_match] == codes


def test_filter_by_zone(edition, zone):
    make.booth(zone, "A01")
    other = make.booth(make.zone(zone.hall), "B01", x=900)

    assert [row.booth for row in plan.mark(plan.stands(edition), zone=other.zone.code)] == [other]


def test_label_reads_code_size_state_and_exhibitor(edition, zone):
    make.booking(make.booth(zone, "A01", width=400), make.agency("Open Agency"))
    (stand,) = plan.stands(edition)

    assert stand.label == "Booth A01, 12 m², taken, Open Agency"
    with translation.override("km"):
        assert "១២" in stand.label


def test_walls_are_the_closed_sides(edition, zone):
    make.booth(zone, "A01", x=100, y=200, kind="corner", open_sides="ES")
    (stand,) = plan.stands(edition)

    assert stand.walls == "M0 0H300M0 0V300"  # north and west, from the booth's corner


def test_zone_is_drawn_a_little_around_its_booths(edition, zone):
    make.booth(zone, "A01", x=300, y=100)
    make.booth(zone, "A02", x=900, y=700, width=600, depth=400)

    ((area,),) = [sheet.areas for sheet in plan.sheets(plan.stands(edition))]

    assert (area.x, area.y, area.width, area.depth) == (250, 50, 1_300, 1_100)


def test_each_pattern_of_zones_can_be_drawn():
    assert list(plan.PATTERNS) == list(Zone.Pattern)


@pytest.mark.parametrize("count", [1, 3])
def test_plan_takes_four_queries_however_many_booths(edition, zone, count, django_assert_num_queries):
    for booth in make.booths(zone, count):
        make.booking(booth)
        make.structure(zone.hall)

    with django_assert_num_queries(4):
        [(stand.label, stand.walls) for sheet in plan.sheets(plan.stands(edition)) for stand in sheet.stands]


def test_vicinity_is_cut_to_what_one_sees_around_the_booth(edition, zone):
    for code, x in [("A1", 0), ("A2", 900), ("A3", 1_800), ("A4", 3_000)]:
        make.booth(zone, code, x=x)
    stands = plan.stands(edition)

    (sheet,) = plan.vicinity(stands, stands[1:2])

    assert sheet.view_box == "100 -800 1900 1900"
    assert [(stand.booth.code, stand.is_match) for stand in sheet.stands] == [("A1", False), ("A2", True), ("A3", False)]
