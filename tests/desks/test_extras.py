"""Extras on the exhibitor's desk: what is offered, what was ordered, and who may."""

import datetime

import pytest

from exhibitors.models import Extra, OrderedExtra
from forum.payments.models import Order
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import payments
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition))


@pytest.fixture
def chair(edition):
    return make.extra(edition, stock=10, unit_en="chair")


@pytest.fixture
def booking(zone):
    return make.booking(make.booth(zone, "A12"), make.agency("Ministry of Examples"))


@pytest.fixture
def manager(client, booking):
    user = make.member(booking.agency)
    client.force_login(user)
    return user


@pytest.fixture
def desk(booking):
    return f"/en/desk/agencies/{booking.agency.code}/"


@pytest.fixture
def page(booking, desk):
    return f"{desk}bookings/{booking.code}/extras/"


def said(client, address):
    return " ".join(get(client, address).words("main"))


def test_the_desk_leads_to_extras_where_there_are_any(client, manager, desk, page, edition):
    assert not get(client, desk).all(f"a[href='{page}']")
    assert "No extras can be ordered for this booth now." in said(client, page)

    make.extra(edition)
    assert get(client, desk).all(f"a[href='{page}']")


def test_extras_are_ordered_with_quantities_and_lead_to_their_order(client, manager, page, chair):
    assert "USD 12.00 for each chair. 10 left." in said(client, page)

    answer = client.post(page, {f"extra_{chair.code}": "4", "bill_to_name": "Accounts"})

    order = Order.objects.get()
    assert answer.url == f"/en/registration/order/{order.token}/"
    assert (order.amount, order.bill_to_name, Extra.objects.get().taken) == (4_800, "Accounts", 4)
    assert "Chair chair 4 Awaiting payment" in said(client, page)
    payments.pay(order)
    assert "Chair chair 4 Paid" in said(client, page)


def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(client, manager, page, chair):
    answer = client.post(page, {f"extra_{chair.code}": "11", "bill_to_name": "Accounts"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Of Chair only 10 are left." in text
    assert 'value="11"' in text
    assert 'value="Accounts"' in text
    assert client.post(page, {"bill_to_name": "Accounts"}).status_code == 409
    assert client.post(page, {f"extra_{chair.code}": "-1", "bill_to_name": "x"}).status_code == 422
    assert not Order.objects.exists()


def test_a_booth_is_booked_with_extras_by_one_form(client, manager, booking, desk, chair, zone, edition):
    zone.booths_per_agency = 2
    zone.save()
    make.booth(zone, "A13", x=300)
    make.price(edition)
    page = f"{desk}{edition.slug}/booths/A13/"
    assert "Order booth A13 for USD 900.00" in said(client, page)

    answer = client.post(page, {f"extra_{chair.code}": "2", "bill_to_name": "Accounts", "seen": "90000"})

    order = Order.objects.get()
    assert answer.url == f"/en/registration/order/{order.token}/"
    assert [line.text_en for line in order.lines.all()] == ["Booth A13", "Chair (chair) × 2"]


def test_a_colleague_looks_and_orders_nothing_and_a_stranger_finds_nothing(client, booking, page, chair):
    client.force_login(make.member(booking.agency, role="colleague"))
    assert "a colleague who manages the booth orders extras" in said(client, page)
    assert client.post(page, {f"extra_{chair.code}": "1", "bill_to_name": "x"}).status_code == 403

    client.force_login(make.member(make.agency()))
    assert client.get(page).status_code == 404
    assert not OrderedExtra.objects.exists()


def test_of_a_booth_that_is_not_theirs_any_more_it_is_said_so(client, manager, booking, page, desk):
    booking.state, booking.ended_at = "released", booking.booked_at
    booking.save()

    assert client.get(page).url == desk


def test_of_a_booth_that_is_only_offered_the_page_leads_to_the_offer(client, manager, booking, page, desk, edition, chair):
    application = make.application(edition, booking.agency, "accepted")
    booking.state, booking.application, booking.confirmed_at = "held", application, None
    booking.held_until = booking.booked_at + datetime.timedelta(days=3)
    booking.save()

    for answer in (client.get(page), client.post(page, {f"extra_{chair.code}": "1", "bill_to_name": "x"})):
        assert answer.url == f"{desk}offers/{booking.code}/"
    assert "Accept booth A12" in said(client, answer.url)
    assert not OrderedExtra.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_extras_as_for_one(
    client, manager, booking, page, edition, count, django_assert_num_queries
):
    for number in range(count):
        extra = make.extra(edition, f"Extra {number}")
        client.post(page, {f"extra_{extra.code}": "1", "bill_to_name": "x"})
    client.get(page)

    with django_assert_num_queries(6):
        client.get(page)
