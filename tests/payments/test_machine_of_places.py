"""Whatever happens in whatever order to people, places and money together: what is taken equals who holds it."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from forum.payments import delegation_orders, ordering, refunding, settlement, tasks
from forum.payments.models import Order, OrderLine, Payment
from forum.registration import approving, delegating, editing, linking, signup, waiting
from forum.registration import tasks as registration_tasks
from forum.registration.models import AccessCode, Offer, PassType, PlaceLink, Places, Quota, Registration
from tests.factories import accounts, exhibitors
from tests.factories import payments as make
from tests.factories import registration as people

PRICE = 10
HOLDING = ["confirmed", "held", "applied"]
ENDED = ["withdrawn", "refused"]
pick = st.integers(0, 6)
slugs = st.sampled_from(["delegate", "industry", "speaker", "officer", "sponsor"])
amounts = st.sampled_from([4, PRICE, PRICE, 2 * PRICE, 3 * PRICE])


class Places_and_money(RuleBasedStateMachine):
    """Five passes on a hall of four places, a delegation, a code; each example is rolled back."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.clerk, self.numbers = accounts.user(), itertools.count(1)
        delegate = people.pass_type(size=3, has_waiting_list=True)
        self.edition = delegate.edition
        self.hall = Quota.objects.create(edition=self.edition, name="The hall", size=4)
        priced = {"price": PRICE, "currency": "USD"}
        passes = [
            delegate,
            people.pass_type(self.edition, slug="industry", size=2, has_waiting_list=True, **priced),
            people.pass_type(self.edition, slug="speaker", size=None, access="code"),
            people.pass_type(self.edition, slug="officer", size=None, needs_organiser=True),
            people.pass_type(self.edition, slug="sponsor", size=None, needs_organiser=True, has_waiting_list=True, **priced),
        ]
        for each in passes:
            each.quotas.add(self.hall)
        people.access_code(passes[2], uses=2)
        self.delegation = people.delegation(delegate=2, industry=2, officer=1)
        self.focal = exhibitors.member(self.delegation.agency)
        self.known, self.told = set(), 0

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def tried(self, act, *args, **kwargs):
        """What the act returns; None where it refuses, which must change nothing."""
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except ValidationError:
            return None

    def person(self, place, **states) -> Registration | None:
        rows = list(Registration.objects.filter(**states).with_names().select_related("delegation").order_by("-pk"))
        return rows[place % len(rows)] if rows else None

    def row(self, model, place, *conditions, **which):
        rows = list(model.objects.filter(*conditions, **which).order_by("-pk"))
        return rows[place % len(rows)] if rows else None

    def pass_type(self, slug):
        return PassType.objects.prefetch_related("quotas").select_related("edition").get(slug=slug)

    def remember(self, registration):
        if registration:
            self.known.add(registration.pk)

    # How people come.

    @rule(slug=slugs, by_staff=st.sampled_from([False, False, False, True]))
    def register(self, slug, by_staff):
        of = self.pass_type(slug)
        facts = {"code": "SPEAKER27"} if slug == "speaker" else {}
        user = self.clerk if by_staff else None
        self.remember(self.tried(signup.register, edition=of.edition, pass_type=of, user=user, **facts, **people.person()))

    @rule(slug=st.sampled_from(["delegate", "industry", "officer"]))
    def name(self, slug):
        facts = {"delegation": self.delegation, "pass_type": self.pass_type(slug), "user": self.focal}
        self.remember(self.tried(delegating.register, **facts, **people.person()))

    @rule(slug=st.sampled_from(["delegate", "industry", "officer"]))
    def make_link(self, slug):
        facts = {"delegation": self.delegation, "pass_type": self.pass_type(slug), "user": self.focal}
        self.tried(linking.make, number=1, **facts)

    @rule(place=pick, is_used=st.booleans())
    def use_or_revoke_a_link(self, place, is_used):
        if link := self.row(PlaceLink, place):
            link = linking.find_by_token(link.token)
            if is_used:
                self.remember(self.tried(linking.use, link=link, language="en", **people.person()))
            else:
                self.tried(linking.revoke, link=link, user=self.focal)

    # What becomes of them.

    @rule(place=pick)
    def withdraw(self, place):
        if row := self.person(place):
            signup.withdraw(registration=row)

    @rule(place=pick)
    def swap(self, place):
        if row := self.person(place, delegation=self.delegation):
            self.tried(delegating.swap, registration=row, user=self.focal, **people.person())

    @rule(place=pick, is_yes=st.sampled_from([True, True, False]))
    def decide(self, place, is_yes):
        if row := self.person(place, state="applied"):
            facts = {"step": "organiser", "is_yes": is_yes, "reason": "x", "user": self.clerk}
            self.tried(approving.decide, registration=row, **facts)

    @rule(place=pick, slug=slugs)
    def change_pass(self, place, slug):
        if row := self.person(place):
            facts = {"code": "SPEAKER27"} if slug == "speaker" else {}
            self.tried(editing.edit, registration=row, pass_type=self.pass_type(slug), answers={}, needs={}, **facts)

    @rule(place=pick)
    def change_name(self, place):
        if row := self.person(place):
            facts = {"pass_type": row.pass_type, "answers": {}, "needs": {}, "name_latin": people.person()["name_latin"]}
            self.tried(editing.edit, registration=row, **facts)

    # The waiting list.

    @rule()
    def sweep_the_lists(self):
        registration_tasks.see_to_waiting_lists()

    @rule(place=pick, what=st.sampled_from(["take", "take", "lapse", "withdraw_offer", "wait_again", "offer"]))
    def wait(self, place, what):
        if row := self.person(place, state="waiting"):
            if what == "lapse":
                Offer.objects.open().filter(registration=row).update(until=timezone.now())
            self.tried(getattr(waiting, what), registration=row)

    @rule(more=st.integers(1, 2))
    def enlarge(self, more):
        quota = Quota.objects.order_by("?").first()
        quota.size = min(quota.size + more, 8)
        quota.save()

    @rule()
    def narrow(self):
        Quota.objects.filter(pk=self.hall.pk, taken__lt=5, size=5).update(size=4)

    # Money.

    @rule()
    def sweep_the_orders(self):
        tasks.place_orders()
        tasks.end_orders()
        held = Registration.objects.filter(state="held", pass_type__price__gt=0)
        for row in held:
            states = [line.order.state for line in row.order_lines.filter(is_live=True).select_related("order")]
            assert len(states) == 1 and states[0] in ("open", "decision"), states

    @rule(place=pick)
    def follow_or_order(self, place):
        if row := self.person(place, state="held"):
            if row.delegation_id:
                delegation_orders.follow(delegation=self.delegation, user=self.focal)
            else:
                self.tried(ordering.place_for, row)

    @rule(place=pick, amount=amounts)
    def pay(self, place, amount):
        if order := self.row(Order, place):
            make.pay(order, amount, external_id=f"n{next(self.numbers)}")
            self.told += amount

    @rule(place=pick)
    def pay_what_is_due(self, place):
        if (order := self.row(Order, place)) and order.due:
            self.pay_exactly(order)

    def pay_exactly(self, order):
        self.told += order.due
        make.pay(order, order.due, external_id=f"n{next(self.numbers)}")

    @rule(place=pick)
    def let_time_run_out(self, place):
        if order := self.row(Order, place, state="open", accepted_at=None):
            make.let_time_run_out(order)

    @rule(place=pick, what=st.sampled_from(["cancel", "letter", "decide", "invoice"]))
    def work_on_an_order(self, place, what):
        if not (order := self.row(Order, place)):
            return
        if what == "cancel":
            self.tried(ordering.cancel, order=order)
        elif what == "letter":
            self.tried(ordering.accept_letter, order=order, letter="No. 1")
        elif what == "invoice":
            self.tried(ordering.write_invoice, order=order, name="A", agency="", tax_number="")
        else:
            self.tried(settlement.decide, order=order, reason="because", user=self.clerk)

    @rule(place=pick, is_whole=st.sampled_from([True, True, False]))
    def refund(self, place, is_whole):
        if payment := self.row(Payment, place):
            amount = payment.left if is_whole else 1
            facts = {"amount": amount, "reason": "x", "reference": f"r{next(self.numbers)}"}
            if self.tried(refunding.refund, payment=payment, **facts):
                self.told -= amount

    # What holds after each of these.

    @invariant()
    def places_taken_are_those_that_somebody_holds(self):
        for quota in Quota.objects.all():
            holders = Registration.objects.filter(pass_type__quotas=quota, state__in=HOLDING).count()
            offers = Offer.objects.open().filter(registration__pass_type__quotas=quota).count()
            assert quota.taken == holders + offers <= quota.size, (quota, quota.taken, holders, offers)

    @invariant()
    def uses_of_codes_are_those_who_used_them(self):
        for code in AccessCode.objects.all():
            assert code.taken == code.registrations.live().count() <= code.uses

    @invariant()
    def places_of_delegations_are_those_of_people_and_links(self):
        for places in Places.objects.all():
            mine = Registration.objects.live().filter(delegation=places.delegation_id, pass_type=places.pass_type_id)
            links = PlaceLink.objects.open().filter(delegation=places.delegation_id, pass_type=places.pass_type_id)
            assert places.taken == mine.count() + links.count() <= places.size

    @invariant()
    def nobody_is_lost(self):
        assert set(Registration.objects.values_list("pk", flat=True)) == self.known
        assert not Offer.objects.open().exclude(registration__state="waiting").exists()
        assert not Registration.objects.filter(state="applied", awaits="").exists()
        assert not Registration.objects.exclude(state="applied").exclude(awaits="").exists()
        assert not Registration.objects.filter(state__in=ENDED, waiting_since__isnull=False).exists()
        assert not Registration.objects.filter(state="held", pass_type__price=0).exists()

    @invariant()
    def no_money_is_lost(self):
        kept = sum(order.received for order in Order.objects.all())
        assert kept == self.told == sum(payment.left for payment in Payment.objects.all())

    @invariant()
    def nobody_has_a_priced_place_without_an_order_that_says_why(self):
        firm = Registration.objects.filter(state="confirmed", pass_type__price__gt=0)
        for row in firm:
            line = row.order_lines.select_related("order").filter(is_live=True).first()
            assert line, "confirmed without an order"
            order = line.order
            assert order.state in ("paid", "decision") or (order.state == "open" and order.is_firm), order.state

    @invariant()
    def orders_equal_their_ledger(self):
        for order in Order.objects.with_sums():
            lines = list(OrderLine.objects.filter(order=order.pk).select_related("registration"))
            assert order.amount == sum(line.amount for line in lines)
            if order.state in ("lapsed", "cancelled"):
                assert order.received == 0
                assert not any(line.is_live for line in lines)
                for line in lines:
                    live_elsewhere = line.registration.order_lines.filter(is_live=True).exists()
                    assert not line.registration.is_live or live_elsewhere
            elif order.state == "open":
                assert order.received < order.amount
                assert all(line.is_live for line in lines)
            elif order.state == "paid":
                assert order.received >= order.amount or order.decision or order.refunds.exists()
            else:
                assert order.received > 0


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_every_place_is_somebodys():
    run_state_machine_as_test(
        Places_and_money,
        settings=settings(
            max_examples=5,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # making an example small takes longer than reading it
        ),
    )
