"""Money that goes back by hand."""

import pytest
from django.core.exceptions import ValidationError

from forum.payments import ordering, papers, refunding
from forum.payments.models import Order, Paper, Payment, Refund
from forum.registration.models import Quota, Registration
from tests.factories import payments as make

pytestmark = pytest.mark.django_db


def states():
    return (Order.objects.get().state, Registration.objects.get().state, Quota.objects.get().taken)


def back(payment, amount, **fields):
    return refunding.refund(payment=payment, amount=amount, **({"reason": "They cannot come", "reference": "R1"} | fields))


def test_a_part_that_goes_back_leaves_the_place_and_is_written_as_a_credit_note():
    payment = make.pay(make.order())

    back(payment, 1_000)

    assert states() == ("paid", "confirmed", 1)
    assert [(paper.full_number, paper.amount) for paper in Paper.objects.order_by("pk")] == [
        ("NEXT-REC-00001", 5_000),
        ("NEXT-CRN-00001", 1_000),
    ]
    assert payment.left == 4_000


def credited() -> list[int]:
    return list(Paper.objects.filter(kind="credit").order_by("pk").values_list("amount", flat=True))


def test_what_was_paid_too_much_goes_back_without_a_credit_note():
    payment = make.pay(make.order(), 7_000)

    back(payment, 2_000)

    assert (states()[0], credited()) == ("paid", [])


def test_credit_notes_never_add_up_to_more_than_was_invoiced():
    order = make.order()
    papers.issue(order=order, kind="invoice")
    payment, second = make.pay(order, 7_000), make.pay(order, 5_000)

    back(second, 5_000)
    back(payment, 3_000, reference="R2")
    back(payment, 4_000, reference="R3")

    assert (states()[0], credited()) == ("cancelled", [1_000, 4_000])


def test_late_money_for_a_cancelled_order_goes_back_without_a_second_credit_note():
    order = make.order()
    papers.issue(order=order, kind="invoice")
    ordering.cancel(order=order)

    back(make.pay(order), 5_000)

    assert credited() == [5_000]


def test_the_whole_that_goes_back_ends_the_order_and_frees_the_place():
    payment = make.pay(make.order())

    back(payment, 1_000)
    back(payment, 4_000, reference="R2")

    assert states() == ("cancelled", "withdrawn", 0)


def test_money_that_went_back_is_written_down_once_by_its_reference():
    order = make.order()
    payment, other = make.pay(order, 3_000), make.pay(order, 2_000)
    back(payment, 1_000, reference="R1")

    with pytest.raises(ValidationError) as refusal:
        back(payment, 1_000, reference=" R1 ")

    assert refusal.value.message_dict == {"reference": ["This reference is written down already."]}
    back(other, 500, reference="R1")  # one transfer may give back of two payments
    assert [(row.payment, row.amount) for row in Refund.objects.order_by("pk")] == [(payment, 1_000), (other, 500)]


def test_never_goes_back_more_than_came():
    payment = make.pay(make.order())
    back(payment, 3_000)

    for amount, fields, code in ((2_001, {}, "amount"), (0, {}, "amount"), (-5, {}, "amount"),
                                 (1, {"reason": " "}, "reason"), (1, {"reference": ""}, "reference")):  # fmt: skip
        with pytest.raises(ValidationError) as refusal:
            back(payment, amount, **fields)
        assert refusal.value.code == code
    assert Refund.objects.count() == 1


def test_foreign_money_goes_back_and_the_order_ends():
    payment = make.pay(make.order(), 205_000, currency="KHR")
    assert states()[0] == "decision"

    back(payment, 205_000)

    assert states() == ("cancelled", "withdrawn", 0)


def test_the_ledger_adds_up():
    order = make.order()
    for amount in (10, 20, 70):
        payment = make.pay(order, amount)
    make.pay(order, 4_100, currency="KHR")
    back(payment, 3)

    assert Payment.objects.by_currency() == {"KHR": 4_100, "USD": 100}
    assert Refund.objects.counted().by_currency() == {"USD": 3}
    assert order.received == 97
