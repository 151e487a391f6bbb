"""How one edition takes money: how long places are kept, tax, rate, bank, and who writes the invoice."""

from decimal import Decimal

from django.contrib.admin import display
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition

latin = RegexValidator(r"^[\x20-\x7e]*$", _("Latin letters, figures and marks only: the payer's bank shows it so."))


class Terms(models.Model):
    """The terms of an edition; one without a row has these defaults."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="payment_terms", verbose_name=_("edition"))
    hold_hours = models.PositiveSmallIntegerField(
        _("hours for which a place is kept"), default=72, validators=[MinValueValidator(1), MaxValueValidator(2160)]
    )
    seller_en = models.CharField(_("who writes the invoice, in English"), max_length=200, blank=True)
    seller_km = models.CharField(_("who writes the invoice, in Khmer"), max_length=200, blank=True)
    seller = Bilingual()
    address_en = models.CharField(_("address in English"), max_length=300, blank=True)
    address_km = models.CharField(_("address in Khmer"), max_length=300, blank=True)
    address = Bilingual()
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True)
    tax_basis_points = models.PositiveSmallIntegerField(
        _("tax in the price, in hundredths of a per cent"),
        default=0,
        validators=[MaxValueValidator(5000)],
        help_text=_("1000 is 10 %. Nothing: no tax is shown."),
    )
    riel_per_dollar = models.PositiveIntegerField(
        _("riel for one US dollar"), default=4100, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    rate_source = models.CharField(
        _("whence the rate"), max_length=120, blank=True, help_text=_("Such as: National Bank of Cambodia, 1 March 2027.")
    )
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account_name = models.CharField(_("account name"), max_length=120, blank=True)
    bank_account = models.CharField(_("account number"), max_length=60, blank=True)
    bank_swift = models.CharField(_("SWIFT code"), max_length=11, blank=True)
    khqr_account = models.CharField(
        _("Bakong account"),
        max_length=32,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9._-]+@[A-Za-z0-9]+$", _("Such as name@bank."))],
        help_text=_("Blank: no KHQR is offered."),
    )
    khqr_merchant_id = models.CharField(_("merchant number"), max_length=32, blank=True, validators=[latin])
    khqr_bank = models.CharField(_("acquiring bank"), max_length=32, blank=True, validators=[latin])
    khqr_name = models.CharField(_("merchant name in Latin letters"), max_length=25, blank=True, validators=[latin])
    khqr_city = models.CharField(_("merchant city"), max_length=15, default="Phnom Penh", validators=[latin])

    class Meta:
        verbose_name = _("terms of payment")
        verbose_name_plural = _("terms of payment")

    def __str__(self):
        return self.edition.slug

    def clean(self):
        refuse_other_edition(self)

    @property
    def has_bank(self) -> bool:
        return bool(self.bank_name and self.bank_account)

    @property
    def has_khqr(self) -> bool:
        return bool(self.khqr_account and self.khqr_name)

    @property
    @display(description=_("tax in percent"))
    def tax_percent(self) -> str:
        """10 or 7.5."""
        return f"{(Decimal(self.tax_basis_points) / 100).normalize():f}"
