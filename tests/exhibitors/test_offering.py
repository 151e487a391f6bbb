"""Offers: a proposal published, a booth offered by hand, taken, declined, lapsed, and who waits moves up."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors import allocation, offering, proposing, tasks
from exhibitors.models import Booking
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def organiser():
    return make.exhibition_manager(email="organiser@example.org")


@pytest.fixture
def booths(edition):
    return proposals.fair(edition, 3)


@pytest.fixture
def rows(edition, booths):
    """Two accepted applications that want the first booth."""
    return [
        proposals.accepted(edition, "Ministry of First", wishes=booths[:2], weight=2),
        proposals.accepted(edition, "Ministry of Second", wishes=booths[:2]),
    ]


@pytest.fixture
def run(edition, rows):
    proposing.ask(edition=edition, user=None, seed=1)
    proposing.do_next()
    return edition.allocation_runs.get()


@pytest.fixture
def offer(edition, rows, booths):
    """The first booth is offered to the first application."""
    return make.booking(booths[0], rows[0].agency, "held", application=rows[0])


def bookings():
    rows = Booking.objects.order_by("booth__code", "pk").select_related("booth", "agency")
    return [(row.booth.code, row.agency.name_en, row.state) for row in rows]


def letters():
    return [(*letter.to, letter.subject.removesuffix(" – DGF")) for letter in Email.objects.order_by("pk")]


def history():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", "user__email"))


def wait(edition, name, **fields):
    return proposals.accepted(edition, name, state="waitlisted", **fields)


def end(booking, **changes):
    Booking.objects.filter(pk=booking.pk).update(held_until=timezone.now() - datetime.timedelta(minutes=1), **changes)


def test_a_published_proposal_offers_each_its_booth(run, edition, rows, organiser):
    make.call(edition, offer_days=5)
    make.member(rows[0].agency, email="first@example.org")

    published = offering.publish(run=run, user=organiser)

    assert (published.published_by, published.published_at is not None) == (organiser, True)
    assert bookings() == [("A01", "Ministry of First", "held"), ("A02", "Ministry of Second", "held")]
    offers = list(Booking.objects.order_by("booth__code"))
    assert [offer.application for offer in offers] == rows
    until = offers[0].held_until.astimezone(edition.zone)
    assert (until.date(), until.time()) == (edition.today + datetime.timedelta(days=5), datetime.time(23, 59))
    assert letters() == [("first@example.org", "Booth A01 is offered to you")]
    acts = ["exhibitors.offer", "exhibitors.offer", "exhibitors.publish_proposal"]
    assert history()[1:] == [(act, "organiser@example.org") for act in acts]


def test_the_letter_says_which_booth_which_wish_and_until_when(run, edition, rows, organiser):
    make.member(rows[1].agency, email="second@example.org")

    offering.publish(run=run, user=organiser)

    letter = Email.objects.get().message
    zone = rows[1].wishes.first().booth.zone
    assert "The organisers offer Ministry of Second booth A02 at" in letter
    assert f"It measures 3 × 3 m (9 m²) and stands in {zone.hall.name}, {zone.name}. It meets wish 2" in letter
    assert "23:59 (Phnom Penh)" in letter


def test_each_reads_the_letter_in_their_language(run, rows, organiser):
    make.member(rows[0].agency, language="km")

    offering.publish(run=run, user=organiser)

    letter = Email.objects.get()
    assert letter.subject == "ស្តង់ A01 ត្រូវបានស្នើជូនលោកអ្នក – DGF"
    assert "បំណងទី ១" in letter.message


def test_publishing_once_more_changes_nothing(run, organiser):
    offering.publish(run=run, user=organiser)
    before, told = bookings(), len(history())

    again = offering.publish(run=run, user=organiser)

    assert again.published_at
    assert (bookings(), len(history())) == (before, told)


def test_a_stranger_publishes_nothing(run):
    assert refused(offering.publish, run=run, user=make.person())[0] == "forbidden"


@pytest.mark.parametrize("state", ["queued", "failed", "cancelled"])
def test_only_a_proposal_that_is_done_is_published(edition, organiser, state):
    assert refused(offering.publish, run=proposals.run(edition, state), user=organiser)[0] == "state"


def test_a_proposal_with_a_booth_for_nobody_is_not_published(edition, organiser, rows):
    run = proposals.run(edition, booths={rows[0]: None})

    assert refused(offering.publish, run=run, user=organiser)[0] == "none"


def test_of_a_proposal_that_no_longer_fits_nobody_is_offered_anything_and_it_is_said_why(run, rows, booths, organiser):
    make.booking(booths[0])
    rows[1].state = "withdrawn"
    rows[1].save()

    assert refused(offering.publish, run=run, user=organiser) == (
        "stale",
        [
            sentence
            for _code, sentence in sorted(
                [
                    (rows[0].code, "Booth A01, proposed for Ministry of First, can no longer be given."),
                    (rows[1].code, "Ministry of Second no longer waits for a booth."),
                ]
            )
        ],
    )
    run.refresh_from_db()
    assert run.published_at is None


def test_a_booth_that_was_changed_so_that_it_no_longer_fits_is_told(run, booths, organiser):
    booths[1].width = 100
    booths[1].save()

    assert refused(offering.publish, run=run, user=organiser) == (
        "stale",
        ["What is proposed for Ministry of Second no longer fits: The size does not fit."],
    )


def test_what_changed_without_touching_the_answer_does_not_matter(run, edition, booths, organiser):
    make.booking(booths[2])
    proposals.accepted(edition, wishes=[booths[0]], weight=9)

    offering.publish(run=run, user=organiser)

    assert [state for _booth, _agency, state in bookings()] == ["held", "held", "confirmed"]


def test_for_a_forum_that_is_over_nothing_is_published(run, edition, organiser):
    edition.opens_on, edition.closes_on = datetime.date(2020, 1, 1), datetime.date(2020, 1, 2)
    edition.save()

    assert refused(offering.publish, run=run, user=organiser)[0] == "over"


def test_without_a_call_there_is_a_week_to_answer(edition):
    assert offering.answer_by(edition).date() == edition.today + datetime.timedelta(days=7)


def test_a_booth_is_offered_by_hand(edition, rows, booths, organiser):
    make.member(rows[1].agency, email="second@example.org")

    made = offering.offer(application=rows[1], booth=booths[2], user=organiser)

    assert (made.application, made.is_offer, made.booked_by) == (rows[1], True, organiser)
    assert letters() == [("second@example.org", "Booth A03 is offered to you")]
    assert "none of the wishes" in Email.objects.get().message
    assert history() == [("exhibitors.offer", "organiser@example.org")]


def test_by_hand_nobody_gets_two_a_taken_one_or_one_of_another_forum(edition, rows, booths, organiser):
    offering.offer(application=rows[0], booth=booths[0], user=organiser)
    elsewhere = proposals.fair(editions.edition(slug="other"), 1)[0]

    codes = [
        refused(offering.offer, application=application, booth=booth, user=organiser)[0]
        for application, booth in [(rows[0], booths[1]), (rows[1], booths[0]), (rows[1], elsewhere)]
    ]
    assert codes == ["has_one", "taken", "edition"]
    assert refused(offering.offer, application=rows[1], booth=booths[1], user=make.person())[0] == "forbidden"


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "refused", "withdrawn"])
def test_by_hand_only_who_is_accepted_or_waits_gets_one(edition, booths, organiser, state):
    row = make.application(edition, state=state)

    assert refused(offering.offer, application=row, booth=booths[0], user=organiser)[0] == "state"


def test_an_unpublished_booth_is_not_offered(edition, rows, booths, organiser):
    booths[0].is_published = False
    booths[0].save()

    assert refused(offering.offer, application=rows[0], booth=booths[0], user=organiser)[0] == "unpublished"


def test_what_speaks_against_a_booth_is_told_before(edition, rows, booths):
    assert offering.warnings(application=rows[0], booth=booths[0]) == []
    rows[0].needs_access, rows[0].least_area, rows[0].pin = True, 50, booths[1]
    rows[0].save()
    rows[1].pin = booths[0]
    rows[1].save()

    assert offering.warnings(application=rows[0], booth=booths[0]) == [
        "The organisers have pinned the application to another booth.",
        "The organisers keep it for Ministry of Second.",
        "The size does not fit.",
        "It is not accessible.",
    ]


def test_who_stands_too_near_is_named(edition, rows, booths):
    proposals.neighbour(rows[1], rows[0].agency, "apart")
    make.booking(booths[1], rows[1].agency, application=rows[1])

    assert offering.warnings(application=rows[0], booth=booths[0]) == [
        "It is too near to Ministry of Second; they are to stand apart."
    ]


def test_an_accepted_offer_is_a_confirmed_booking(offer, rows):
    manager = make.member(rows[0].agency, email="first@example.org")

    booking = offering.accept(booking=offer, user=manager)

    assert (booking.state, booking.confirmed_by) == ("confirmed", manager)
    assert letters() == [("first@example.org", "Booth A01 is yours")]
    assert history() == [("exhibitors.accept_offer", "first@example.org")]


def test_accepting_once_more_changes_nothing(offer, rows):
    manager = make.member(rows[0].agency)
    first = offering.accept(booking=offer, user=manager)

    assert offering.accept(booking=offer, user=manager).confirmed_at == first.confirmed_at
    assert len(history()) == 1


def test_an_offer_is_accepted_by_those_who_manage_its_agency(offer, rows):
    for someone in (make.member(rows[1].agency), make.member(rows[0].agency, role="colleague"), make.person()):
        assert refused(offering.accept, booking=offer, user=someone)[0] == "forbidden"
        assert refused(offering.decline, booking=offer, user=someone)[0] == "forbidden"


def test_an_offer_that_is_over_is_not_accepted(offer, rows):
    manager = make.member(rows[0].agency)
    end(offer)

    assert refused(offering.accept, booking=offer, user=manager) == ("over", ["The offer of booth A01 is over."])


def test_a_mere_hold_is_not_accepted_by_its_agency(booths):
    hold = make.booking(booths[0], state="held")

    assert refused(offering.accept, booking=hold, user=make.member(hold.agency))[0] == "over"


@pytest.mark.parametrize("who", ["agency", "organiser"])
def test_who_waited_and_has_a_booth_waits_no_longer(edition, booths, organiser, who):
    row = wait(edition, "Ministry of Patience")
    offer = offering.offer(application=row, booth=booths[0], user=organiser)
    row.refresh_from_db()
    assert row.state == "waitlisted"

    if who == "agency":
        offering.accept(booking=offer, user=make.member(row.agency))
    else:
        allocation.confirm(booking=offer, user=organiser)

    row.refresh_from_db()
    assert row.state == "accepted"


def test_a_declined_offer_is_free_again_and_its_application_stays(offer, rows):
    manager = make.member(rows[0].agency, email="first@example.org")

    booking = offering.decline(booking=offer, user=manager, reason="Too small")

    rows[0].refresh_from_db()
    assert (booking.state, booking.reason, rows[0].state) == ("released", "Too small", "accepted")
    assert letters() == [("first@example.org", "Booth A01 is no longer offered to you")]
    assert history() == [("exhibitors.release", "first@example.org")]
    assert offering.decline(booking=offer, user=manager).ended_at == booking.ended_at
    assert len(history()) == 1


def test_what_was_accepted_is_not_declined(offer, rows):
    manager = make.member(rows[0].agency)
    offering.accept(booking=offer, user=manager)

    assert refused(offering.decline, booking=offer, user=manager)[0] == "confirmed"


def test_an_offer_lapses_and_its_agency_is_told(offer, rows):
    make.member(rows[0].agency, email="first@example.org")
    end(offer)

    tasks.release_expired_holds()

    rows[0].refresh_from_db()
    assert (bookings(), rows[0].state) == ([("A01", "Ministry of First", "lapsed")], "accepted")
    assert letters() == [("first@example.org", "The offer of booth A01 is over")]


def test_the_first_on_the_waiting_list_gets_the_booth_of_a_lapsed_offer(edition, offer):
    wait(edition, "Ministry of Later")
    wait(edition, "Ministry of Weight", weight=3)
    end(offer)

    assert tasks.offer_to_waiting() == 1

    assert bookings() == [("A01", "Ministry of First", "lapsed"), ("A01", "Ministry of Weight", "held")]
    assert tasks.offer_to_waiting() == 0, "once more changes nothing"


@pytest.mark.parametrize("state", ["released", "lapsed"])
def test_it_goes_on_to_the_next_until_nobody_waits_and_nobody_is_offered_twice(edition, offer, state):
    for name in ("Ministry of Patience", "Ministry of Later"):
        wait(edition, name)
    moved = []
    for _turn in range(4):
        live = Booking.objects.live().first()
        if live:
            Booking.objects.filter(pk=live.pk).update(state=state, ended_at=timezone.now())
        tasks.offer_to_waiting()
        moved.append(Booking.objects.live().count())

    assert moved == [1, 1, 0, 0]
    assert [agency for _booth, agency, _state in bookings()] == [
        "Ministry of First", "Ministry of Patience", "Ministry of Later"
    ]  # fmt: skip


def test_a_booth_that_was_given_and_released_goes_to_who_waits(edition, booths, rows, organiser):
    booking = make.booking(booths[0], rows[0].agency, application=rows[0])
    wait(edition, "Ministry of Patience")
    allocation.release(booking=booking, user=organiser, reason="They cannot come")

    assert offering.promote() == 1


def test_who_waits_gets_the_dearest_of_the_booths_that_came_back(edition, booths, rows):
    for booth, row in zip(booths, rows, strict=False):
        make.booking(booth, row.agency, "lapsed", application=row)
    wait(edition, "Ministry of Patience", wishes=[booths[1]])

    offering.promote()

    assert [booking.booth.code for booking in Booking.objects.live()] == ["A02"]


def test_a_booth_that_does_not_fit_goes_to_the_next(edition, offer):
    wait(edition, "Ministry of Space", least_area=50)
    wait(edition, "Ministry of Patience")
    end(offer)

    offering.promote()

    assert [booking.agency.name_en for booking in Booking.objects.live()] == ["Ministry of Patience"]


def test_nobody_gets_one_beside_whom_they_keep_apart_from(edition, booths, rows, offer):
    make.booking(booths[1], rows[1].agency, application=rows[1])
    proposals.neighbour(wait(edition, "Ministry of Distance"), rows[1].agency, "apart")
    end(offer)

    assert offering.promote() == 0


def test_a_pinned_booth_waits_for_whom_it_is_kept(edition, booths, rows, offer):
    end(offer)
    wait(edition, "Ministry of Elsewhere", pin=booths[2])
    rows[1].pin = booths[0]
    rows[1].save()
    wait(edition, "Ministry of Patience")

    assert offering.promote() == 0


@pytest.mark.parametrize("case", ["never offered", "booked by itself", "not published", "not applied for", "over"])
def test_nobody_moves_up_where_no_booth_came_back(edition, booths, rows, case):
    wait(edition, "Ministry of Patience")
    booking = None if case == "never offered" else make.booking(booths[0], rows[0].agency, "lapsed", application=rows[0])
    if case == "booked by itself":
        Booking.objects.filter(pk=booking.pk).update(application=None)
    if case == "not published":
        edition.booths.update(is_published=False)
    if case == "not applied for":
        booths[0].zone.by_application = False
        booths[0].zone.save()
    if case == "over":
        edition.opens_on, edition.closes_on = datetime.date(2020, 1, 1), datetime.date(2020, 1, 2)
        edition.save()

    assert offering.promote() == 0
