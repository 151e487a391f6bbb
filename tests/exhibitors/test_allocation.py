"""Booking, confirming, releasing and lapsing: each act, each refusal, once more, and the database beneath."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors import allocation, tasks
from exhibitors.models import Booking, Booth
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return make.zone(make.hall(editions.edition()), name_en="Public services")


@pytest.fixture
def booth(zone):
    return make.booth(zone, "A12")


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def manager(agency):
    return make.member(agency, email="manager@example.org")


@pytest.fixture
def organiser():
    return make.exhibition_manager(email="organiser@example.org")


def refusal(act, **arguments) -> tuple[str, str]:
    """Its code and sentence."""
    code, (sentence,) = refused(act, **arguments)
    return code, sentence


def history():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", "user__email"))


def letters():
    return [(*letter.to, letter.subject.removesuffix(" – DGF")) for letter in Email.objects.order_by("pk")]


# Booking


def test_agency_holds_a_free_booth_for_the_hours_of_its_zone(booth, agency, manager):
    before = timezone.now()

    booking = allocation.book(booth=booth, agency=agency, user=manager, note=" Two sockets ")

    booking.refresh_from_db()
    assert (booking.booth, booking.agency, booking.state, booking.booked_by) == (booth, agency, "held", manager)
    assert booking.note == "Two sockets"
    assert before + timedelta(hours=72) <= booking.held_until <= timezone.now() + timedelta(hours=72)
    assert history() == [("exhibitors.book", "manager@example.org")]
    assert letters() == [("manager@example.org", "Booth A12 is held for you")]


def test_zone_that_books_at_once_confirms(zone, booth, agency, manager):
    zone.confirms_at_once = True
    zone.save()

    booking = allocation.book(booth=booth, agency=agency, user=manager)

    assert (booking.state, booking.held_until) == ("confirmed", None)
    assert booking.confirmed_at is not None
    assert letters() == [("manager@example.org", "Booth A12 is yours")]


@pytest.mark.parametrize("state", ["held", "confirmed"])
def test_second_agency_is_told_the_booth_is_taken(booth, agency, manager, state):
    make.booking(booth, state=state)

    assert refusal(allocation.book, booth=booth, agency=agency, user=manager) == (
        "taken",
        "Booth A12 has just been taken by another agency. Please choose another one.",
    )


def test_organiser_takes_no_booth_that_another_has(booth, agency, organiser):
    make.booking(booth)

    assert refusal(allocation.book, booth=booth, agency=agency, user=organiser)[0] == "taken"


def test_agency_that_books_its_own_booth_again_is_told_so(booth, agency, manager):
    allocation.book(booth=booth, agency=agency, user=manager)

    assert refusal(allocation.book, booth=booth, agency=agency, user=manager) == (
        "yours",
        "Your agency already has booth A12.",
    )


@pytest.mark.parametrize("state", ["released", "lapsed"])
def test_booth_given_back_can_be_booked(booth, agency, manager, state):
    make.booking(booth, state=state)

    assert allocation.book(booth=booth, agency=agency, user=manager).state == "held"


def test_hold_past_its_time_is_lapsed_by_who_books_next(booth, agency, manager):
    other = make.agency()
    make.member(other, email="late@example.org")
    late = make.overdue(booth, other)

    booking = allocation.book(booth=booth, agency=agency, user=manager)

    late.refresh_from_db()
    assert (late.state, booking.state) == ("lapsed", "held")
    assert history() == [("exhibitors.lapse", None), ("exhibitors.book", "manager@example.org")]
    assert letters() == [
        ("late@example.org", "The hold on booth A12 is over"),
        ("manager@example.org", "Booth A12 is held for you"),
    ]


def test_unpublished_booth_cannot_be_booked(booth, agency, manager):
    Booth.objects.update(is_published=False)

    assert refusal(allocation.book, booth=booth, agency=agency, user=manager) == (
        "unpublished",
        "Booth A12 cannot be booked.",
    )


def test_forum_that_is_over_takes_no_booking(booth, agency, manager):
    day = timezone.localdate() - timedelta(days=10)
    booth.edition.opens_on = booth.edition.closes_on = day
    booth.edition.save()

    assert refusal(allocation.book, booth=booth, agency=agency, user=manager) == (
        "over",
        "This forum is over; its booths can no longer be booked.",
    )


def test_stranger_books_for_nobody(booth, agency):
    stranger = make.member(make.agency())

    assert refusal(allocation.book, booth=booth, agency=agency, user=stranger)[0] == "forbidden"


def test_colleague_who_may_look_does_not_book(booth, agency):
    assert refusal(allocation.book, booth=booth, agency=agency, user=make.member(agency, "colleague"))[0] == "forbidden"


def test_agency_at_its_limit_is_told_which_booth_it_has(zone, booth, agency, manager):
    allocation.book(booth=booth, agency=agency, user=manager)

    assert refusal(allocation.book, booth=make.booth(zone, "A13", x=300), agency=agency, user=manager) == (
        "limit",
        "Your agency already has booth A12. Release it first, or ask the organisers for another one.",
    )


def test_booths_of_another_edition_do_not_count_for_the_limit(booth, agency, manager):
    make.booking(make.booth(make.zone(make.hall(editions.edition("earlier")))), agency)

    assert allocation.book(booth=booth, agency=agency, user=manager).state == "held"


def test_zone_for_another_kind_is_refused(zone, booth, agency, manager):
    zone.kind = "academia"
    zone.save()

    assert refusal(allocation.book, booth=booth, agency=agency, user=manager) == (
        "zone",
        "Booth A12 is in the zone “Public services”, which is meant for others: Academia.",
    )


def test_organiser_places_beyond_limit_and_zone(zone, booth, agency, organiser):
    make.booking(make.booth(zone, "A13", x=300), agency)
    zone.kind = "academia"
    zone.save()

    assert allocation.book(booth=booth, agency=agency, user=organiser).state == "held"


# Confirming


def test_manager_confirms_a_hold(booth, agency, manager, organiser):
    booking = allocation.book(booth=booth, agency=agency, user=manager)

    confirmed = allocation.confirm(booking=booking, user=organiser)

    assert (confirmed.state, confirmed.confirmed_by) == ("confirmed", organiser)
    assert history()[1:] == [("exhibitors.confirm", "organiser@example.org")]
    assert letters()[1:] == [("manager@example.org", "Booth A12 is yours")]


def test_confirming_once_more_changes_nothing_and_writes_no_letter(booth, agency, manager, organiser):
    booking = allocation.confirm(booking=make.booking(booth, agency, "held"), user=organiser)
    letters_before = letters()

    again = allocation.confirm(booking=booking, user=organiser)

    assert (again.confirmed_at, letters()) == (booking.confirmed_at, letters_before)


def test_member_does_not_confirm(booth, agency, manager):
    assert refusal(allocation.confirm, booking=make.booking(booth, agency, "held"), user=manager)[0] == "forbidden"


@pytest.mark.parametrize("state", ["released", "lapsed"])
def test_ended_booking_is_not_confirmed(booth, agency, organiser, state):
    assert refusal(allocation.confirm, booking=make.booking(booth, agency, state), user=organiser)[0] == "over"


def test_hold_past_its_time_is_not_confirmed_even_before_the_sweep(booth, agency, organiser):
    assert refusal(allocation.confirm, booking=make.overdue(booth, agency), user=organiser) == (
        "over",
        "The hold on booth A12 is over, so it cannot be confirmed. Book the booth again if it is still free.",
    )


# Releasing


def test_member_gives_back_a_hold(booth, agency, manager):
    booking = allocation.release(booking=make.booking(booth, agency, "held"), user=manager)

    assert (booking.state, booking.ended_by, booking.reason) == ("released", manager, "")
    assert history() == [("exhibitors.release", "manager@example.org")]
    assert letters() == [("manager@example.org", "Booth A12 has been released")]


def test_member_asks_the_organisers_to_release_a_confirmed_booth(booth, agency, manager):
    assert refusal(allocation.release, booking=make.booking(booth, agency), user=manager) == (
        "confirmed",
        "Booth A12 is confirmed. Please ask the organisers to release it.",
    )


def test_organiser_releases_with_a_reason_that_the_agency_reads(booth, agency, manager, organiser):
    booking = allocation.release(booking=make.booking(booth, agency), user=organiser, reason="The hall is rebuilt.")

    assert (booking.state, booking.reason) == ("released", "The hall is rebuilt.")
    assert "Reason: The hall is rebuilt." in Email.objects.get().message


def test_organiser_gives_a_reason(booth, agency, organiser):
    assert refusal(allocation.release, booking=make.booking(booth, agency), user=organiser, reason=" ") == (
        "reason",
        "Say why the booth is released: the agency reads it.",
    )


def test_stranger_releases_nothing(booth, agency):
    booking = make.booking(booth, agency, "held")

    assert refusal(allocation.release, booking=booking, user=make.member(make.agency()))[0] == "forbidden"


def test_releasing_once_more_changes_nothing(booth, agency, manager):
    booking = allocation.release(booking=make.booking(booth, agency, "held"), user=manager)

    assert allocation.release(booking=booking, user=manager).ended_at == booking.ended_at
    assert len(letters()) == 1


# The clock


def test_sweep_lapses_holds_whose_time_is_over_and_no_other(zone, agency):
    late, held, confirmed = make.booths(zone, 3)
    make.overdue(late, agency)
    make.booking(held, state="held")
    make.booking(confirmed)

    assert tasks.release_expired_holds() == 1

    assert list(Booking.objects.order_by("booth__code").values_list("booth__code", "state")) == [
        ("A01", "lapsed"),
        ("A02", "held"),
        ("A03", "confirmed"),
    ]


def test_sweep_once_more_does_nothing(booth, agency, manager):
    make.overdue(booth, agency)
    tasks.release_expired_holds()

    assert tasks.release_expired_holds() == 0
    assert letters() == [("manager@example.org", "The hold on booth A12 is over")]


def test_letter_is_written_in_the_language_of_each_member(booth, agency):
    make.member(agency, email="en@example.org")
    make.member(agency, email="km@example.org", language="km")

    allocation.lapse(booking=make.overdue(booth, agency))

    words = {letter.to[0]: letter.message for letter in Email.objects.all()}
    assert sorted(words) == ["en@example.org", "km@example.org"]
    assert f"/en/desk/agencies/{agency.code}/" in words["en@example.org"]
    assert f"/km/desk/agencies/{agency.code}/" in words["km@example.org"]


# What the database refuses, whoever writes


def refuses(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()
    return True


@pytest.mark.parametrize("state", ["held", "confirmed"])
def test_database_refuses_two_live_bookings_of_one_booth(booth, agency, state):
    make.booking(booth)
    times = {"held_until": timezone.now(), "confirmed_at": None if state == "held" else timezone.now()}
    second = Booking(booth=booth, agency=agency, state=state, **times)

    assert refuses(second.save)
    assert refuses(lambda: Booking.objects.bulk_create([second]))


def test_database_refuses_to_revive_a_booking_of_a_taken_booth(booth):
    ended = make.booking(booth, state="released", confirmed_at=timezone.now())
    make.booking(booth)

    assert refuses(lambda: Booking.objects.filter(pk=ended.pk).update(state="confirmed", ended_at=None))


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ("held", {"held_until": None}),
        ("held", {"ended_at": timezone.now()}),
        ("confirmed", {"confirmed_at": None}),
        ("confirmed", {"ended_at": timezone.now()}),
        ("released", {"ended_at": None}),
        ("lapsed", {"confirmed_at": timezone.now()}),
    ],
)
def test_database_refuses_times_that_do_not_fit_the_state(booth, state, times):
    assert refuses(lambda: make.booking(booth, state=state, **times))


def test_free_booths_are_those_that_nobody_holds_now(zone):
    free, held, late, taken, hidden, theirs = make.booths(zone, 6)
    make.booking(held, state="held")
    make.overdue(late)
    make.booking(taken)
    Booth.objects.filter(pk=hidden.pk).update(is_published=False)
    Booth.objects.filter(pk=theirs.pk).update(pavilion=make.pavilion(zone.hall.edition))

    assert list(Booth.objects.free()) == [free, late, hidden, theirs]
    assert list(Booth.objects.to_give().free()) == [free, late]
