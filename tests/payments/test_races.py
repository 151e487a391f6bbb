"""At once: money told many times, money against the clock, orders for the last place, numbers without a gap."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from forum.payments import delegation_orders, ordering, papers, refunding, settlement, tasks
from forum.payments.models import Order, Paper, Payment, Refund
from forum.registration import signup
from forum.registration.models import Delegation, PassType, Quota, Registration
from tests.factories import exhibitors
from tests.factories import payments as make
from tests.factories import registration as people
from tests.racing import Refused

ON_SQLITE = connection.vendor == "sqlite"


def prepare(size=5, orders=1):
    delegate = make.priced(size=size)
    return [make.order(delegate).code for _number in range(orders)]


def make_overdue(code):
    Order.objects.filter(code=code).update(held_until=timezone.now() - datetime.timedelta(seconds=1))


def settle(code, number):
    order = Order.objects.get(code=code)
    facts = {"method": "card", "amount": order.amount, "currency": "USD", "provider": "stripe", "external_id": number}
    return settlement.settle(order=order, **facts).code


def act(name, code):
    """One of several things that happen to an order at the same moment."""
    order = Order.objects.get(code=code)
    if name == "pay":
        return settle(code, "one")
    if name == "lapse":
        return ordering.lapse(order=order)
    if name == "withdraw":
        return bool(signup.withdraw(registration=order.lines.select_related("registration").get().registration))
    return tasks.end_orders()


def register(name):
    delegate = PassType.objects.prefetch_related("quotas").get()
    return people.registration(delegate, name_latin=name).code


def place(code):
    return ordering.place_for(Registration.objects.get(code=code)).code


def name_people():
    """Three people of a delegation who hold places."""
    make.priced(slug="industry")
    delegation = people.delegation(industry=5)
    focal = exhibitors.member(delegation.agency)
    for letter in "abc":
        people.delegate(delegation, focal, slug="industry", name_latin=f"Person {letter}")


def follow():
    delegation_orders.follow(delegation=Delegation.objects.select_related("edition", "agency").get())


def amounts():
    return list(Order.objects.values_list("amount", flat=True))


def refund(amount, number):
    payment = Payment.objects.get()
    return refunding.refund(payment=payment, amount=amount, reason="x", reference=number).amount


def write(code):
    with_facts = {"name": "A ministry", "agency": "", "tax_number": ""}
    return ordering.write_invoice(order=Order.objects.get(code=code), **with_facts).number


def write_or_fail(code, fails):
    """A number is given only with its paper: who fails after taking one leaves no gap."""
    try:
        with ordering.transaction.atomic():
            number = papers.issue(order=Order.objects.get(code=code), kind="invoice").number
            if fails:
                raise ValidationError("no", code="failed")
    except ValidationError:
        return None
    return number


def totals():
    """States of orders and people, places taken, payments."""
    return [
        sorted(Order.objects.values_list("state", flat=True)),
        sorted(Registration.objects.values_list("state", flat=True)),
        Quota.objects.get().taken,
        Payment.objects.count(),
    ]


def numbers():
    return sorted(Paper.objects.values_list("number", flat=True))


def test_the_same_payment_told_eight_times_at_once_is_written_once(race):
    (code,) = race.prepare(prepare)

    outcomes = race(settle, [{"code": code, "number": "one"}] * 8)

    assert len(set(outcomes)) == 1
    assert race.inspect(totals) == [["paid"], ["confirmed"], 1, 1]


def test_money_and_the_clock_at_once_lose_neither_money_nor_place(race):
    (code,) = race.prepare(prepare, size=1)
    race.prepare(make_overdue, code=code)

    race(act, [{"name": name, "code": code} for name in ("pay", "lapse", "pay", "sweep", "lapse", "pay")])

    assert race.inspect(totals) == [["paid"], ["confirmed"], 1, 1]


def test_money_and_withdrawal_at_once_end_in_a_state_that_somebody_sees(race):
    (code,) = race.prepare(prepare)

    race(act, [{"name": name, "code": code} for name in ("pay", "withdraw", "sweep", "pay", "withdraw")])

    (state,), people, taken, paid = race.inspect(totals)
    assert (state in {"paid", "decision"}, people, taken, paid) == (True, ["withdrawn"], 0, 1)


def test_late_money_of_four_never_exceeds_the_quota(race):
    codes = race.prepare(prepare, size=4, orders=4)
    for code in codes:
        race.prepare(make_overdue, code=code)
    race.prepare(act, name="sweep", code=codes[0])
    race.prepare(register, name="Somebody ELSE")
    race.prepare(register, name="Another PERSON")

    race(settle, [{"code": code, "number": code} for code in codes])

    states, _people, taken, paid = race.inspect(totals)
    assert (states, taken, paid) == (["decision", "decision", "paid", "paid"], 4, 4)


def hold_and_pay(name):
    """Somebody registers for a pass that costs something, has an order placed and pays it."""
    delegate = PassType.objects.prefetch_related("quotas").get()
    order = ordering.place_for(people.registration(delegate, name_latin=name, email=f"{name[-2:]}@example.org"))
    return settle(order.code, order.code)


def sold():
    states = sorted(set(Order.objects.values_list("state", flat=True)))
    return [states, Registration.objects.coming().count(), Quota.objects.get().taken, Payment.objects.all().total()]


@pytest.mark.parametrize(
    ("clients", "size"),
    [(8, 5), pytest.param(64, 50, marks=pytest.mark.skipif(ON_SQLITE, reason="eight are as many as write there at once"))],
)
def test_many_at_once_hold_and_pay_exactly_as_many_places_as_there_are(race, clients, size):
    race.prepare(prepare, size=size, orders=0)

    outcomes = race(hold_and_pay, [{"name": f"Person {chr(97 + n % 26)}{chr(97 + n // 26)}"} for n in range(clients)])

    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("full")] * (clients - size)
    assert race.inspect(sold) == [["paid"], size, size, size * 5_000]


def test_one_place_is_ordered_once_by_eight_at_once(race):
    race.prepare(prepare, orders=0)
    code = race.prepare(register, name="SOK Dara")

    assert len(set(race(place, [{"code": code}] * 8))) == 1


def test_refunds_at_once_never_exceed_what_came(race):
    (code,) = race.prepare(prepare)
    race.prepare(settle, code=code, number="one")
    race.prepare(by_hand)

    outcomes = race(refund, [{"amount": 2_000, "number": f"R{number}"} for number in range(4)])

    assert sorted(outcomes, key=str) == [2_000, 2_000, Refused("amount"), Refused("amount")]
    assert race.inspect(refunded) == 4_000


def test_one_refund_written_down_at_once_by_many_is_written_once(race):
    (code,) = race.prepare(prepare)
    race.prepare(settle, code=code, number="one")
    race.prepare(by_hand)

    outcomes = race(refund, [{"amount": 1_000, "number": "R1"}] * 4)

    assert sorted(outcomes, key=str) == [1_000, *[Refused("reference")] * 3]
    assert race.inspect(refunded) == 1_000


def by_hand():
    Payment.objects.update(provider="hand")


def refunded():
    return Refund.objects.counted().total()


def test_numbers_of_papers_have_no_gap_however_many_write_at_once(race):
    codes = race.prepare(prepare, size=9, orders=8)

    race(write_or_fail, [{"code": code, "fails": place % 2 == 1} for place, code in enumerate(codes)])
    race(write, [{"code": code} for code in codes[1::2]])

    assert race.inspect(numbers) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_delegation_gets_one_order_by_however_many_it_is_placed(race):
    race.prepare(name_people)

    race(follow, [{}] * 6)

    assert race.inspect(amounts) == [15_000]
