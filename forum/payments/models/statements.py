"""Statements of banks: how each bank writes its file, and every line that came in by one."""

from django.contrib.admin import display
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms import money
from forum.payments.models.ledger import Payment


class StatementFormat(models.Model):
    """Which column of a bank's CSV holds what."""

    class Separator(models.TextChoices):
        COMMA = ",", _("Comma")
        SEMICOLON = ";", _("Semicolon")
        TAB = "\t", _("Tab")

    name = models.CharField(_("bank and account"), max_length=80, unique=True)
    separator = models.CharField(_("between columns"), max_length=1, choices=Separator.choices, default=Separator.COMMA)
    currency = models.CharField(_("currency of the account"), max_length=3, choices=money.Currency.choices)
    date_column = models.CharField(_("column of the date"), max_length=60)
    date_format = models.CharField(
        _("how a date is written"), max_length=30, default="%Y-%m-%d",
        help_text=_("%d day, %m month, %Y year: 31/12/2027 is %d/%m/%Y."),
    )  # fmt: skip
    amount_column = models.CharField(_("column of the amount that came in"), max_length=60)
    text_column = models.CharField(_("column in which the payer's words stand"), max_length=60)
    number_column = models.CharField(
        _("column of the bank's own number"),
        max_length=60,
        help_text=_("Unique for each line: by it a line is known again."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("statement format")
        verbose_name_plural = _("statement formats")

    def __str__(self):
        return self.name

    @property
    def columns(self) -> list[str]:
        return [self.date_column, self.amount_column, self.text_column, self.number_column]


class StatementLineQuerySet(models.QuerySet):
    def unmatched(self):
        return self.filter(payment=None)


class StatementLine(models.Model):
    """Money that a bank says came in; without a payment as long as nobody knows for what."""

    format = models.ForeignKey(StatementFormat, models.PROTECT, related_name="lines", verbose_name=_("account"))
    number = models.CharField(_("bank's number"), max_length=120)
    booked_on = models.DateField(_("date"))
    amount = models.PositiveBigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3, choices=money.Currency.choices)
    text = models.CharField(_("payer's words"), max_length=500, blank=True)
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, related_name="statement_line", verbose_name=_("payment")
    )

    objects = StatementLineQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-booked_on", "-id"]
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        constraints = [models.UniqueConstraint(fields=["format", "number"], name="one_line_per_number_of_the_bank")]

    def __str__(self):
        return self.number

    @property
    @display(description=_("amount"))
    def amount_written(self) -> str:
        return money.written(self.amount, self.currency)
