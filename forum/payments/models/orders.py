"""Orders: what is to be paid, by whom, until when, and for which places."""

from django.conf import settings
from django.contrib.admin import display
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes, money
from cms.languages import Bilingual
from cms.models import Edition
from exhibitors.models import Booking, OrderedExtra, Sponsorship
from forum.payments.models.ledger import Payment, Refund
from forum.registration.models import ENDED, Delegation, Registration

# Lines whose person or booth is not there any more: ended by somebody, not by the clock.
LEFT = (
    Q(registration__state__in=ENDED)
    | Q(booking__state=Booking.State.RELEASED)
    | Q(ordered_extra__booking__state__in=[Booking.State.RELEASED, Booking.State.LAPSED])
)

order_page = signing.Signer(salt="payments.order", sep="~")


class OrderQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Order.State.OPEN)

    def overdue(self):
        """Whose time to pay is over and which nobody has ended yet."""
        return self.open().filter(held_until__lte=timezone.now())

    def growing(self):
        """Of delegations, as long as nobody was shown a sum by invoice or card, and nothing came in."""
        untouched = self.open().filter(delegation__isnull=False, accepted_at=None)
        return untouched.filter(payments=None, papers=None).exclude(checkouts__is_open=True)

    def deserted(self):
        """Open, and nobody comes any more for whom they were placed."""
        there = OrderLine.objects.filter(order=models.OuterRef("pk")).exclude(LEFT)
        return self.open().exclude(models.Exists(there))

    def left_with_money(self):
        """Paid, something of it still here, and somebody for whom they were placed has withdrawn or lost the booth."""
        left = OrderLine.objects.filter(LEFT, order=models.OuterRef("pk"), is_live=True)
        paid = self.filter(models.Exists(left), state=Order.State.PAID).with_sums()
        return paid.filter(paid_sum__gt=models.F("refunded_sum"))

    def overpaid(self):
        """For which more is here than they ask for, be it of the other currency."""
        asked = models.F("refunded_sum") + models.F("amount")
        foreign = Q(foreign_paid_sum__gt=models.F("foreign_refunded_sum"))
        with_money = self.filter(state__in=[Order.State.PAID, Order.State.DECISION]).with_sums()
        return with_money.filter(Q(paid_sum__gt=asked) | foreign & Q(paid_sum__gte=asked))

    def for_booths_of(self, agency):
        """What an agency's booths, extras and packages cost."""
        theirs = Q(booking__agency=agency) | Q(ordered_extra__booking__agency=agency) | Q(sponsorship__agency=agency)
        lines = OrderLine.objects.filter(theirs, order=models.OuterRef("pk"))
        return self.filter(models.Exists(lines))

    def with_sums(self):
        """What came in and went back, in the order's currency and in the other one, in the same query."""
        own = Q(currency=models.OuterRef("currency"))
        came = Payment.objects.filter(order=models.OuterRef("pk"))
        went = Refund.objects.counted().filter(order=models.OuterRef("pk"))
        return self.annotate(
            paid_sum=_sum(came.filter(own)),
            refunded_sum=_sum(went.filter(own)),
            foreign_paid_sum=_sum(came.exclude(own)),
            foreign_refunded_sum=_sum(went.exclude(own)),
        )


def _sum(rows):
    """Of correlated rows, nothing being 0."""
    summed = rows.order_by().values("order").annotate(all=models.Sum("amount")).values("all")
    return models.functions.Coalesce(models.Subquery(summed), 0, output_field=models.BigIntegerField())


class Order(models.Model):
    """One currency, several lines, payments and refunds. Its state changes only through the acts of this room."""

    class State(models.TextChoices):
        OPEN = "open", _("Awaiting payment")
        PAID = "paid", _("Paid")
        DECISION = "decision", _("Paid, needs decision")
        CANCELLED = "cancelled", _("Cancelled")
        LAPSED = "lapsed", _("Lapsed")

    code = models.CharField(_("reference"), max_length=10, unique=True, default=codes.ten, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="orders", verbose_name=_("edition"))
    # Whose people it is for, where it is not for one person or a booth.
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, editable=False, related_name="orders", verbose_name=_("delegation")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    currency = models.CharField(_("currency"), max_length=3, choices=money.Currency.choices, editable=False)
    amount = models.PositiveBigIntegerField(_("amount in minor units"), editable=False)
    bill_to_name = models.CharField(_("invoice to"), max_length=200)
    bill_to_agency = models.CharField(_("agency"), max_length=200, blank=True)
    bill_to_tax_number = models.CharField(_("tax number"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language of messages"), max_length=2, choices=settings.LANGUAGES, default="en")
    placed_at = models.DateTimeField(_("placed"), default=timezone.now, editable=False)
    # None where an official letter made the places firm.
    held_until = models.DateTimeField(_("kept until"), null=True, editable=False)
    letter = models.CharField(_("official letter or purchase order"), max_length=120, blank=True, editable=False)
    accepted_at = models.DateTimeField(_("letter accepted"), null=True, editable=False)
    decision = models.CharField(_("decision"), max_length=300, blank=True, editable=False)

    objects = OrderQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-placed_at", "-id"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [("settle_order", "Can record payments, refunds and decisions")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="order_asks_for_something"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(held_until__isnull=False) | Q(accepted_at__isnull=False),
                name="open_order_has_a_time_or_a_letter",
            ),
        ]
        indexes = [models.Index(fields=["held_until"], name="order_by_its_time", condition=Q(state="open"))]

    def __str__(self):
        return self.code

    @property
    def is_paid(self) -> bool:
        return self.state == self.State.PAID

    @property
    def token(self) -> str:
        """What opens the order's page."""
        return order_page.sign(self.code)

    @property
    def short_code(self) -> str:
        """As it is written on a transfer: ABCDE-FGHJK."""
        return f"{self.code[:5]}-{self.code[5:]}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_firm(self) -> bool:
        """Its places stay, whenever the money comes."""
        return self.accepted_at is not None

    @property
    def received(self) -> int:
        """What came in and did not go back."""
        if hasattr(self, "paid_sum"):
            return self.paid_sum - self.refunded_sum
        return self.payments.of(self.currency).total() - self.refunds.counted().of(self.currency).total()

    @property
    def foreign_currency(self) -> str:
        """There are two currencies, so what is not one is the other."""
        return money.Currency.USD if self.currency == money.Currency.KHR else money.Currency.KHR

    @property
    def foreign(self) -> int:
        """What came in of the other currency and did not go back."""
        if hasattr(self, "foreign_paid_sum"):
            return self.foreign_paid_sum - self.foreign_refunded_sum
        return self.payments.of(self.foreign_currency).total() - self.refunds.counted().of(self.foreign_currency).total()

    @property
    def has_foreign_money(self) -> bool:
        return self.foreign > 0

    @property
    def is_deserted(self) -> bool:
        """Whether nobody is there any more for whom it was placed."""
        return not self.lines.exclude(LEFT).exists()

    @property
    def has_money(self) -> bool:
        return bool(self.received) or self.has_foreign_money

    @property
    def due(self) -> int:
        return max(0, self.amount - self.received)

    @property
    def surplus(self) -> int:
        """What was paid too much, in its currency."""
        return max(0, self.received - self.amount)

    @property
    def booths_that_stay(self) -> list[str]:
        """Codes of its booths that stay confirmed though it has lapsed, because somebody confirmed them by hand."""
        rows = self.lines.filter(order__state=self.State.LAPSED, booking__state=Booking.State.CONFIRMED)
        return list(rows.order_by("booking__booth__code").values_list("booking__booth__code", flat=True))

    def written(self, amount: int) -> str:
        return money.written(amount, self.currency)

    @property
    @display(description=_("amount"))
    def amount_written(self) -> str:
        return self.written(self.amount)

    @property
    @display(description=_("received"))
    def received_written(self) -> str:
        """Each currency as it came; 0 in its own where there is nothing."""
        return self._with_foreign(self.received) or self.written(0)

    @property
    @display(description=_("still due"))
    def due_written(self) -> str:
        return self.written(self.due)

    @property
    def surplus_written(self) -> str:
        """Nothing where nothing was paid too much; where its own currency covers it, all of the other is."""
        return "" if self.due else self._with_foreign(self.surplus)

    def _with_foreign(self, amount: int) -> str:
        parts = [(amount, self.currency), (self.foreign, self.foreign_currency)]
        return " + ".join(money.written(part, currency) for part, currency in parts if part)


class OrderLine(models.Model):
    """One thing that is paid for: somebody's place, a booth, extras for it, a sponsor's package, or what a text says."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, related_name="order_lines")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="order_lines")
    ordered_extra = models.OneToOneField(OrderedExtra, models.PROTECT, null=True, related_name="order_line")
    sponsorship = models.OneToOneField(Sponsorship, models.PROTECT, null=True, related_name="order_line")
    text_en = models.CharField(max_length=200)
    text_km = models.CharField(max_length=200, blank=True)
    text = Bilingual()
    amount = models.PositiveBigIntegerField()
    # False once the order is lapsed or cancelled: the place may then stand on another one.
    is_live = models.BooleanField(default=True)
    # Its place went back because the time was over, not because somebody wished it: late money takes it again.
    has_lapsed = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(is_live=True), name="one_live_order_per_registration"
            ),
            models.UniqueConstraint(fields=["booking"], condition=Q(is_live=True), name="one_live_order_per_booking"),
            models.CheckConstraint(
                condition=Q(registration=None, booking=None, ordered_extra=None)
                | Q(registration=None, booking=None, sponsorship=None)
                | Q(registration=None, ordered_extra=None, sponsorship=None)
                | Q(booking=None, ordered_extra=None, sponsorship=None),
                name="order_line_is_for_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.order_id}/{self.pk}"

    @property
    @display(description=_("amount"))
    def amount_written(self) -> str:
        return self.order.written(self.amount)
