"""Whatever happens in whatever order to booths, applications and money together: one occupant each, and money says who."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from exhibitors import allocation, applying, offering
from exhibitors import tasks as exhibition_tasks
from exhibitors.models import Agency, Application, Booking, Booth, Extra, OrderedExtra, Package, Sponsorship
from forum.payments import booth_orders, ordering, tasks
from forum.payments.models import Order, Payment
from tests.factories import exhibitors as make
from tests.factories import payments

PRICE = 90_000
pick = st.integers(0, 6)
few = st.integers(0, 3)


class Booths_and_money(RuleBasedStateMachine):
    """Four booths, two of which are applied for, and five agencies; each example is rolled back."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.clerk, self.numbers = make.exhibition_manager(), itertools.count(1)
        self.edition = payments.priced().edition
        make.call(self.edition)
        make.price(self.edition, kind="private")
        hall = make.hall(self.edition)
        self.free = make.booths(make.zone(hall, booths_per_agency=2), 2, "A")
        self.applied_for = make.booths(make.zone(hall, by_application=True), 2, "B")
        kinds = ["government", "private", "private", "private", "academia"]
        self.agencies = [make.agency(kind=kind) for kind in kinds]
        self.managers = {agency.pk: make.member(agency) for agency in self.agencies}
        self.chairs = make.extra(self.edition, stock=5)
        self.package = make.package(self.edition)
        self.told, self.ended = 0, set()

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def tried(self, act, **kwargs):
        """What the act returns; None where it refuses, which must change nothing."""
        try:
            with transaction.atomic():
                return act(**kwargs)
        except ValidationError:
            return None

    def row(self, model, place, **which):
        rows = list(model.objects.filter(**which).order_by("-pk"))
        return rows[place % len(rows)] if rows else None

    def booth(self, place) -> Booth:
        return Booth.objects.order_by("pk")[place % 4]

    def agency(self, place) -> Agency:
        return self.agencies[place % 5]

    # Booking by oneself and by an organiser.

    @rule(place=pick, who=pick, by_staff=st.booleans(), chairs=few)
    def book(self, place, who, by_staff, chairs):
        agency = self.agency(who)
        facts = {"booth": self.booth(place), "agency": agency}
        if by_staff:
            self.tried(allocation.book, user=self.clerk, **facts)
        else:
            self.tried(booth_orders.book, user=self.managers[agency.pk], seen=PRICE, wanted={self.chairs: chairs}, **facts)

    @rule(place=pick, what=st.sampled_from(["confirm", "release", "give_back", "expire"]))
    def work_on_a_booking(self, place, what):
        if not (booking := self.row(Booking, place)):
            return
        if what == "confirm":
            self.tried(allocation.confirm, booking=booking, user=self.clerk)
        elif what == "release":
            self.tried(allocation.release, booking=booking, user=self.clerk, reason="x")
        elif what == "give_back":
            self.tried(allocation.release, booking=booking, user=self.managers[booking.agency_id])
        else:
            Booking.objects.filter(pk=booking.pk, state="held").update(held_until=timezone.now())

    @rule()
    def sweep(self):
        exhibition_tasks.release_expired_holds()
        tasks.end_orders()
        offering.promote()

    @rule(place=pick, to=pick)
    def move(self, place, to):
        if booking := self.row(Booking, place):
            self.tried(allocation.move, booking=booking, booth=self.booth(to), user=self.clerk, reason="x")

    @rule(one=pick, other=pick)
    def swap(self, one, other):
        if Booking.objects.exists():
            rows = self.row(Booking, one), self.row(Booking, other)
            self.tried(allocation.swap, one=rows[0], other=rows[1], user=self.clerk, reason="x")

    # Applying.

    @rule(who=pick, wishes_for=pick)
    def apply(self, who, wishes_for):
        agency = self.agency(who)
        row = agency.applications.live().first()
        facts = {"wishes": [self.applied_for[wishes_for % 2]], "version": row.version if row else None, "is_final": True}
        self.tried(applying.save, edition=self.edition, agency=agency, user=self.managers[agency.pk], **facts)

    @rule(place=pick, to=st.sampled_from(["accepted", "accepted", "waitlisted", "waitlisted", "returned", "refused"]))
    def decide(self, place, to):
        if row := self.row(Application, place):
            self.tried(applying.decide, application=row, to=to, remark="x", user=self.clerk)

    @rule(place=pick)
    def withdraw(self, place):
        if row := self.row(Application, place):
            self.tried(applying.withdraw, application=row, user=self.managers[row.agency_id])

    @rule(place=pick, where=pick)
    def offer(self, place, where):
        if row := self.row(Application, place, state="accepted"):
            self.tried(offering.offer, application=row, booth=self.booth(where), user=self.clerk)

    @rule(place=pick, is_taken=st.booleans(), chairs=few)
    def answer_an_offer(self, place, is_taken, chairs):
        if booking := self.row(Booking, place, application__isnull=False):
            facts = {"booking": booking, "user": self.managers[booking.agency_id]}
            if is_taken:
                self.tried(booth_orders.accept, seen=PRICE, wanted={self.chairs: chairs}, **facts)
            else:
                self.tried(offering.decline, **facts)

    # Money.

    @rule(place=pick)
    def order(self, place):
        if booking := self.row(Booking, place, state="held", order_lines=None):
            item = ordering.Item(text_en=f"Booth {booking.booth}", amount=PRICE, booking=booking)
            facts = {"currency": "USD", "items": [item], "bill_to_name": "An agency", "email": "a@example.org"}
            self.tried(ordering.place, edition=self.edition, **facts)

    @rule(place=pick, chairs=few)
    def order_extras(self, place, chairs):
        if booking := self.row(Booking, place):
            facts = {"user": self.managers[booking.agency_id], "wanted": {self.chairs: chairs}}
            self.tried(booth_orders.order_extras, booking=booking, **facts)

    @rule(who=pick)
    def sponsor(self, who):
        agency = self.agency(who)
        self.tried(booth_orders.sponsor, package=self.package, agency=agency, user=self.managers[agency.pk])

    @rule(place=pick)
    def pay(self, place):
        if (order := self.row(Order, place)) and order.due:
            self.told += order.due
            payments.pay(order, order.due, external_id=f"n{next(self.numbers)}")

    @rule(place=pick)
    def let_time_run_out(self, place):
        if order := self.row(Order, place, state="open", accepted_at=None):
            payments.let_time_run_out(order)

    @rule(place=pick)
    def accept_letter(self, place):
        if order := self.row(Order, place, state="open"):
            self.tried(ordering.accept_letter, order=order, letter="No. 1", user=self.clerk)

    @rule(place=pick)
    def cancel(self, place):
        if order := self.row(Order, place):
            self.tried(ordering.cancel, order=order)

    # What holds after each of these.

    @invariant()
    def no_booth_has_two_occupants(self):
        taken = list(Booking.objects.filter(state__in=["held", "confirmed"]).values_list("booth", flat=True))
        assert len(taken) == len(set(taken))

    @invariant()
    def packages_are_never_oversold_and_firm_when_paid(self):
        living = Sponsorship.objects.exclude(state="ended")
        assert Package.objects.get().taken == living.count() <= 2
        for row in Sponsorship.objects.select_related("order_line__order"):
            order = row.order_line.order
            if order.state != "decision":
                assert (row.state == "firm") == (order.is_paid or (order.is_open and order.is_firm))
                assert (row.state == "ended") == (order.state in ("lapsed", "cancelled"))

    @invariant()
    def who_must_pay_has_a_booth_by_paying_by_letter_or_by_an_organiser(self):
        for booking in Booking.objects.filter(state="confirmed", agency__kind="private"):
            orders = Order.objects.filter(lines__booking=booking)
            is_ordered = any(order.state == "paid" or order.is_firm for order in orders)
            assert is_ordered or booking.confirmed_by == self.clerk

    @invariant()
    def time_takes_no_booth_that_an_organiser_confirmed(self):
        by_hand = Booking.objects.filter(confirmed_by=self.clerk)
        assert not by_hand.filter(state="lapsed").exists()

    @invariant()
    def nothing_revives_by_itself(self):
        """What an agency or organiser ended stays ended."""
        ended = set(Booking.objects.filter(state="released").values_list("pk", flat=True))
        assert self.ended <= ended
        self.ended = ended

    @invariant()
    def no_money_is_lost(self):
        kept = sum(order.received for order in Order.objects.all())
        assert kept == self.told == sum(payment.left for payment in Payment.objects.all())

    @invariant()
    def a_paid_booth_is_firm_or_waits_for_a_decision(self):
        for order in Order.objects.all():
            lines = list(order.lines.select_related("booking"))
            if order.state == "paid":
                bookings = [line.booking for line in lines if line.booking]
                assert all(booking.state in ("confirmed", "released") for booking in bookings)
            elif order.state in ("lapsed", "cancelled"):
                assert order.received == 0
                assert not any(line.is_live for line in lines)

    @invariant()
    def stock_is_what_living_orders_took_and_never_exceeded(self):
        taken = OrderedExtra.objects.filter(is_taken=True)
        assert Extra.objects.get().taken == sum(row.quantity for row in taken) <= 5
        for row in OrderedExtra.objects.select_related("order_line__order"):
            state = row.order_line.order.state
            if state != "decision":  # then it depends on what had happened before the money came
                assert row.is_taken == (state in ("open", "paid")), state

    @invariant()
    def a_booth_hangs_on_an_application_only_while_it_is_accepted_or_offered(self):
        live = Booking.objects.live().filter(application__isnull=False).select_related("application")
        for booking in live:
            assert booking.application.state in ("accepted", "waitlisted"), booking.application.state
            assert booking.application.agency_id == booking.agency_id


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_no_booth_has_two_occupants_and_money_says_who():
    run_state_machine_as_test(
        Booths_and_money,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],  # making an example small takes longer than reading it
        ),
    )
