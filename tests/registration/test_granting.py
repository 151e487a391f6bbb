"""Places that come with a sponsor's package: in its delegation once it is paid for; gone with it where nobody is named."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from exhibitors.models import Entitlement, Sponsorship
from exhibitors.prices import sponsoring
from forum.payments import booth_orders, ordering
from forum.registration import granting
from forum.registration.models import Delegation, Grant, PassType, Places
from tests.exhibitors.refusing import refused
from tests.factories import accounts, payments
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import registration as people
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def sponsors(edition):
    return people.pass_type(edition, slug="sponsor", comes_with_packages=True)


@pytest.fixture
def gold(edition):
    return make.package(edition, passes=4, has_logo=True)


@pytest.fixture
def agency():
    return make.agency("Example Cloud")


@pytest.fixture
def manager(agency):
    return make.member(agency)


@pytest.fixture
def order(gold, agency, manager):
    return booth_orders.sponsor(package=gold, agency=agency, user=manager)


def places() -> list[tuple]:
    return [(row.size, row.granted, row.taken, row.left) for row in Places.objects.order_by("pk")]


def owed() -> list[tuple]:
    return [(row.kind, row.is_granted, row.is_done) for row in Entitlement.objects.order_by("pk")]


def history() -> list[tuple]:
    rows = ModelLogEntry.objects.filter(content_type__model="delegation").order_by("pk")
    return [(row.action, row.data["number"], row.data["package"]) for row in rows]


def test_a_package_that_is_paid_for_gives_its_places_to_the_delegation(sponsors, order, agency, edition):
    assert not Delegation.objects.exists()

    payments.pay(order)

    assert [(row.agency, row.edition) for row in Delegation.objects.all()] == [(agency, edition)]
    assert (Places.objects.get().pass_type, places()) == (sponsors, [(0, 4, 0, 4)])
    assert owed() == [("passes", True, True), ("logo", False, False)]
    assert history() == [("registration.grant_places", 4, "Gold")]


def test_an_accepted_letter_gives_them_beside_those_given_by_hand_and_both_are_used(sponsors, order, agency, manager):
    delegation = people.delegation(agency, sponsor=1)
    ordering.accept_letter(order=order, letter="No. 5")
    assert places() == [(1, 4, 0, 5)]

    for _person in range(5):
        people.delegate(delegation, manager, slug="sponsor")

    assert places() == [(1, 4, 5, 0)]
    assert refused(people.delegate, of=delegation, user=manager, slug="sponsor")[0] == "places"


def test_what_is_granted_once_more_or_taken_back_once_more_changes_nothing(sponsors, order):
    payments.pay(order)
    rows = list(Sponsorship.objects.all())
    granting.grant(sponsorships=rows)
    assert places() == [(0, 4, 0, 4)]

    for _time in range(2):
        granting.withdraw(sponsorships=rows)
    assert (places(), owed()) == ([(0, 0, 0, 0)], [("passes", False, False), ("logo", False, False)])
    assert history() == [("registration.grant_places", 4, "Gold"), ("registration.withdraw_places", 4, "Gold")]


def test_a_cancelled_order_takes_back_the_places_in_which_nobody_is(sponsors, order, agency, manager):
    ordering.accept_letter(order=order, letter="No. 5")
    delegation = Delegation.objects.get()
    people.delegate(delegation, manager, slug="sponsor")

    ordering.cancel(order=order)

    assert places() == [(0, 1, 1, 0)]
    assert Grant.objects.get().quantity == 1
    assert delegation.registrations.live().count() == 1


def test_money_that_comes_late_gives_as_many_places_as_the_package_has(sponsors, order, agency, manager):
    ordering.accept_letter(order=order, letter="No. 5")
    people.delegate(Delegation.objects.get(), manager, slug="sponsor")
    rows = list(Sponsorship.objects.all())
    sponsoring.give_back(sponsorships=rows)
    granting.withdraw(sponsorships=rows)

    sponsoring.make_firm(sponsorships=rows)
    granting.grant(sponsorships=rows)

    assert places() == [(0, 4, 1, 3)]


def test_an_order_that_lapses_has_given_nothing_and_two_packages_add_up(sponsors, order, edition, agency, manager):
    payments.let_time_run_out(order)
    assert (places(), history()) == ([], [])

    payments.pay(order)
    silver = make.package(edition, "Silver", passes=2)
    payments.pay(booth_orders.sponsor(package=silver, agency=agency, user=manager))
    assert places() == [(0, 6, 0, 6)]


def test_where_no_pass_comes_with_packages_organisers_tick_them_off(order):
    payments.pay(order)
    assert (places(), owed()[0]) == ([], ("passes", False, False))

    row = Entitlement.objects.get(kind="passes")
    assert sponsoring.tick(entitlement=row, is_done=True, user=make.exhibition_manager()).is_done


def test_what_was_granted_is_not_ticked_off(client, sponsors, order):
    payments.pay(order)
    row, organiser = Entitlement.objects.get(kind="passes"), make.exhibition_manager()
    assert refused(sponsoring.tick, entitlement=row, is_done=False, user=organiser)[0] == "granted"

    client.force_login(accounts.user(is_superuser=True))
    links = [link.get("href") for link in get(client, reverse("wagtailsnippets_exhibitors_entitlement:list")).all("a")]
    logo = Entitlement.objects.get(kind="logo")
    assert [reverse("exhibition_tick", args=[each.pk]) in links for each in (row, logo)] == [False, True]


def test_the_desk_says_that_they_are_given_and_leads_to_who_uses_them(client, sponsors, order, agency, manager):
    client.force_login(manager)
    page, desk = (f"/en/desk/agencies/{agency.code}/next/{name}/" for name in ("packages", "delegation"))
    assert desk not in [link.get("href") for link in get(client, page).all("main a")]

    payments.pay(order)

    assert desk in [link.get("href") for link in get(client, page).all("main a")]
    assert "places for people × 4 done" in " ".join(get(client, page).words("main"))
    assert get(client, desk).rows()[0] == ["Delegate", "4", "0", "4"]


def test_places_that_came_with_a_package_stay_whatever_is_typed(client, sponsors, order, agency):
    payments.pay(order)
    row, delegation = Places.objects.get(), Delegation.objects.get()
    client.force_login(accounts.user(is_superuser=True))
    typed = {"edition": delegation.edition_id, "agency": agency.pk, "places-TOTAL_FORMS": 1, "places-INITIAL_FORMS": 1}
    typed |= {"places-0-id": row.pk, "places-0-pass_type": row.pass_type_id}
    address = reverse("wagtailsnippets_registration_delegation:edit", args=[delegation.pk])

    client.post(address, typed | {"places-0-size": 2, "note": "", "closes_at": ""})
    assert places() == [(2, 4, 0, 6)]
    answer = client.post(address, typed | {"places-0-size": 2, "places-0-DELETE": "on"})
    assert "cannot be removed" in answer.content.decode()
    assert places() == [(2, 4, 0, 6)]


@pytest.mark.parametrize(
    ("other", "this", "code"), [({"comes_with_packages": True}, {}, "other"), ({}, {"price": 100}, "price")]
)
def test_one_pass_of_each_forum_comes_with_packages_and_costs_nothing(edition, other, this, code):
    people.pass_type(edition, slug="other", **other)
    people.pass_type(editions.edition(slug="earlier"), slug="earlier", comes_with_packages=True)
    row = people.pass_type(edition, slug="sponsor")
    for name, value in ({"comes_with_packages": True} | this).items():
        setattr(row, name, value)

    assert refused(row.full_clean)[0] == code
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert PassType.objects.filter(edition=edition, comes_with_packages=True).count() == len(other)
