"""Processes that want the same booth at the same moment."""

import pytest
from django.contrib.auth import get_user_model

from exhibitors import allocation, tasks
from exhibitors.models import Agency, Booking, Booth
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused

RUNNERS = 8
ROUNDS = 20


def prepare(agencies, booths, overdue=False):
    """Rows to race for; the codes of the agencies, each with one manager named after it."""
    zone = make.zone(make.hall(editions.edition(slug="race")))
    rows = make.booths(zone, booths)
    if overdue:
        make.overdue(rows[0])
    codes = []
    for number in range(agencies):
        agency = make.agency(f"Runner {number}")
        make.member(agency, email=f"{agency.code}@example.org".lower())
        codes.append(agency.code)
    return codes


def book(agency, booth):
    agency = Agency.objects.get(code=agency)
    booth = Booth.objects.get(edition__slug="race", code=booth)
    return allocation.book(booth=booth, agency=agency, user=agency.people.get()).agency.code


def book_without_waiting(agency, booth):
    """The act with its locks taken out: what is left is the database."""
    allocation._lock = lambda agency, booth: (agency, booth)
    return book(agency, booth)


def sweep_or_book(agency):
    return book(agency, "A01") if agency else tasks.release_expired_holds()


def live():
    rows = Booking.objects.filter(state__in=["held", "confirmed"]).order_by("booth__code")
    return [(row.booth.code, row.agency.code) for row in rows.select_related("booth", "agency")]


def lapsed():
    return Booking.objects.filter(state="lapsed").count()


@pytest.mark.parametrize("act", [book, book_without_waiting])
def test_one_of_many_agencies_gets_the_booth_and_the_others_are_told(race, act):
    agencies = race.prepare(prepare, agencies=RUNNERS, booths=1)

    outcomes = race(act, [{"agency": code, "booth": "A01"} for code in agencies])

    winners = [outcome for outcome in outcomes if not isinstance(outcome, Refused)]
    assert race.inspect(live) == [("A01", winners[0])]
    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("taken")] * (RUNNERS - 1)


def test_agency_that_books_many_booths_at_once_gets_one(race):
    (agency,) = race.prepare(prepare, agencies=1, booths=RUNNERS)

    outcomes = race(book, [{"agency": agency, "booth": f"A{n + 1:02}"} for n in range(RUNNERS)])

    assert sorted(map(str, outcomes)) == sorted(map(str, [agency] + [Refused("limit")] * (RUNNERS - 1)))
    assert len(race.inspect(live)) == 1


def test_hold_past_its_time_lapses_once_while_others_book_and_sweep(race):
    agencies = race.prepare(prepare, agencies=4, booths=1, overdue=True)

    outcomes = race(sweep_or_book, [{"agency": code} for code in [*agencies, None, None]])

    winners = [outcome for outcome in outcomes[:4] if not isinstance(outcome, Refused)]
    assert race.inspect(live) == [("A01", winners[0])]
    assert race.inspect(lapsed) == 1


def test_of_32_agencies_that_race_for_10_booths_10_get_one_and_22_are_told(race):
    agencies = race.prepare(prepare, agencies=32, booths=10)

    outcomes = race(book, [{"agency": code, "booth": f"A{n % 10 + 1:02}"} for n, code in enumerate(agencies)])

    assert len(race.inspect(live)) == 10
    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("taken")] * 22


def prepare_to_move():
    """Three booths, of which two are taken."""
    zone = make.zone(make.hall(editions.edition(slug="race")))
    rows = make.booths(zone, 3)
    make.exhibition_manager(email="organiser@example.org")
    return [make.booking(row).code for row in rows[:2]]


def move_or_swap(code, to):
    user = get_user_model().objects.get(email="organiser@example.org")
    booking = Booking.objects.get(code=code)
    if to.startswith("A"):
        allocation.move(booking=booking, booth=Booth.objects.get(code=to), user=user, reason="x")
    else:
        allocation.swap(one=booking, other=Booking.objects.get(code=to), user=user, reason="x")


def test_two_who_are_moved_to_one_booth_at_once_never_stand_there_together(race):
    codes = race.prepare(prepare_to_move)

    outcomes = race(move_or_swap, [{"code": code, "to": "A03"} for code in codes * 3])

    assert len(race.inspect(live)) == 2
    assert {outcome for outcome in outcomes if isinstance(outcome, Refused)} == {Refused("taken")}


def confirm_or_swap(confirms):
    organiser = get_user_model().objects.get(email="organiser@example.org")
    one, other = Booking.objects.order_by("pk")
    for _round in range(ROUNDS):
        if confirms:
            allocation.confirm(booking=one, user=organiser)
        else:
            allocation.swap(one=one, other=other, user=organiser, reason="x")


def test_a_booking_whose_booth_changes_while_somebody_acts_upon_it_is_found(race):
    race.prepare(prepare_to_move)

    race(confirm_or_swap, [{"confirms": confirms} for confirms in (True, True, False)])

    assert [booth for booth, _agency in race.inspect(live)] == ["A01", "A02"]


def test_swaps_and_moves_at_once_neither_wait_for_each_other_for_ever_nor_lose_anybody(race):
    one, other = race.prepare(prepare_to_move)

    race(move_or_swap, [{"code": one, "to": other}, {"code": other, "to": one}, {"code": one, "to": "A03"}] * 2)

    booths, agencies = zip(*race.inspect(live), strict=True)
    assert len(set(booths)) == len(set(agencies)) == 2
