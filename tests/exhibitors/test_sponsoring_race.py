"""Sponsors who order the last package, and colleagues who order one for their agency, at the same moment."""

from exhibitors.models import Agency, Entitlement, Package, Sponsorship
from exhibitors.prices import sponsoring
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused


def prepare(stock, agencies):
    make.package(editions.edition(slug="race"), stock=stock, has_logo=True)
    for number in range(agencies):
        make.member(make.agency(f"Sponsor {number}"), email=f"sponsor{number}@example.org")


def order(number):
    agency = Agency.objects.get(name_en=f"Sponsor {number}")
    return sponsoring.order(package=Package.objects.get(), agency=agency, user=agency.people.get()).state


def kept():
    """Taken, in rows of those who have it, and what is owed."""
    return Package.objects.get().taken, Sponsorship.objects.count(), Entitlement.objects.count()


def test_the_last_package_goes_to_one_of_many(race):
    race.prepare(prepare, stock=1, agencies=4)

    outcomes = race(order, [{"number": number} for number in range(4)])

    assert sorted(outcomes, key=str) == [Refused("stock")] * 3 + ["held"]
    assert race.inspect(kept) == (1, 1, 1)


def test_an_agency_for_which_many_order_has_it_once(race):
    race.prepare(prepare, stock=9, agencies=1)

    outcomes = race(order, [{"number": 0}] * 4)

    assert sorted(outcomes, key=str) == [Refused("yours")] * 3 + ["held"]
    assert race.inspect(kept) == (1, 1, 1)
