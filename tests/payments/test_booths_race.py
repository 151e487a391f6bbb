"""At once: late money for booths, and organisers who have other plans for them."""

from django.contrib.auth import get_user_model

from exhibitors import offering, pavilions
from exhibitors.models import Agency, Booking, Booth
from forum.payments import booth_orders
from forum.payments.models import Order
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import payments, proposals
from tests.racing import Refused

PRICE = 90_000
BOOTHS = 4


def prepare_late():
    """Booths whose time to pay has run out; the codes of their orders."""
    edition = editions.edition(slug="race")
    make.price(edition)
    make.exhibition_manager(email="organiser@example.org")
    make.agency("Trade Office of Examplia")
    codes = []
    for booth in make.booths(make.zone(make.hall(edition)), BOOTHS):
        agency = make.agency(kind="private")
        booking = booth_orders.book(booth=booth, agency=agency, user=make.member(agency), seen=PRICE)
        codes.append(payments.let_time_run_out(booth_orders.order_of(booking)).code)
    return codes


def pay_or_set_up(code):
    """Late money for one of the booths, or a pavilion of all of them."""
    if code:
        payments.pay(Order.objects.get(code=code), external_id=code)
        return Order.objects.get(code=code).state
    organiser, user = Agency.objects.get(name_en="Trade Office of Examplia"), get_user_model().objects
    edition = Order.objects.first().edition
    return pavilions.keep(
        edition=edition, name_en="Examplia", name_km="", organiser=organiser, booths=edition.booths.all(),
        user=user.get(email="organiser@example.org"),
    ).name_en  # fmt: skip


def prepare_offer():
    """A booth that costs something, offered."""
    edition = editions.edition(slug="race")
    make.price(edition)
    (booth,) = proposals.fair(edition, 1)
    row = proposals.accepted(edition)
    make.member(row.agency)
    make.booking(booth, row.agency, "held", application=row)


def answer(is_taken):
    booking = Booking.objects.get()
    facts = {"booking": booking, "user": booking.agency.people.get()}
    if is_taken:
        return booth_orders.accept(seen=PRICE, **facts).state
    return offering.decline(**facts).state


def states():
    return [list(model.objects.values_list("state", flat=True)) for model in (Booking, Order)]


def standing():
    """Booths of the pavilion, and booths of those who paid."""
    paid = Booking.objects.filter(state="confirmed").values_list("booth__code", flat=True)
    return set(Booth.objects.filter(pavilion__isnull=False).values_list("code", flat=True)), set(paid)


def test_late_money_brings_nobody_into_a_pavilion_that_is_set_up_meanwhile(race):
    codes = race.prepare(prepare_late)

    *paid, set_up = race(pay_or_set_up, [{"code": code} for code in [*codes, None]])

    of_pavilion, of_others = race.inspect(standing)
    assert not of_pavilion & of_others
    assert len(of_others) == paid.count("paid") == BOOTHS - paid.count("decision")
    assert set_up == (Refused("taken") if of_others else "Examplia")


def test_an_offer_that_is_accepted_and_declined_at_once_leaves_nothing_to_pay(race):
    race.prepare(prepare_offer)

    accepted, declined = race(answer, [{"is_taken": True}, {"is_taken": False}])

    assert declined == "released"
    assert race.inspect(states) == [["released"], ["cancelled"] if accepted == "held" else []]
