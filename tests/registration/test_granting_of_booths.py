"""Places that come with booths: so many for each and for so many square metres, in the delegation as long as it has them."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from exhibitors import allocation
from forum.desks import readiness
from forum.registration import delegating, tasks
from forum.registration.models import Delegation, Grant, Places
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import registration as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition))


@pytest.fixture
def staff(edition):
    """Two for each booth, and one for each nine square metres."""
    return people.pass_type(edition, slug="staff", name_en="Staff", per_booth=2, per_area=9)


@pytest.fixture
def contractors(edition):
    return people.pass_type(edition, slug="contractor", name_en="Contractor", per_area=6, booth_fitting="raw")


@pytest.fixture
def agency():
    return make.agency("Example Cloud")


def places() -> list[tuple]:
    rows = Places.objects.order_by("delegation__agency__name_en", "pass_type__slug")
    return [(row.pass_type.slug, row.size, row.granted, row.taken) for row in rows.select_related("pass_type")]


def booked(zone, code, agency, **fields):
    """A confirmed booth of three by three metres."""
    return make.booking(make.booth(zone, code, **({"width": 300, "depth": 300} | fields)), agency)


def test_a_confirmed_booth_gives_places_by_its_fitting_and_size(zone, staff, contractors, agency):
    booked(zone, "A01", agency)
    booked(zone, "A02", agency, width=600, depth=500, fitting="raw")
    make.booking(make.booth(zone, "A03"), make.agency("Not Yet"), state="held")

    assert tasks.follow_booths() == 2

    assert places() == [("contractor", 0, 5, 0), ("staff", 0, 3 + 5, 0)]
    assert Delegation.objects.get().agency == agency
    rows = ModelLogEntry.objects.filter(content_type__model="delegation").order_by("pk")
    assert {(row.action, row.data["number"], row.data["package"]) for row in rows} == {
        ("registration.grant_places", 5, ""),
        ("registration.grant_places", 8, ""),
    }


def test_once_more_changes_nothing_and_what_was_given_by_hand_stays(zone, staff, agency):
    people.delegation(agency, staff=4)
    booked(zone, "A01", agency)

    assert [tasks.follow_booths() for _time in range(3)] == [1, 0, 0]

    assert places() == [("staff", 4, 3, 0)]


def test_they_go_back_with_the_booth_except_where_somebody_is_named(zone, staff, agency):
    manager, organiser = make.member(agency), make.exhibition_manager()
    booking = booked(zone, "A01", agency)
    tasks.follow_booths()
    person = people.delegate(Delegation.objects.get(), manager, slug="staff")

    allocation.release(booking=booking, user=organiser, reason="The hall is smaller.")
    assert [tasks.follow_booths() for _time in range(2)] == [1, 0]
    assert places() == [("staff", 0, 1, 1)]

    delegating.withdraw(registration=person, user=manager)
    tasks.follow_booths()
    assert (places(), Grant.objects.get().quantity) == ([("staff", 0, 0, 0)], 0)


def test_a_rule_that_changes_is_followed_and_one_that_is_dropped_takes_its_places_back(zone, staff, agency):
    booked(zone, "A01", agency)
    tasks.follow_booths()
    staff.per_booth = 5
    staff.save()
    tasks.follow_booths()
    assert places() == [("staff", 0, 6, 0)]

    staff.per_booth, staff.per_area = 0, None
    staff.save()
    tasks.follow_booths()
    assert places() == [("staff", 0, 0, 0)]


def test_whoever_has_a_booth_names_as_many_people_and_no_more_and_reads_of_it(zone, edition, staff, agency):
    manager = make.member(agency)
    booked(zone, "A01", agency)
    tasks.follow_booths()
    item = readiness.of_agency(agency, edition).items[-1]
    assert (str(item.title), item.detail) == ("People with the pass “Staff”", "0 of 3 places")

    for _person in range(3):
        people.delegate(Delegation.objects.get(), manager, slug="staff")

    assert refused(people.delegate, of=Delegation.objects.get(), user=manager, slug="staff")[0] == "places"


def test_without_a_rule_and_after_the_forum_nothing_is_given(zone, edition, agency):
    people.pass_type(edition, slug="delegate")
    booked(zone, "A01", agency)
    assert (tasks.follow_booths(), Delegation.objects.exists()) == (0, False)

    day = edition.today - datetime.timedelta(days=9)
    over = editions.edition("over", opens_on=day, closes_on=day)
    people.pass_type(over, slug="staff", per_booth=2)
    booked(make.zone(make.hall(over)), "B01", agency)
    assert (tasks.follow_booths(), Delegation.objects.exists()) == (0, False)


@pytest.mark.parametrize("count", [1, 3])
def test_looking_takes_as_many_queries_for_three_agencies_as_for_one(zone, staff, count, django_assert_num_queries):
    for number in range(count):
        booked(zone, f"A0{number}", make.agency())
    tasks.follow_booths()

    with django_assert_num_queries(4):
        tasks.follow_booths()


def test_the_database_keeps_the_places_of_booths_once(zone, staff, agency):
    booked(zone, "A01", agency)
    tasks.follow_booths()

    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(places=Places.objects.get(), entitlement=None)
