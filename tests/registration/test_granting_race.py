"""Packages and booths paid for, cancelled, followed and used at the same moment: places agree with grants and people."""

from exhibitors.models import Agency, Membership, Package
from forum.payments import booth_orders, ordering
from forum.payments.models import Order
from forum.registration import delegating, tasks
from forum.registration.models import Delegation, Grant, PassType, Places
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import registration as people
from tests.racing import Refused


def prepare():
    """Two packages, ordered by one agency that has no delegation."""
    edition = editions.edition()
    people.pass_type(edition, slug="sponsor", comes_with_packages=True)
    agency = make.agency()
    user = make.member(agency)
    for name in ("Gold", "Silver"):
        booth_orders.sponsor(package=make.package(edition, name, passes=4), agency=agency, user=user)


def accept(number):
    ordering.accept_letter(order=Order.objects.order_by("pk")[number], letter=f"No. {number}")


def cancel_or_name(name):
    if not name:
        return ordering.cancel(order=Order.objects.order_by("pk")[0]) and None
    delegation, user = Delegation.objects.get(), Membership.objects.get().user
    delegating.register(delegation=delegation, pass_type=PassType.objects.get(), user=user, name_latin=name, email="")
    return name


def kept():
    row = Places.objects.get()
    return row.granted, row.taken, sum(Grant.objects.values_list("quantity", flat=True))


def names():
    return Agency.objects.count(), Package.objects.count(), Delegation.objects.count()


def test_two_packages_paid_for_at_once_make_one_delegation_with_the_places_of_both(race):
    race.prepare(prepare)

    race(accept, [{"number": 0}, {"number": 1}, {"number": 0}, {"number": 1}])

    assert race.inspect(kept) == (8, 0, 8)
    assert race.inspect(names) == (1, 2, 1)


def test_whoever_is_named_while_a_package_goes_back_has_a_place_or_is_told_that_none_is_left(race):
    race.prepare(prepare)
    race.prepare(accept, number=0)

    outcomes = race(cancel_or_name, [{"name": name} for name in ("", "One", "Two", "Three")])

    named = [outcome for outcome in outcomes[1:] if outcome != Refused("places")]
    assert race.inspect(kept) == (len(named), len(named), len(named))


def prepare_booths():
    edition = editions.edition()
    people.pass_type(edition, slug="staff", per_booth=3)
    zone = make.zone(make.hall(edition))
    for code in ("A01", "A02"):
        make.booking(make.booth(zone, code), Agency.objects.first() or make.agency())


def follow():
    tasks.follow_booths()


def test_booths_that_many_follow_at_once_give_their_places_once(race):
    race.prepare(prepare_booths)

    race(follow, [{}] * 4)

    assert race.inspect(kept) == (6, 0, 6)
    assert race.inspect(names) == (1, 0, 1)
