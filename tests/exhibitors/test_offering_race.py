"""Processes that publish, accept, decline, book and move the waiting list up at the same moment."""

from django.core.exceptions import ValidationError

from cms.models import Edition
from cms.refusals import code_of
from exhibitors import allocation, offering, proposing, tasks
from exhibitors.models import AllocationRun, Application, Booking
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals
from tests.racing import Refused


def prepare_run(applications=3):
    """As many booths as applications, and an organiser."""
    edition = editions.edition(slug="race")
    make.exhibition_manager(email="organiser@example.org")
    for booth in proposals.fair(edition, applications):
        make.member(proposals.accepted(edition, wishes=[booth]).agency)
    proposing.ask(edition=edition, user=None)
    proposing.do_next()


def prepare_offer(waiting=0):
    """One booth, offered; so many wait for it."""
    edition = editions.edition(slug="race")
    make.exhibition_manager(email="organiser@example.org")
    (booth,) = proposals.fair(edition, 1)
    row = proposals.accepted(edition)
    make.member(row.agency)
    booking = make.booking(booth, row.agency, "held", application=row)
    for _each in range(waiting):
        proposals.accepted(edition, state="waitlisted")
    return booking.code


def prepare_lapsed(waiting):
    prepare_offer(waiting)
    booking = Booking.objects.get()
    booking.state, booking.ended_at = "lapsed", booking.held_until
    booking.save()


def organiser():
    return Edition.objects.get(slug="race") and make.get_user_model().objects.get(email="organiser@example.org")


def publish():
    return bool(offering.publish(run=AllocationRun.objects.get(), user=organiser()).published_at)


def publish_or_book(books):
    """An organiser books the first booth for somebody else while the proposal is published."""
    if not books:
        return publish()
    booth = Edition.objects.get(slug="race").booths.get(code="A01")
    return allocation.book(booth=booth, agency=make.agency(), user=organiser()).agency.code


def act(name):
    booking = Booking.objects.get()
    manager = booking.agency.people.get()
    if name == "accept":
        return offering.accept(booking=booking, user=manager).state
    return offering.decline(booking=booking, user=manager).state


def promote():
    return tasks.offer_to_waiting()


def offer_by_hand():
    """To the first who waits."""
    row = Application.objects.filter(state="waitlisted").order_by("pk").first()
    try:
        return len([offering.offer(application=row, booth=row.edition.booths.get(), user=organiser())])
    except ValidationError as refusal:
        assert code_of(refusal) in {"taken", "yours", "has_one"}
        return 0


def either(by_hand):
    return offer_by_hand() if by_hand else promote()


def live():
    rows = Booking.objects.filter(state__in=["held", "confirmed"]).order_by("booth__code")
    return [(row.booth.code, row.state) for row in rows.select_related("booth")]


def test_published_by_many_at_once_each_gets_one_offer(race):
    race.prepare(prepare_run)

    assert race(publish, [{}] * 4) == [True] * 4

    assert race.inspect(live) == [("A01", "held"), ("A02", "held"), ("A03", "held")]


def test_published_while_somebody_books_one_of_its_booths_it_is_all_or_nothing(race):
    race.prepare(prepare_run)

    published, booked = race(publish_or_book, [{"books": False}, {"books": True}])

    if isinstance(booked, Refused):
        assert (published, booked) == (True, Refused("taken"))
        assert race.inspect(live) == [("A01", "held"), ("A02", "held"), ("A03", "held")]
    else:
        assert published in (Refused("stale"), Refused("taken"))
        assert race.inspect(live) == [("A01", "held")]


def test_accepted_and_declined_at_once_it_is_one_of_the_two(race):
    race.prepare(prepare_offer)

    accepted, declined = race(act, [{"name": "accept"}, {"name": "decline"}])

    assert (accepted, declined) in [("confirmed", Refused("confirmed")), (Refused("over"), "released")]
    assert race.inspect(live) == ([("A01", "confirmed")] if accepted == "confirmed" else [])


def test_accepted_by_many_at_once_it_is_confirmed_once(race):
    race.prepare(prepare_offer)

    assert race(act, [{"name": "accept"}] * 4) == ["confirmed"] * 4


def test_the_waiting_list_moves_up_once_whoever_sweeps_or_offers(race):
    race.prepare(prepare_lapsed, waiting=3)

    outcomes = race(either, [{"by_hand": False}] * 4 + [{"by_hand": True}] * 2)

    assert sum(outcomes) == 1
    assert race.inspect(live) == [("A01", "held")]
