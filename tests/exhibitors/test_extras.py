"""Extras: never more than there are, never more power than the zone has, and only what is meant for the booth."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from exhibitors import allocation, checking
from exhibitors.models import Extra, OrderedExtra
from exhibitors.prices import extras
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition), name_en="Companies")


@pytest.fixture
def booking(zone):
    return make.booking(make.booth(zone, "A12", power=1_000))


@pytest.fixture
def manager(booking):
    return make.member(booking.agency, email="manager@example.org")


@pytest.fixture
def chair(edition):
    return make.extra(edition, stock=10)


def order(booking, manager, extra, quantity=1):
    return extras.order(booking=booking, wanted={extra: quantity}, user=manager)


def refusal(booking, manager, extra, quantity=1):
    return refused(extras.order, booking=booking, wanted={extra: quantity}, user=manager)


def taken(extra):
    return Extra.objects.get(pk=extra.pk).taken


def test_what_is_ordered_is_taken_from_the_stock_and_stands_in_the_history(booking, manager, chair):
    lamp = make.extra(chair.price_list.edition, "Lamp")
    extras.order(booking=booking, wanted={lamp: 2, chair: 4, make.extra(chair.price_list.edition, "Desk"): 0}, user=manager)

    rows = OrderedExtra.objects.order_by("pk").values_list("extra__name_en", "quantity", "is_taken", "ordered_by")
    assert list(rows) == [("Lamp", 2, True, manager.pk), ("Chair", 4, True, manager.pk)]
    assert (taken(chair), taken(lamp)) == (4, 2)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data["extras"]) == ("exhibitors.order_extras", ["2 × Lamp", "4 × Chair"])


def test_nobody_orders_more_than_are_left(booking, manager, chair):
    order(booking, manager, chair, 7)

    assert refusal(booking, manager, chair, 4) == ("stock", ["Of Chair only 3 are left."])
    order(booking, manager, chair, 3)
    assert refusal(booking, manager, chair) == ("stock", ["Of Chair none is left."])
    assert (taken(chair), OrderedExtra.objects.count()) == (10, 2)


def test_of_several_all_are_taken_or_none(booking, manager, chair):
    lamp = make.extra(chair.price_list.edition, "Lamp", stock=1)

    assert refused(extras.order, booking=booking, wanted={chair: 1, lamp: 2}, user=manager)[0] == "stock"
    assert (taken(chair), taken(lamp)) == (0, 0)


def test_only_for_a_booth_that_is_ones_own_and_lasts(booking, manager, chair):
    stranger = make.member(make.agency())
    assert refusal(booking, stranger, chair)[0] == "forbidden"

    allocation.release(booking=booking, user=make.exhibition_manager(), reason="x")
    assert refusal(booking, manager, chair) == ("over", ["The booking of booth A12 has ended."])


def test_not_for_a_booth_that_is_only_offered(edition, zone, chair):
    offer = make.booking(make.booth(zone, "A13"), state="held", application=make.application(edition, state="accepted"))
    assert refusal(offer, make.member(offer.agency), chair) == ("offer", ["Accept booth A13 first."])
    assert taken(chair) == 0


def test_only_until_its_last_day(edition, booking, manager, chair):
    Extra.objects.update(order_until=edition.today)
    order(booking, manager, chair)

    Extra.objects.update(order_until=edition.today - datetime.timedelta(days=1))
    assert refusal(booking, manager, chair) == ("late", ["Chair can no longer be ordered."])


def test_only_what_is_meant_for_the_zone_and_fitting_of_the_booth(edition, zone, booking, manager):
    elsewhere = make.extra(edition, "Carpet")
    elsewhere.zones.add(make.zone(zone.hall))
    here = make.extra(edition, "Plant")
    here.zones.add(zone, make.zone(zone.hall))
    raw = make.extra(edition, "Crane", fitting="raw")
    later = make.extra(editions.edition("later"), "Sofa")

    assert list(Extra.objects.for_booth(booking.booth)) == [here]
    for extra in (elsewhere, raw, later):
        assert refusal(booking, manager, extra)[0] == "other"


def test_power_stays_within_the_budget_of_the_zone(edition, zone, booking, manager):
    zone.power_budget = 3_500
    zone.save()
    make.booth(zone, "A13", x=300, power=1_000)
    socket = make.extra(edition, "Socket", watts=500)

    order(booking, manager, socket, 2)
    assert refusal(booking, manager, socket, 2) == (
        "power",
        ["That is 1000 W; zone “Companies” has 500 W left. Ask the organisers."],
    )
    order(booking, manager, socket)
    assert extras.power_of(zone) == 3_500
    assert checking.check(zone.hall) == []

    zone.power_budget = 3_499
    zone.save()
    assert [found.kind for found in checking.check(zone.hall)] == ["power"]


def test_what_is_given_back_is_there_again_once(booking, manager, chair):
    rows = order(booking, manager, chair, 4)
    for _time in range(2):
        extras.give_back(ordered=rows)

    assert (taken(chair), OrderedExtra.objects.get().is_taken) == (0, False)
    for _time in range(2):
        extras.take_again(ordered=rows)
    assert (taken(chair), OrderedExtra.objects.get().is_taken) == (4, True)


def test_what_went_to_others_meanwhile_is_not_taken_again(booking, manager, chair):
    rows = order(booking, manager, chair, 6)
    extras.give_back(ordered=rows)
    order(booking, manager, chair, 5)

    assert refused(extras.take_again, ordered=rows)[0] == "stock"
    assert taken(chair) == 5


def test_the_database_sells_nothing_that_is_not_there(chair):
    with pytest.raises(IntegrityError), transaction.atomic():
        Extra.objects.update(taken=11)


def test_who_edits_an_extra_forgets_nothing_that_was_ordered_meanwhile(booking, manager, chair):
    stale = Extra.objects.get()
    order(booking, manager, chair, 4)
    stale.stock = 20
    stale.save()

    row = Extra.objects.get()
    assert (row.taken, row.stock, row.left) == (4, 20, 16)
    row.stock = 3
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict["stock"] == ["More than that are ordered already."]


def test_extras_go_along_to_another_zone_with_the_booth(zone, booking, manager, edition):
    other = make.zone(zone.hall)
    order(booking, manager, make.extra(edition, "Socket", watts=500))
    allocation.move(booking=booking, booth=make.booth(other, "B01"), user=make.exhibition_manager(), reason="x")

    assert (extras.power_of(zone), extras.power_of(other)) == (1_000, 500)
