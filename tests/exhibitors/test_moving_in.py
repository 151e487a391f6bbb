"""Times of build-up and tear-down: one of each for a booth, and never more booths than a time holds."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from exhibitors import allocation
from exhibitors.models import Booking, Booth, MoveChoice, MoveSlot
from exhibitors.readiness import moving
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused

RUNNERS = 8
ROUNDS = 20


@pytest.fixture
def zone(db):
    return make.zone(make.hall(editions.edition()))


@pytest.fixture
def booking(zone):
    return make.booking(make.booth(zone))


@pytest.fixture
def member(booking):
    return make.member(booking.agency)


def taken(*slots):
    return [MoveSlot.objects.get(pk=slot.pk).taken for slot in slots]


def test_a_booth_has_a_time_and_changes_it(zone, booking, member):
    first, second = make.move_slot(zone.hall), make.move_slot(zone.hall, door="Dock 2")

    moving.choose(slot=first, booking=booking, user=member)
    moving.choose(slot=second, booking=booking, user=member)

    assert taken(first, second) == [0, 1]
    assert [choice.slot for choice in MoveChoice.objects.all()] == [second]


def test_the_same_time_once_more_changes_nothing(zone, booking, member):
    slot = make.move_slot(zone.hall)

    for _time in range(2):
        moving.choose(slot=slot, booking=booking, user=member)

    assert taken(slot) == [1]


def test_build_up_and_tear_down_are_chosen_apart(zone, booking, member):
    slots = [make.move_slot(zone.hall), make.move_slot(zone.hall, kind="tear_down")]

    for slot in slots:
        moving.choose(slot=slot, booking=booking, user=member)

    assert taken(*slots) == [1, 1]


def test_a_full_time_is_refused_and_the_one_before_stays(zone, booking, member):
    full = make.move_slot(zone.hall, size=1)
    moving.choose(slot=full, booking=make.booking(make.booth(zone, "A02")), user=make.exhibition_manager())
    mine = make.move_slot(zone.hall, door="Dock 2")
    moving.choose(slot=mine, booking=booking, user=member)

    assert refused(moving.choose, slot=full, booking=booking, user=member)[0] == "full"
    assert taken(full, mine) == [1, 1]


def test_who_does_not_manage_the_agency_chooses_nothing(zone, booking):
    slot = make.move_slot(zone.hall)

    for user in (make.member(booking.agency, role="colleague"), make.member(make.agency())):
        assert refused(moving.choose, slot=slot, booking=booking, user=user)[0] == "forbidden"


def test_a_time_of_another_hall_is_refused(zone, booking, member):
    other = make.move_slot(make.hall(zone.hall.edition))

    assert refused(moving.choose, slot=other, booking=booking, user=member)[0] == "hall"


def test_a_booth_that_is_not_confirmed_has_no_time(zone):
    held = make.booking(make.booth(zone, "A02"), state="held")

    code, _sentences = refused(moving.choose, slot=make.move_slot(zone.hall), booking=held, user=make.member(held.agency))
    assert code == "over"


def test_after_the_deadline_only_organisers_choose_and_change(zone, booking, member):
    late = make.move_slot(zone.hall, choose_until=timezone.now() - datetime.timedelta(minutes=1))
    other = make.move_slot(zone.hall, door="Dock 2")

    assert refused(moving.choose, slot=late, booking=booking, user=member)[0] == "late"
    moving.choose(slot=late, booking=booking, user=make.exhibition_manager())
    assert refused(moving.choose, slot=other, booking=booking, user=member)[0] == "late"
    assert taken(late, other) == [1, 0]


def test_a_released_booth_gives_its_times_back(zone, booking, member):
    slot = make.move_slot(zone.hall)
    moving.choose(slot=slot, booking=booking, user=member)

    allocation.release(booking=booking, user=make.exhibition_manager(), reason="They do not come.")

    assert taken(slot) == [0]
    assert not MoveChoice.objects.exists()


def test_a_booth_that_moves_keeps_its_time_in_its_hall_and_gives_it_back_elsewhere(zone, booking, member):
    slot = make.move_slot(zone.hall)
    moving.choose(slot=slot, booking=booking, user=member)
    organiser = make.exhibition_manager()

    allocation.move(booking=booking, booth=make.booth(zone, "A09", x=900), user=organiser, reason="x")
    assert taken(slot) == [1]

    elsewhere = make.booth(make.zone(make.hall(zone.hall.edition)), "B01")
    allocation.move(booking=booking, booth=elsewhere, user=organiser, reason="x")
    assert taken(slot) == [0]


def test_the_database_keeps_a_time_to_its_size(zone):
    slot = make.move_slot(zone.hall, size=1)

    with pytest.raises(IntegrityError):
        MoveSlot.objects.filter(pk=slot.pk).update(taken=2)


def test_a_time_that_booths_have_stays_in_its_hall_and_of_its_kind(zone, booking, member):
    slot = make.move_slot(zone.hall)
    other_hall = make.hall(zone.hall.edition)
    changes = {"hall": other_hall, "kind": "tear_down"}
    for name, value in changes.items():
        setattr(slot, name, value)
        slot.full_clean()  # nobody has it yet
    slot = MoveSlot.objects.get()
    moving.choose(slot=slot, booking=booking, user=member)

    for name, value in changes.items():
        slot = MoveSlot.objects.get()
        slot.door = "Dock 9"
        slot.full_clean()
        setattr(slot, name, value)
        with pytest.raises(ValidationError) as refusal:
            slot.full_clean()
        assert refusal.value.message_dict == {name: ["Booths have this time: set up another one instead."]}


def prepare(agencies, size):
    """Booths of as many agencies in one hall with two times; the codes of the bookings and of the times."""
    zone = make.zone(make.hall(editions.edition(slug="race")))
    make.exhibition_manager(email="organiser@example.org")
    slots = [make.move_slot(zone.hall, size=size, door=f"Dock {n}").code for n in (1, 2)]
    return [make.booking(booth).code for booth in make.booths(zone, agencies)], slots


def choose(booking, slot):
    user = get_user_model().objects.get(email="organiser@example.org")
    booking, slot = Booking.objects.get(code=booking), MoveSlot.objects.get(code=slot)
    moving.choose(slot=slot, booking=booking, user=user)
    return booking.code


def leave(booth):
    """The booth is free."""
    Booking.objects.filter(booth__code=booth).delete()


def choose_each(booking, slots):
    for slot in slots:
        choose(booking, slot)


def choose_or_move(booking, slot, to):
    """Somebody chooses a time again and again while the organisers move the booth."""
    user = get_user_model().objects.get(email="organiser@example.org")
    row = Booking.objects.get(code=booking)
    for booth in to * ROUNDS:
        allocation.move(booking=row, booth=Booth.objects.get(code=booth), user=user, reason="x")
    for _round in range(0 if to else ROUNDS * 2):
        choose(booking, slot)


def figures():
    return [(slot.taken, slot.choices.count()) for slot in MoveSlot.objects.order_by("door")]


def test_of_eight_booths_that_race_for_three_places_three_get_one(race):
    bookings, slots = race.prepare(prepare, agencies=RUNNERS, size=3)

    outcomes = race(choose, [{"booking": code, "slot": slots[0]} for code in bookings])

    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("full")] * 5
    assert race.inspect(figures) == [(3, 3), (0, 0)]


def test_a_booth_that_moves_while_its_time_is_chosen_is_found(race):
    (booking, _other), (slot, _late) = race.prepare(prepare, agencies=2, size=3)
    race.prepare(leave, booth="A02")

    race(choose_or_move, [{"booking": booking, "slot": slot, "to": to} for to in (["A02", "A01"], [], [])])

    assert race.inspect(figures) == [(1, 1), (0, 0)]


def test_booths_that_change_times_with_each_other_neither_wait_for_ever_nor_lose_a_place(race):
    bookings, slots = race.prepare(prepare, agencies=4, size=4)

    race(
        choose_each,
        [{"booking": code, "slots": slots if n % 2 else slots[::-1]} for n, code in enumerate(bookings)],
    )

    assert race.inspect(figures) == [(2, 2), (2, 2)]
