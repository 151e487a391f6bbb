"""Offers on the exhibitor's desk: seen by the agency, answered by who manages its booth, by nobody else."""

import datetime

import pytest
from django.utils import timezone

from exhibitors.models import Booking
from forum.payments import booth_orders
from forum.payments.models import Order
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    booth, other = proposals.fair(editions.edition(), 2)
    row = proposals.accepted(booth.edition, "Ministry of Examples", wishes=[other, booth])
    return make.booking(booth, row.agency, "held", application=row)


@pytest.fixture
def desk(offer):
    return f"/en/desk/agencies/{offer.agency.code}/"


@pytest.fixture
def page(offer, desk):
    return f"{desk}offers/{offer.code}/"


@pytest.fixture
def manager(client, offer):
    user = make.member(offer.agency)
    client.force_login(user)
    return user


def state(offer):
    return Booking.objects.get(pk=offer.pk).state


def said(client, address):
    return " ".join(get(client, address).words("main"))


def test_the_desk_says_that_a_booth_is_offered_and_leads_to_it(client, manager, desk, page):
    shown = get(client, desk)

    assert "Booth A01 offered" in shown.words(".card__title")[0]
    assert "The organisers offer it to you until" in shown.words(".card")[0]
    assert [link.get("href") for link in shown.all(".card .button")] == [page]


def test_hours_are_those_of_the_city_that_is_named(client, manager, offer, desk, page):
    moment = datetime.datetime(2099, 3, 11, 20, tzinfo=datetime.UTC)
    Booking.objects.update(held_until=moment)
    type(offer.booth.edition).objects.update(time_zone="Asia/Tokyo")

    assert [("12 March 2099, 05:00 (Tokyo)" in said(client, address)) for address in (desk, page)] == [True, True]


def test_the_offer_says_what_it_is_and_which_wish_it_meets(client, manager, page):
    words = said(client, page)

    assert "3 × 3 m, 9 m²" in words
    assert "wish 2" in words


def test_who_manages_the_booth_accepts_it(client, manager, offer, desk, page):
    response = client.post(page)

    assert (response.url, state(offer)) == (desk, "confirmed")
    assert "Booth A01 is yours." in said(client, desk)
    assert "accepted booth A01 already" in " ".join(get_after(client, page).words("main"))


def test_or_declines_it_and_says_why(client, manager, offer, desk, page):
    assert "It goes to others at once" in said(client, f"{page}decline/")

    response = client.post(f"{page}decline/", {"reason": "Too small"})

    assert (response.url, state(offer)) == (desk, "released")
    assert Booking.objects.get(pk=offer.pk).reason == "Too small"
    assert "You have declined booth A01." in said(client, desk)


@pytest.mark.parametrize("rest", ["", "decline/"])
def test_an_offer_that_is_over_is_told(client, manager, offer, desk, page, rest):
    Booking.objects.update(held_until=timezone.now() - datetime.timedelta(minutes=1))

    response = client.post(page + rest)

    assert (response.url, state(offer)) == (desk, "held")
    assert "The offer of booth A01 is over." in said(client, desk)


def test_one_that_ends_at_this_moment_is_told_beside_the_button(client, manager, offer, page, monkeypatch):
    monkeypatch.setattr("exhibitors.allocation.locked", lambda booking: ended(booking))

    response = client.post(page)

    assert response.status_code == 409
    assert "The offer of booth A01 is over." in response.content.decode()


def test_a_colleague_sees_it_and_answers_nothing(client, offer, page):
    client.force_login(make.member(offer.agency, role="colleague"))

    assert "a colleague who manages the booth accepts or declines" in said(client, page)
    assert "a colleague who manages the booth accepts or declines" in said(client, f"{page}decline/")
    assert [client.post(page + rest).status_code for rest in ("", "decline/")] == [403, 403]
    assert state(offer) == "held"


def test_another_agency_finds_nothing(client, offer, page):
    stranger = make.member(make.agency())
    client.force_login(stranger)
    theirs = f"/en/desk/agencies/{stranger.memberships.get().agency.code}/offers/{offer.code}/"

    assert [client.post(address).status_code for address in (page, theirs, f"{theirs}decline/")] == [404, 404, 404]
    assert state(offer) == "held"


def test_a_mere_hold_is_no_offer(client, manager, offer, page):
    Booking.objects.update(application=None)

    assert client.get(page).status_code == 404


def get_after(client, address):
    """The page to which one is led."""
    return get(client, client.get(address).url)


def ended(booking):
    booking.held_until = timezone.now() - datetime.timedelta(minutes=1)
    return booking


def test_an_offer_that_costs_something_shows_its_price_and_leads_to_the_order(client, manager, page, offer):
    make.price(offer.booth.edition, kind=offer.agency.kind)

    words = said(client, page)
    assert "Price USD 900.00 9 m² at USD 100.00 for each m²." in words
    assert "The price for: Government of Cambodia." in words
    assert "the booth is held for you for 72 hours" in words

    answer = client.post(page, {"bill_to_name": "Accounts", "seen": 90_000})
    order = Order.objects.get()
    assert answer.url == f"/en/registration/order/{order.token}/"
    assert (order.bill_to_name, order.amount, state(offer)) == ("Accounts", 90_000, "held")
    assert get(client, f"/en/desk/agencies/{offer.agency.code}/").all(f".card a[href='{answer.url}']")


def test_a_price_that_has_risen_is_asked_for_again(client, manager, page, offer):
    make.price(offer.booth.edition)

    answer = client.post(page, {"bill_to_name": "Accounts", "seen": 50_000})

    assert (answer.status_code, state(offer), Order.objects.count()) == (409, "held", 0)
    assert "Booth A01 costs USD\u00a0900.00 now." in answer.content.decode()
    assert 'name="seen" value="90000"' in answer.content.decode()


def test_who_may_only_look_sees_no_orders(client, offer, desk):
    make.price(offer.booth.edition)
    booth_orders.accept(booking=offer, user=make.member(offer.agency), seen=90_000)

    client.force_login(make.member(offer.agency, role="colleague"))
    assert "Orders and invoices" not in said(client, desk)
    client.force_login(offer.agency.people.first())
    assert "Orders and invoices" in said(client, desk)
