"""Processes that order the last extras, and the last watts of a zone, at the same moment."""

from exhibitors.models import Agency, Booking, Extra, OrderedExtra
from forum.payments import booth_orders
from forum.payments.models import Order
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused

RUNNERS = 8


def prepare(**fields):
    """An extra, and agencies with a booth each in one zone; their codes."""
    edition = editions.edition(slug="race")
    zone = make.zone(make.hall(edition), power_budget=3_000)
    make.extra(edition, **fields)
    codes = []
    for booth in make.booths(zone, RUNNERS):
        agency = make.agency(f"Runner {booth.code}")
        make.member(agency, email=f"{agency.code}@example.org".lower())
        make.booking(booth, agency)
        codes.append(agency.code)
    return codes


def order(agency, quantity=1):
    agency = Agency.objects.get(code=agency)
    booking, wanted = Booking.objects.get(agency=agency), {Extra.objects.get(): quantity}
    return booth_orders.order_extras(booking=booking, wanted=wanted, user=agency.people.get()).state


def kept():
    """Taken, in rows of those who have them, on orders."""
    return [Extra.objects.get().taken, sum(OrderedExtra.objects.values_list("quantity", flat=True)), Order.objects.count()]


def refusals(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Refused)]


def test_of_many_who_order_the_last_few_as_many_get_them_as_there_are(race):
    agencies = race.prepare(prepare, stock=7)

    outcomes = race(order, [{"agency": code, "quantity": 2} for code in agencies])

    assert refusals(outcomes) == [Refused("stock")] * (RUNNERS - 3)
    assert race.inspect(kept) == [6, 6, 3]


def test_of_many_who_order_power_as_many_get_it_as_the_zone_has(race):
    agencies = race.prepare(prepare, watts=1_000)

    outcomes = race(order, [{"agency": code} for code in agencies])

    assert refusals(outcomes) == [Refused("power")] * (RUNNERS - 3)
    assert race.inspect(kept) == [3, 3, 3]
