"""Another booth for an agency, and two agencies that change booths: each act, each refusal, once more, and by the forms."""

import pytest
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors import allocation
from exhibitors.models import Booking, Booth
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return make.zone(make.hall(editions.edition()), name_en="Public services", kind="academia")


@pytest.fixture
def booths(zone):
    return make.booths(zone, 3)


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def booking(booths, agency):
    make.member(agency, email="manager@example.org")
    return make.booking(booths[0], agency)


@pytest.fixture
def organiser(client):
    user = make.exhibition_manager(email="organiser@example.org")
    client.force_login(user)
    return user


def occupants():
    rows = Booking.objects.filter(state__in=["held", "confirmed"]).order_by("booth__code")
    return [(row.booth.code, row.agency.name_en, row.state) for row in rows.select_related("booth", "agency")]


def refusal(act, **arguments) -> str:
    """Its code."""
    return refused(act, **arguments)[0]


class TestMoving:
    @pytest.mark.parametrize("state", ["held", "confirmed"])
    def test_the_booking_goes_along_as_it_was(self, booths, agency, organiser, state):
        make.member(agency, email="manager@example.org")
        before = make.booking(booths[0], agency, state, note="Two screens.")

        allocation.move(booking=before, booth=booths[2], user=organiser, reason="A pillar.")

        after = Booking.objects.get()
        assert (after.code, after.booth, after.state, after.note) == (before.code, booths[2], state, "Two screens.")
        assert (after.held_until, after.confirmed_at) == (before.held_until, before.confirmed_at)
        entry = ModelLogEntry.objects.get()
        assert (entry.action, entry.user) == ("exhibitors.move", organiser)
        assert (entry.data["before"], entry.data["booth"], entry.data["reason"]) == ("A01", "A03", "A pillar.")
        letter = Email.objects.get()
        assert (letter.to, letter.subject) == (["manager@example.org"], "Booth A03 instead of booth A01 – DGF")
        assert "instead of booth A01" in letter.message and "A pillar." in letter.message
        assert ("as before until" in letter.message) == (state == "held")

    def test_once_more_changes_nothing(self, booking, booths, organiser):
        for _time in range(2):
            allocation.move(booking=booking, booth=booths[2], user=organiser, reason="A pillar.")

        assert ModelLogEntry.objects.count() == Email.objects.count() == 1

    def test_what_it_left_is_free_for_others(self, booking, booths, organiser):
        allocation.move(booking=booking, booth=booths[2], user=organiser, reason="A pillar.")

        assert allocation.book(booth=booths[0], agency=make.agency(), user=organiser).booth == booths[0]

    def test_a_hold_whose_time_is_over_gives_way(self, booking, booths, organiser):
        overdue = make.overdue(booths[2])

        allocation.move(booking=booking, booth=booths[2], user=organiser, reason="A pillar.")

        overdue.refresh_from_db()
        assert overdue.state == "lapsed"
        assert occupants() == [("A03", "Ministry of Examples", "confirmed")]

    @pytest.mark.parametrize("state", ["held", "confirmed"])
    def test_nobody_is_put_where_another_stands(self, booking, booths, organiser, state):
        make.booking(booths[2], state=state)

        assert refusal(allocation.move, booking=booking, booth=booths[2], user=organiser, reason="x") == "taken"

    def test_only_who_places_moves_agencies_and_says_why(self, booking, booths, agency, organiser):
        arguments = {"booking": booking, "booth": booths[2]}

        assert refusal(allocation.move, user=agency.people.get(), reason="x", **arguments) == "forbidden"
        assert refusal(allocation.move, user=organiser, reason=" ", **arguments) == "reason"

    def test_into_another_forum_or_an_unpublished_booth_nobody_moves(self, booking, zone, organiser):
        elsewhere = make.booth(make.zone(make.hall(editions.edition("other"))), "A09")
        hidden = make.booth(zone, "A10", x=4_000, is_published=False)

        assert refusal(allocation.move, booking=booking, booth=elsewhere, user=organiser, reason="x") == "edition"
        assert refusal(allocation.move, booking=booking, booth=hidden, user=organiser, reason="x") == "unpublished"

    @pytest.mark.parametrize("state", ["released", "lapsed"])
    def test_what_has_ended_is_not_moved(self, booths, organiser, state):
        assert refusal(
            allocation.move, booking=make.booking(booths[0], state=state), booth=booths[2], user=organiser, reason="x"
        ) == "over"  # fmt: skip


class TestSwapping:
    def test_each_goes_where_the_other_stood_with_all_it_has(self, booking, booths, organiser):
        other = make.booking(booths[1], make.agency("Bureau of Samples"), "held")

        allocation.swap(one=booking, other=other, user=organiser, reason="They asked.")

        assert occupants() == [("A01", "Bureau of Samples", "held"), ("A02", "Ministry of Examples", "confirmed")]
        again = Booking.objects.get(pk=other.pk)
        assert (again.code, again.held_until, again.ended_at) == (other.code, other.held_until, None)
        assert list(ModelLogEntry.objects.values_list("action", flat=True)) == ["exhibitors.move"] * 2
        assert Email.objects.get().subject == "Booth A02 instead of booth A01 – DGF"

    def test_twice_is_as_if_it_had_not_been(self, booking, booths, organiser):
        other = make.booking(booths[1])
        before = occupants()
        for _time in range(2):
            allocation.swap(one=booking, other=other, user=organiser, reason="They asked.")

        assert occupants() == before

    def test_only_who_places_swaps_and_says_why(self, booking, booths, agency, organiser):
        arguments = {"one": booking, "other": make.booking(booths[1])}

        assert refusal(allocation.swap, user=agency.people.get(), reason="x", **arguments) == "forbidden"
        assert refusal(allocation.swap, user=organiser, reason="", **arguments) == "reason"

    def test_with_itself_another_forum_or_what_has_ended_nobody_swaps(self, booking, booths, organiser):
        elsewhere = make.booking(make.booth(make.zone(make.hall(editions.edition("other"))), "A09"))
        ended = make.overdue(booths[1])

        for other, code in ((booking, "same"), (elsewhere, "edition"), (ended, "over")):
            assert refusal(allocation.swap, one=booking, other=other, user=organiser, reason="x") == code


def test_an_organiser_moves_an_agency_by_the_form(client, booking, booths, organiser):
    make.booking(booths[1])
    address = f"/cms/exhibition/bookings/{booking.pk}/move/"
    assert get(client, address).words("select[name=booth] option")[1:] == ["A03 · 3 × 3 m · Public services"]

    refused = client.post(address, {"booth": booths[2].pk, "reason": ""})
    assert "Say why the booth is changed: the agency reads it." in " ".join(Page(refused).words("main"))
    client.post(address, {"booth": booths[2].pk, "reason": "A pillar."})

    assert ("A03", "Ministry of Examples", "confirmed") in occupants()


def test_an_organiser_swaps_two_by_the_form(client, booking, booths, organiser):
    other = make.booking(booths[1], make.agency("Bureau of Samples"))
    address = f"/cms/exhibition/bookings/{booking.pk}/swap/"
    assert get(client, address).words("select[name=other] option")[1:] == ["A02 · Bureau of Samples"]

    client.post(address, {"other": other.pk, "reason": "They asked."})

    assert occupants() == [("A01", "Bureau of Samples", "confirmed"), ("A02", "Ministry of Examples", "confirmed")]


@pytest.mark.parametrize("act", ["move", "swap"])
def test_what_has_ended_is_told_instead_of_asked(client, booths, organiser, act):
    row = make.booking(booths[0], state="released")

    assert client.get(f"/cms/exhibition/bookings/{row.pk}/{act}/").status_code == 302


def test_another_price_is_told_to_the_organiser_and_the_same_is_not(client, booking, booths, organiser):
    other = make.booking(booths[1], make.agency("Bureau of Samples"))
    make.price(booths[0].edition)
    Booth.objects.filter(pk=booths[2].pk).update(width=600)

    moved = client.post(f"/cms/exhibition/bookings/{booking.pk}/move/", {"booth": booths[2].pk, "reason": "x"}, follow=True)
    swapped = client.post(f"/cms/exhibition/bookings/{other.pk}/swap/", {"other": booking.pk, "reason": "x"}, follow=True)
    Booth.objects.filter(pk=booths[2].pk).update(width=300)
    same = client.post(f"/cms/exhibition/bookings/{other.pk}/swap/", {"other": booking.pk, "reason": "x"}, follow=True)

    assert [str(told).strip() for told in moved.context["messages"] if told.level_tag == "warning"] == [
        "Booth A01 costs Ministry of Examples USD\u00a0900.00 and booth A03 USD\u00a01,800.00. Its order stays as it is."
    ]
    assert [str(told).strip() for told in swapped.context["messages"] if told.level_tag == "warning"] == [
        "Booth A02 costs Bureau of Samples USD\u00a0900.00 and booth A03 USD\u00a01,800.00. Its order stays as it is.",
        "Booth A03 costs Ministry of Examples USD\u00a01,800.00 and booth A02 USD\u00a0900.00. Its order stays as it is.",
    ]
    assert [told for told in same.context["messages"] if told.level_tag == "warning"] == []
