"""KHQR codes that were shown to payers: by its hash Bakong says of each whether it was paid."""

from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import money
from forum.payments.models.ledger import Payment
from forum.payments.models.orders import Order


class KhqrCodeQuerySet(models.QuerySet):
    def open(self):
        return self.filter(is_open=True)

    def due(self):
        """Those to ask about now, who has waited longest first."""
        return self.open().filter(ask_at__lte=timezone.now()).order_by("ask_at", "pk")


class KhqrCode(models.Model):
    """One string as it stood on the page: how much, to whom, until when."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="khqr_codes", verbose_name=_("order"))
    md5 = models.CharField(max_length=32, unique=True)
    amount = models.PositiveBigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3, choices=money.Currency.choices)
    account = models.CharField(_("Bakong account"), max_length=32)
    # Until something came of it, or nothing can any more.
    is_open = models.BooleanField(_("open"), default=True)
    shown_at = models.DateTimeField(_("shown"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    asked_at = models.DateTimeField(_("last asked about"), null=True)
    ask_at = models.DateTimeField(default=timezone.now)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="khqr_codes", verbose_name=_("payment"))
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)

    objects = KhqrCodeQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-shown_at", "-id"]
        verbose_name = _("KHQR code")
        verbose_name_plural = _("KHQR codes")
        indexes = [models.Index(fields=["ask_at"], name="khqr_code_to_ask_about", condition=Q(is_open=True))]

    def __str__(self):
        return self.md5

    @property
    @display(description=_("amount"))
    def amount_written(self) -> str:
        return money.written(self.amount, self.currency)
