"""Whatever happens in whatever order: never above quota, the ledger equals the states, nothing is lost."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from forum.payments import ordering, refunding, settlement, tasks
from forum.payments.models import Order, Payment, Refund
from forum.registration import signup
from forum.registration.models import Quota, Registration
from tests.factories import accounts
from tests.factories import payments as make
from tests.factories import registration as people

SIZE = 2
PRICE = 10
places = st.integers(0, 5)
amounts = st.sampled_from([3, 7, PRICE, PRICE + 1])


class Money(RuleBasedStateMachine):
    """Orders for a pass of two places; each example is rolled back."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.delegate = make.priced(price=PRICE, size=SIZE)
        self.clerk = accounts.user()
        self.told = Counter()  # what came in, by order, as we know it from outside
        self.returned = Counter()
        self.numbers = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def order(self, place) -> Order | None:
        orders = list(Order.objects.order_by("pk"))
        return orders[place % len(orders)] if orders else None

    def tried(self, act, **kwargs):
        try:
            with transaction.atomic():
                return act(**kwargs)
        except ValidationError:
            return None

    @rule()
    def register(self):
        registration = self.tried(lambda: people.registration(self.fresh()))
        if registration:
            ordering.place_for(registration)

    def fresh(self):
        return type(self.delegate).objects.prefetch_related("quotas").get(pk=self.delegate.pk)

    @rule(place=places, amount=amounts, is_foreign=st.sampled_from([False, False, False, True]), again=st.booleans())
    def pay(self, place, amount, is_foreign, again):
        if order := self.order(place):
            self.numbers += 1
            currency = "KHR" if is_foreign else "USD"
            for _time in range(1 + again):
                make.pay(order, amount, currency=currency, external_id=f"n{self.numbers}")
            self.told[order.pk, currency] += amount

    @rule(place=places)
    def let_time_run_out(self, place):
        if (order := self.order(place)) and order.is_open and order.held_until:
            make.let_time_run_out(order)

    @rule(place=places)
    def cancel(self, place):
        if order := self.order(place):
            self.tried(ordering.cancel, order=order)

    @rule(place=places)
    def accept_letter(self, place):
        if order := self.order(place):
            self.tried(ordering.accept_letter, order=order, letter="No. 1")

    @rule(place=places)
    def decide(self, place):
        if order := self.order(place):
            self.tried(settlement.decide, order=order, reason="because", user=self.clerk)

    @rule(place=places)
    def withdraw(self, place):
        if order := self.order(place):
            signup.withdraw(registration=order.lines.select_related("registration").get().registration)

    @rule()
    def sweep(self):
        tasks.place_orders()
        tasks.end_orders()

    @rule(place=places, whole=st.booleans())
    def refund(self, place, whole):
        payments = list(Payment.objects.order_by("pk"))
        if not payments:
            return
        payment = payments[place % len(payments)]
        self.numbers += 1
        amount = payment.left if whole else 2
        facts = {"amount": amount, "reason": "x", "reference": f"r{self.numbers}"}
        if self.tried(refunding.refund, payment=payment, **facts):
            self.returned[payment.order_id, payment.currency] += amount

    @invariant()
    def never_above_quota(self):
        (quota,) = Quota.objects.all()
        assert quota.taken == Registration.objects.live().count() <= SIZE

    @invariant()
    def nothing_is_lost(self):
        for order in Order.objects.all():
            for currency in ("USD", "KHR"):
                kept = self.told[order.pk, currency] - self.returned[order.pk, currency]
                paid = order.payments.of(currency).total() - order.refunds.counted().of(currency).total()
                assert kept == paid
            assert order.received == self.told[order.pk, "USD"] - self.returned[order.pk, "USD"]

    @invariant()
    def papers_say_no_more_than_was_asked_for(self):
        for order in Order.objects.prefetch_related("papers"):
            said = Counter()
            for paper in order.papers.all():
                said[paper.kind, paper.refund_id is None] += paper.amount
            written = max(said["invoice", True], said["receipt", True])
            assert written <= order.amount
            assert said["credit", False] <= written and said["credit", True] <= said["invoice", True]

    @invariant()
    def the_ledger_equals_the_states(self):
        for order in Order.objects.with_sums().prefetch_related("lines__registration"):
            (line,) = order.lines.all()
            place, has_money = line.registration.state, bool(order.received) or order.has_foreign_money
            if order.state in ("lapsed", "cancelled"):
                assert (place, has_money, line.is_live) == ("withdrawn", False, False)
            elif order.state == "open":
                assert order.received < order.amount and not order.has_foreign_money
                assert place in ("held", "confirmed" if order.is_firm else "held", "withdrawn")
            elif order.state == "paid":
                assert place in ("confirmed", "withdrawn") and line.is_live
                assert order.received >= order.amount or order.decision or order.refunds.exists()
            else:
                assert has_money
        assert Refund.objects.filter(amount__lte=0).count() == 0


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_money_and_places_agree():
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # making an example small takes longer than reading it
        ),
    )
