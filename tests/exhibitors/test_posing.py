"""What the solver is asked is exactly what the rows say."""

import pytest

from exhibitors import placing, posing
from exhibitors.placing import Pair
from exhibitors.prices import extras
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals

pytestmark = pytest.mark.django_db

WEIGHTS = placing.Weights(near=61)


@pytest.fixture
def edition():
    return editions.edition()


def keys(things):
    return sorted(each.key for each in things)


def test_an_application_is_asked_with_all_its_needs_and_wishes_in_order(edition):
    booth, second, _third = proposals.fair(edition)
    agency = make.agency(kind="private", country="EE")
    needs = {"least_area": 12, "most_area": 24, "open_sides": 2, "power": 500, "fitting": "raw", "needs_access": True}
    row = proposals.accepted(
        edition, by=agency, wishes=[second, booth.zone, booth], weight=3, is_on_tour=True, **needs
    )  # fmt: skip

    assert posing.pose(edition, WEIGHTS).applications == (
        placing.Application(
            key=row.code,
            wishes=(placing.Wish(booth="A02"), placing.Wish(zone=booth.zone.code), placing.Wish(booth="A01")),
            least_area=120_000,
            most_area=240_000,
            open_sides=2,
            power=500,
            accessible=True,
            raw=True,
            zone_classes=("private/",),
            country="EE",
            is_on_tour=True,
            weight=3,
        ),
    )


@pytest.mark.parametrize(("fitting", "raw"), [("", None), ("raw", True), ("shell", False)])
def test_who_says_nothing_of_the_fitting_takes_either(edition, fitting, raw):
    proposals.fair(edition)
    proposals.accepted(edition, fitting=fitting)

    assert [each.raw for each in posing.pose(edition, WEIGHTS).applications] == [raw]


def test_a_booth_is_given_with_all_that_it_has(edition):
    hall = make.hall(edition)
    zone = make.zone(hall, by_application=True, kind="private", zone_class="premium", power_budget=5_000)
    make.booth(
        zone, "B7", x=300, y=600, width=600, depth=400, kind="corner", open_sides="NE", fitting="raw", power=2_000,
        is_accessible=True, is_on_route=True, block="B",
    )  # fmt: skip

    assert posing.pose(edition, WEIGHTS).zone_power == {zone.code: 5_000}
    assert posing.pose(edition, WEIGHTS).booths == (
        placing.Booth(
            key="B7",
            zone=zone.code,
            x=300 + hall.pk * posing.BETWEEN_HALLS,
            y=600,
            width=600,
            depth=400,
            quarter="B",
            open_sides=2,
            power=2_000,
            accessible=True,
            raw=True,
            zone_class="private/premium",
            is_on_route=True,
        ),
    )


def test_without_a_block_the_booths_of_one_row_are_near_each_other(edition):
    zone = make.zone(make.hall(edition), by_application=True)
    for code, y in [("A1", 0), ("A2", 0), ("B1", 900)]:
        make.booth(zone, code, x=300 * int(code[1]), y=y)

    assert [each.quarter for each in posing.pose(edition, WEIGHTS).booths] == ["row 0", "row 0", "row 900"]


def test_a_class_of_zones_is_for_who_wishes_for_it(edition):
    hall = make.hall(edition)
    premium = make.zone(hall, by_application=True, zone_class="premium")
    guests = make.zone(hall, by_application=True, zone_class="guests", kind="private")
    booth = make.booth(guests, "G1")
    agencies = [make.agency(kind=kind) for kind in ("private", "private", "media")]
    for agency, wishes in zip(agencies, [[], [premium], [premium, booth]], strict=True):
        proposals.accepted(edition, by=agency, wishes=wishes)

    found = {each.zone_classes for each in posing.pose(edition, WEIGHTS).applications}

    assert found == {
        ("private/",),
        ("/premium", "private/", "private/premium"),
        ("/guests", "/premium", "media/", "media/guests", "media/premium"),
    }, "who is not private stands in no zone of private/guests"


def test_of_a_zones_power_what_others_were_promised_is_gone(edition):
    free, asked, booked, given_back = proposals.fair(edition, 4, power_budget=1_000)
    row = proposals.accepted(edition, power=300)
    make.booking(asked, row.agency, "held", application=row)
    booked.power = 500
    booked.save()
    make.booking(booked)
    make.booking(given_back, state="released")
    proposals.accepted(edition)

    zone = free.zone.code
    assert posing.pose(edition, WEIGHTS).zone_power == {zone: 200}
    assert posing.standing(edition)[0].zone_power == {zone: 500}, "who applied counts by themselves"
    booked.power = 5_000
    booked.save()
    assert posing.pose(edition, WEIGHTS).zone_power == {zone: 0}


def test_what_was_ordered_for_booths_of_a_zone_is_gone_too(edition):
    free, applied, booked = proposals.fair(edition, 3, power_budget=1_000)
    row = proposals.accepted(edition, power=300)
    socket = make.extra(edition, "Socket", watts=50)
    for booth, agency, application in ((applied, row.agency, row), (booked, make.agency(), None)):
        booking = make.booking(booth, agency, application=application)
        extras.order(booking=booking, wanted={socket: 2}, user=make.member(agency))
    proposals.accepted(edition)

    assert posing.pose(edition, WEIGHTS).zone_power == {free.zone.code: 500}
    assert posing.standing(edition)[0].zone_power == {free.zone.code: 800}, "who applied counts by themselves"


def test_booths_of_two_halls_are_never_close(edition):
    booths = [make.booth(make.zone(make.hall(edition), by_application=True), code) for code in ("A1", "B1")]
    problem = posing.pose(edition, WEIGHTS)

    assert [
        problem.booth_by_key[booth.code].place in problem.close[problem.booth_by_key["A1"].place] for booth in booths
    ] == [
        True,
        False,
    ]


def test_only_free_published_booths_that_are_applied_for_are_given(edition):
    free, held, confirmed, lapsed, hidden = proposals.fair(edition, 5)
    make.booking(held, state="held")
    make.booking(confirmed)
    make.overdue(lapsed)
    hidden.is_published = False
    hidden.save()
    make.booth(make.zone(free.zone.hall), "B01")
    proposals.fair(editions.edition(slug="other"), 1)

    assert keys(posing.pose(edition, WEIGHTS).booths) == [free.code, lapsed.code]


def test_only_accepted_applications_without_a_booth_or_an_offer_are_placed(edition):
    booths = proposals.fair(edition, 4)
    waits = proposals.accepted(edition)
    for state in ("draft", "submitted", "returned", "waitlisted", "refused", "withdrawn"):
        make.application(edition, state=state)
    has_one, has_an_offer, holds_another, let_it_go = (proposals.accepted(edition) for _each in range(4))
    make.booking(booths[0], has_one.agency)
    make.booking(booths[1], has_an_offer.agency, "held", application=has_an_offer)
    make.booking(booths[2], holds_another.agency, "held")
    make.booking(booths[3], let_it_go.agency, "lapsed", application=let_it_go)
    proposals.accepted(editions.edition(slug="other"), by=has_one.agency)

    assert keys(posing.pose(edition, WEIGHTS).applications) == sorted([waits.code, holds_another.code, let_it_go.code])


def test_neighbours_count_where_they_are_known_and_apply_too(edition):
    proposals.fair(edition)
    one, other, third = sorted((proposals.accepted(edition) for _each in range(3)), key=lambda row: row.code)
    proposals.neighbour(one, other.agency, "near")
    proposals.neighbour(other, one.agency, "near")
    proposals.neighbour(other, third.agency, "rivals")
    proposals.neighbour(third, other.agency, "near")
    proposals.neighbour(third, one.agency, "apart")
    proposals.neighbour(one, make.agency(), "apart")
    proposals.neighbour(one, one.agency, "near")
    one.neighbours.create(kind="apart", name="Nobody we know")

    problem = posing.pose(edition, WEIGHTS)

    assert problem.near == {Pair(one.code, other.code)}
    assert problem.rivals == {Pair(other.code, third.code)}, "rather apart goes before near"
    assert problem.apart == {Pair(one.code, third.code)}


def test_a_booth_to_which_somebody_is_pinned_is_theirs_alone_whatever_its_zone_is_meant_for(edition):
    proposals.fair(edition, 1)
    pinned_to = make.booth(make.zone(make.hall(edition), kind="media"), "M1")
    row = proposals.accepted(edition, pin=pinned_to)
    proposals.accepted(edition)

    problem = posing.pose(edition, WEIGHTS)

    assert problem.pins == {row.code: "M1"}
    assert keys(problem.booths) == ["A01", "M1"]
    assert (problem.booth_by_key["M1"].zone_class, problem.by_key[row.code].zone_classes) == (row.code, (row.code,))


def test_a_pin_to_a_booth_that_cannot_be_given_stands_in_the_way(edition):
    taken, hidden, free = proposals.fair(edition)
    make.booking(taken)
    hidden.is_published = False
    hidden.save()
    proposals.accepted(edition, "Ministry of Pins", pin=taken)
    proposals.accepted(edition, "Ministry of Hidden Pins", pin=hidden)
    proposals.accepted(edition, pin=free)

    assert posing.obstacles(edition) == [
        "Ministry of Pins is pinned to booth A01, which is taken or not published.",
        "Ministry of Hidden Pins is pinned to booth A02, which is taken or not published.",
    ]
    assert list(posing.pose(edition, WEIGHTS).pins.values()) == ["A03"]


def test_the_same_rows_are_the_same_question(edition):
    booths = proposals.fair(edition)
    proposals.accepted(edition, wishes=booths)

    assert posing.pose(edition, WEIGHTS).digest == posing.pose(edition, WEIGHTS).digest
    assert posing.pose(edition, WEIGHTS).digest != posing.pose(edition, placing.Weights()).digest


@pytest.mark.parametrize("number", [1, 3])
def test_asking_takes_the_same_number_of_queries_however_many_apply(edition, number, django_assert_num_queries):
    booths = proposals.fair(edition, number, power_budget=9_000)
    for booth in booths:
        row = proposals.accepted(edition, wishes=[booth, booth.zone], pin=booth)
        proposals.neighbour(row, make.agency())

    with django_assert_num_queries(7):
        posing.pose(edition, WEIGHTS)


@pytest.mark.parametrize("number", [1, 3])
def test_so_does_what_stands_already(edition, number, django_assert_num_queries):
    booths = proposals.fair(edition, number, power_budget=9_000)
    rows = [proposals.accepted(edition, wishes=[booth]) for booth in booths]
    make.booking(booths[0], rows[0].agency, "held", application=rows[0])

    with django_assert_num_queries(8):
        problem, answer = posing.standing(edition)

    assert answer == {rows[0].code: "A01"}
    assert keys(problem.booths) == [booth.code for booth in booths]
