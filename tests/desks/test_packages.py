"""Sponsor packages on the exhibitor's desk: what there is, what is one's own, and who may order."""

import datetime

import pytest

from exhibitors.models import Sponsorship
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
def gold(edition):
    zone = make.zone(make.hall(edition), name_en="Square")
    return make.package(edition, zone=zone, passes=10, has_logo=True, has_slot=True)


@pytest.fixture
def agency():
    return make.agency("Example Cloud")


@pytest.fixture
def manager(client, agency):
    user = make.member(agency)
    client.force_login(user)
    return user


@pytest.fixture
def page(agency):
    return f"/en/desk/agencies/{agency.code}/next/packages/"


def said(client, address):
    return " ".join(get(client, address).words("main"))


def test_the_page_says_what_is_in_each_package_and_how_many_are_left(client, manager, page, gold):
    words = said(client, page)

    assert "Gold USD 10,000.00 2 of 2 left" in words
    assert (
        "A booth in the zone “Square” 10 places for your people Your logo on the site and on papers A speaking slot" in words
    )


def test_once_the_forum_is_over_packages_are_only_looked_at(client, manager, page, gold, edition):
    edition.opens_on = edition.closes_on = datetime.date(2020, 1, 1)
    edition.save()

    shown = get(client, page)

    assert shown.words("main .notice") == ["This forum is over; its packages can no longer be ordered."]
    assert shown.all("main form") == []


def test_a_package_is_ordered_and_leads_to_its_order(client, manager, page, gold):
    answer = client.post(page, {"package": gold.code, "bill_to_name": "Accounts"})

    order = Order.objects.get()
    assert answer.url == f"/en/registration/order/{order.token}/"
    assert "Gold held booth not yet places for people × 10 not yet" in said(client, page)
    payments.pay(order)
    assert "Gold firm booth not yet" in said(client, page)


def test_what_is_refused_is_said_and_nothing_typed_is_lost(client, manager, page, gold):
    client.post(page, {"package": gold.code, "bill_to_name": "Accounts"})
    answer = client.post(page, {"package": gold.code, "bill_to_name": "The treasurer"})

    assert answer.status_code == 409
    assert "Your agency already has the package “Gold”." in answer.content.decode()
    assert 'value="The treasurer"' in answer.content.decode()
    assert client.post(page, {"bill_to_name": "x"}).status_code == 422
    assert client.post(page, {"package": gold.pk, "bill_to_name": "x"}).status_code == 422  # nobody is told keys of rows
    assert Order.objects.count() == 1


def test_a_colleague_looks_and_a_stranger_finds_nothing(client, agency, page, gold):
    client.force_login(make.member(agency, role="colleague"))
    assert "a colleague who manages the booth orders packages" in said(client, page)
    assert client.post(page, {"package": gold.code, "bill_to_name": "x"}).status_code == 403

    client.force_login(make.member(make.agency()))
    assert client.get(page).status_code == 404
    assert not Sponsorship.objects.exists()


def test_without_packages_the_desk_does_not_speak_of_them(client, manager, agency, page, edition):
    assert "This forum has no sponsor packages." in said(client, page)
    assert not get(client, f"/en/desk/agencies/{agency.code}/").all(f"a[href='{page}']")

    make.package(edition)
    assert get(client, f"/en/desk/agencies/{agency.code}/").all(f"a[href='{page}']")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_packages_as_for_one(
    client, manager, page, edition, count, django_assert_num_queries
):
    for number in range(count):
        package = make.package(edition, f"Package {number}", passes=1)
        client.post(page, {"package": package.code, "bill_to_name": "x"})
    client.get(page)

    with django_assert_num_queries(8):
        client.get(page)
