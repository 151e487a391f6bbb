"""The ledger: every payment and every refund, whose sums are exact."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes, money


class Method(models.TextChoices):
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Bank transfer")
    KHQR = "khqr", _("KHQR")
    CASH = "cash", _("Cash")


@dataclass(frozen=True)
class Total:
    """What one currency came to."""

    currency: str
    paid: int
    refunded: int

    @property
    def kept(self) -> int:
        return self.paid - self.refunded

    def written(self) -> dict[str, str]:
        return {name: money.written(getattr(self, name), self.currency) for name in ("paid", "refunded", "kept")}


class LedgerQuerySet(models.QuerySet):
    def of(self, currency: str):
        return self.filter(currency=currency)

    def total(self) -> int:
        """The sum of one currency."""
        return self.aggregate(all=models.Sum("amount"))["all"] or 0

    def by_currency(self) -> dict[str, int]:
        return dict(self.order_by().values_list("currency").annotate(all=models.Sum("amount")).order_by("currency"))


class RefundQuerySet(LedgerQuerySet):
    def counted(self):
        """Those that went back or are on their way."""
        return self.exclude(state=Refund.State.FAILED)


class Payment(models.Model):
    """Money that came in. Once written it stays."""

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    order = models.ForeignKey("payments.Order", models.PROTECT, related_name="payments", verbose_name=_("order"))
    method = models.CharField(_("method"), max_length=10, choices=Method.choices)
    amount = models.PositiveBigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3, choices=money.Currency.choices)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    # Who told of it, and by which name they know it: told twice, it is written once.
    provider = models.CharField(_("told by"), max_length=40)
    external_id = models.CharField(_("their number"), max_length=120)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by")
    )

    objects = LedgerQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="one_payment_per_external_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_of_something"),
        ]

    def __str__(self):
        return self.code

    @property
    @display(description=_("amount"))
    def amount_written(self) -> str:
        return money.written(self.amount, self.currency)

    @property
    def left(self) -> int:
        """What of it has not gone back."""
        return self.amount - self.refunds.counted().total()


class Refund(models.Model):
    """Money that goes back, of one payment."""

    class State(models.TextChoices):
        ASKED = "asked", _("On its way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    order = models.ForeignKey("payments.Order", models.PROTECT, related_name="refunds", verbose_name=_("order"))
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices)
    amount = models.PositiveBigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3, choices=money.Currency.choices)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    provider = models.CharField(_("told by"), max_length=40)
    external_id = models.CharField(_("their number"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    refunded_at = models.DateTimeField(_("refunded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by")
    )

    objects = RefundQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-refunded_at", "-id"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], condition=~Q(external_id=""), name="one_refund_per_external_number"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_of_something"),
        ]

    def __str__(self):
        return self.code

    @property
    @display(description=_("amount"))
    def amount_written(self) -> str:
        return money.written(self.amount, self.currency)
