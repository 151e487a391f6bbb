"""Papers: invoices, receipts and credit notes, numbered without a gap in each edition."""

from django.contrib.admin import display
from django.db import models
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from cms.models import Edition
from forum.documents.models import IssuedDocument
from forum.payments.models.ledger import Refund
from forum.payments.models.orders import Order


class Series(models.Model):
    """The last number of one kind of paper in one edition; its row is locked while a paper is written."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "kind"], name="one_series_per_edition_and_kind")]

    def __str__(self):
        return f"{self.edition_id} {self.kind} {self.last}"

    @classmethod
    def next(cls, edition: Edition, kind: str) -> int:
        """The next number; in the caller's transaction, so that a number is given only with its paper."""
        cls.objects.bulk_create([cls(edition=edition, kind=kind)], ignore_conflicts=True)
        row = cls.objects.filter(edition=edition, kind=kind)
        row.update(last=F("last") + 1)  # the row stays locked to the commit
        return row.get().last


class Paper(models.Model):
    """What was written, as it was on that day: ``facts`` never change, the file is drawn from them once."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        RECEIPT = "receipt", _("Receipt")
        CREDIT = "credit", _("Credit note")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="papers", verbose_name=_("edition"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField(_("number"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="papers", verbose_name=_("order"))
    refund = models.OneToOneField(Refund, models.PROTECT, null=True, related_name="credit_note")
    amount = models.PositiveBigIntegerField(_("amount in minor units"))
    issued_at = models.DateTimeField(_("issued"))
    facts = models.JSONField()
    # As it was drawn, the first time somebody asked for it.
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, null=True, editable=False, related_name="paper", verbose_name=_("document")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-issued_at", "-id"]
        verbose_name = _("paper")
        verbose_name_plural = _("invoices, receipts and credit notes")
        constraints = [models.UniqueConstraint(fields=["edition", "kind", "number"], name="one_paper_per_number")]

    def __str__(self):
        return self.full_number

    @property
    @display(description=_("number"))
    def full_number(self) -> str:
        """NEXT-INV-00042."""
        letters = {"invoice": "INV", "receipt": "REC", "credit": "CRN"}[self.kind]
        return f"{self.edition.slug.upper()}-{letters}-{self.number:05}"

    @property
    def is_taken_back(self) -> bool:
        """Whether credit notes have taken all of it back."""
        if self.kind == self.Kind.CREDIT:
            return False
        credits = Paper.objects.filter(order=self.order_id, kind=self.Kind.CREDIT)
        if self.kind == self.Kind.RECEIPT:
            credits = credits.exclude(refund=None)  # that one took back the invoice, before late money came
        return (credits.aggregate(total=Sum("amount"))["total"] or 0) >= self.amount

    @property
    @display(description=_("amount"))
    def amount_written(self) -> str:
        return self.order.written(self.amount)
