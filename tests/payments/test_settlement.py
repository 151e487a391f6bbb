"""Money that came in: once, in any order, in time and late; the state follows the sum."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from post_office.models import Email

from exhibitors import allocation
from exhibitors.models import Booking
from forum.payments import ordering, refunding, settlement
from forum.payments.models import Order, Paper, Payment, Terms
from forum.registration import signup
from forum.registration.models import Quota, Registration
from tests.factories import accounts, exhibitors
from tests.factories import payments as make
from tests.factories import registration as people

pytestmark = pytest.mark.django_db


def state(order):
    """Of the order, of the place, and how many places are taken."""
    return (Order.objects.get(pk=order.pk).state, place(order).state, Quota.objects.get().taken)


def place(order) -> Registration:
    return order.lines.get().registration


def test_the_whole_sum_makes_the_place_firm_and_writes_a_receipt():
    order = make.order()
    Email.objects.all().delete()

    make.pay(order)

    assert state(order) == ("paid", "confirmed", 1)
    assert [paper.full_number for paper in Paper.objects.all()] == ["NEXT-REC-00001"]
    subjects = sorted(Email.objects.values_list("subject", flat=True))
    assert subjects == [f"Paid: order {order.short_code}, DGF", "Your registration: DGF"]


def test_a_part_waits_for_the_rest():
    order = make.order()

    make.pay(order, 2_000)

    assert state(order) == ("open", "held", 1)
    assert (order.due_written, order.received) == ("USD\u00a030.00", 2_000)
    make.pay(order, 3_000)
    assert state(order) == ("paid", "confirmed", 1)


def test_the_same_payment_told_again_is_written_once():
    order = make.order()

    first = make.pay(order, external_id="one")
    again = make.pay(order, external_id="one")

    assert first == again
    assert Payment.objects.count() == 1


def test_late_money_takes_a_free_place():
    order = make.let_time_run_out(make.order())
    assert state(order) == ("lapsed", "withdrawn", 0)

    make.pay(order)

    assert state(order) == ("paid", "confirmed", 1)


def test_late_money_without_a_free_place_waits_for_a_decision():
    order = make.let_time_run_out(make.order(make.priced(size=1)))
    people.registration(place(order).pass_type)

    payment = make.pay(order)

    assert state(order) == ("decision", "withdrawn", 1)
    assert Payment.objects.get() == payment
    assert Email.objects.filter(subject=f"We are looking into your payment: order {order.short_code}, DGF").exists()


def test_late_money_of_who_registered_again_meanwhile_waits_for_a_decision():
    order = make.let_time_run_out(make.order(name_latin="SOK Dara", email="dara@example.org"))
    people.registration(place(order).pass_type, name_latin="SOK Dara", email="dara@example.org")

    make.pay(order)

    assert Order.objects.get().state == "decision"
    assert sorted(Registration.objects.values_list("state", flat=True)) == ["held", "withdrawn"]


def test_money_of_who_withdrew_waits_for_a_decision_and_brings_nobody_back():
    order = make.order()
    signup.withdraw(registration=place(order))

    make.pay(order)

    assert state(order) == ("decision", "withdrawn", 0)


def test_money_for_a_cancelled_order_waits_for_a_decision():
    order = make.order()
    ordering.cancel(order=order)

    make.pay(order)

    assert state(order) == ("decision", "withdrawn", 0)


def test_money_of_another_currency_is_kept_and_waits_for_a_decision():
    order = make.order()

    make.pay(order, 205_000, currency="KHR")

    assert state(order) == ("decision", "held", 1)
    assert (order.received, order.received_written) == (0, "KHR\u00a0205,000")


def test_each_currency_that_came_is_told_and_what_went_back_is_not():
    order = make.order()
    assert order.received_written == "USD\u00a00.00"
    payment = make.pay(order, 205_000, currency="KHR")
    make.pay(order, 1_000)
    told = [row.received_written for row in (order, Order.objects.with_sums().get())]
    assert told == ["USD\u00a010.00 + KHR\u00a0205,000"] * 2

    refunding.refund(payment=payment, amount=5_000, reason="x", reference="R1")

    assert Order.objects.with_sums().get().received_written == "USD\u00a010.00 + KHR\u00a0200,000"


def test_who_decides_upon_riel_has_the_receipt_count_them_at_the_rate():
    order = make.order()
    make.terms(order.edition, riel_per_dollar=4_100)
    payment = make.pay(order, 205_000, currency="KHR")

    settlement.decide(order=order, reason="Paid in riel", user=accounts.user())
    Terms.objects.update(riel_per_dollar=4_200)
    refunding.refund(payment=payment, amount=205_000, reason="They cannot come", reference="R1")

    assert list(Paper.objects.order_by("pk").values_list("kind", "amount")) == [("receipt", 5_000), ("credit", 5_000)]


def test_riel_on_top_of_the_whole_sum_are_paid_too_much():
    order = make.order()
    make.pay(order)
    assert (order.surplus_written, Order.objects.overpaid().count()) == ("", 0)

    make.pay(order, 4_100, currency="KHR")

    assert (order.surplus_written, Order.objects.overpaid().get()) == ("KHR\u00a04,100", order)


def test_a_second_payment_of_a_paid_order_is_kept_and_shown():
    order = make.order()
    make.pay(order)

    make.pay(order)

    assert state(order) == ("paid", "confirmed", 1)
    assert order.received == 10_000


def test_who_decides_brings_the_place_back_and_says_why():
    order = make.let_time_run_out(make.order())
    make.pay(order, 4_900)
    assert state(order) == ("decision", "withdrawn", 0)

    settlement.decide(order=order, reason="The bank kept a dollar", user=accounts.user())

    assert state(order) == ("paid", "confirmed", 1)
    assert Order.objects.get().decision == "The bank kept a dollar"


def test_nobody_decides_without_a_reason_a_place_or_a_need():
    order = make.order(make.priced(size=1))
    clerk = accounts.user()

    def refused(reason="because"):
        with pytest.raises(ValidationError) as refusal:
            settlement.decide(order=order, reason=reason, user=clerk)
        return refusal.value.code

    assert refused() == "state"
    make.let_time_run_out(order)
    people.registration(place(order).pass_type)
    make.pay(order)
    assert [refused(" "), refused()] == ["reason", "gone"]


@pytest.fixture
def booking():
    booth = exhibitors.booth(exhibitors.zone(exhibitors.hall(make.priced().edition)))
    return exhibitors.booking(booth, state="held")


def placed(booking) -> Order:
    """The order for a booth."""
    edition = booking.booth.edition
    item = ordering.Item(text_en="Booth A01", amount=90_000, booking=booking)
    return ordering.place(edition=edition, currency="USD", items=[item], bill_to_name="An agency", email="a@example.org")


def test_a_booth_is_confirmed_when_it_is_paid_and_taken_again_when_it_is_free(booking):
    order = placed(booking)
    booking.refresh_from_db()
    assert booking.held_until == order.held_until
    make.let_time_run_out(order)
    booking.refresh_from_db()
    assert booking.state == "lapsed"

    make.pay(order)

    booking.refresh_from_db()
    assert (Order.objects.get().state, booking.state) == ("paid", "confirmed")


def test_late_money_for_a_booth_that_another_agency_has_waits_for_a_decision(booking):
    order = make.let_time_run_out(placed(booking))
    exhibitors.booking(booking.booth, state="held")

    make.pay(order)

    booking.refresh_from_db()
    assert (Order.objects.get().state, booking.state, Payment.objects.count()) == ("decision", "lapsed", 1)


def test_money_between_the_end_of_a_booths_hold_and_of_its_order_takes_the_booth(booking):
    order = placed(booking)
    Booking.objects.update(held_until=timezone.now())
    allocation.lapse(booking=booking)

    make.pay(order)

    booking.refresh_from_db()
    assert (Order.objects.get().state, booking.state) == ("paid", "confirmed")


def test_money_for_a_booth_that_the_agency_gave_back_waits_for_a_decision(booking):
    order = placed(booking)
    allocation.give_up(booking=booking)

    make.pay(order)

    booking.refresh_from_db()
    assert (Order.objects.get().state, booking.state) == ("decision", "released")


def test_money_for_a_cancelled_order_without_places_waits_for_a_decision_too():
    edition = make.priced().edition
    item = ordering.Item(text_en="Two chairs", amount=2_000)
    order = ordering.place(edition=edition, currency="USD", items=[item], bill_to_name="An agency", email="")
    ordering.cancel(order=order)

    make.pay(order)

    assert Order.objects.get().state == "decision"
