"""Sponsor packages: never more than there are, once for each agency, and what is owed is ticked off by organisers."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from exhibitors.models import Entitlement, Package, Sponsorship
from exhibitors.prices import sponsoring
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def gold():
    return make.package(editions.edition(), stock=1, passes=4, has_slot=True)


@pytest.fixture
def agency():
    return make.agency("Example Cloud")


@pytest.fixture
def manager(agency):
    return make.member(agency)


@pytest.fixture
def organiser():
    return make.exhibition_manager()


@pytest.fixture
def owed(gold, agency, manager):
    """The passes of a package that is paid for."""
    row = sponsoring.order(package=gold, agency=agency, user=manager)
    sponsoring.make_firm(sponsorships=[row])
    return row.entitlements.get(kind="passes")


def test_one_package_is_had_by_one_agency(gold, agency, manager):
    sponsoring.order(package=gold, agency=agency, user=manager)
    other = make.agency()

    assert refused(sponsoring.order, package=gold, agency=other, user=make.member(other)) == (
        "stock",
        ["Of the package “Gold” none is left."],
    )
    assert Package.objects.get().taken == 1


def test_no_agency_has_a_package_twice(gold, agency, manager):
    Package.objects.update(stock=5)
    first = sponsoring.order(package=gold, agency=agency, user=manager)
    assert refused(sponsoring.order, package=gold, agency=agency, user=manager)[0] == "yours"
    assert Package.objects.get().taken == 1

    sponsoring.give_back(sponsorships=[first])
    sponsoring.order(package=gold, agency=agency, user=manager)
    assert refused(sponsoring.make_firm, sponsorships=[first])[0] == "yours"


def test_a_stranger_and_who_comes_after_the_forum_order_nothing(gold, agency, manager):
    facts = {"package": gold, "agency": agency}
    assert refused(sponsoring.order, user=make.member(make.agency()), **facts)[0] == "forbidden"

    gold.price_list.edition.closes_on = gold.price_list.edition.today - datetime.timedelta(days=1)
    assert refused(sponsoring.order, user=manager, **facts)[0] == "over"


def test_what_is_given_back_is_there_again_once(gold, agency, manager):
    row = sponsoring.order(package=gold, agency=agency, user=manager)
    for _time in range(2):
        sponsoring.give_back(sponsorships=[row])
    assert (Package.objects.get().taken, Sponsorship.objects.get().state) == (0, "ended")

    for _time in range(2):
        sponsoring.make_firm(sponsorships=[row])
    assert (Package.objects.get().taken, Sponsorship.objects.get().state) == (1, "firm")


def test_the_database_sells_nothing_that_is_not_there(gold):
    with pytest.raises(IntegrityError), transaction.atomic():
        Package.objects.update(taken=2)


def test_organisers_tick_off_what_was_given_and_take_it_back(owed, organiser):
    sponsoring.tick(entitlement=owed, is_done=True, note=" Sent ", user=organiser)
    owed.refresh_from_db()
    assert (owed.is_done, owed.done_by, owed.note) == (True, organiser, "Sent")

    sponsoring.tick(entitlement=owed, is_done=False, user=organiser)
    owed.refresh_from_db()
    assert (owed.is_done, owed.done_by, owed.note) == (False, None, "")
    acts = ModelLogEntry.objects.filter(content_type__model="entitlement").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["exhibitors.tick", "exhibitors.untick"]


def test_nothing_is_ticked_off_that_is_not_paid_or_by_others(owed, agency, organiser):
    assert refused(sponsoring.tick, entitlement=owed, is_done=True, user=agency.people.get())[0] == "forbidden"

    Sponsorship.objects.update(state="held")
    assert refused(sponsoring.tick, entitlement=owed, is_done=True, user=organiser)[0] == "held"


def test_an_organiser_ticks_off_by_the_form(client, owed, organiser):
    client.force_login(organiser)
    address = f"/cms/exhibition/sponsors/{owed.pk}/tick/"
    assert "Given to Example Cloud: places for people" in " ".join(get(client, address).words("main"))

    client.post(address, {"note": "By courier"})

    assert [(row.kind, row.is_done, row.note) for row in Entitlement.objects.all()] == [
        ("passes", True, "By courier"),
        ("slot", False, ""),
    ]
