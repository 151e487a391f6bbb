"""What a booth costs at one edition: a price list and its rows, of which the most specific one counts."""

from collections.abc import Iterable

from django.contrib.admin import display
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms import dates, money
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from exhibitors.models.agencies import Agency
from exhibitors.models.floor import Zone

PRICED = ["square_metre", "booth"]


class PriceList(models.Model):
    """One for an edition: the currency of all that exhibitors pay, and until when early prices hold."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="price_list", verbose_name=_("edition"))
    currency = models.CharField(
        _("currency"), max_length=3, choices=money.Currency.choices, default=money.Currency.USD,
        help_text=_("Of all prices of the list: an order is in one currency."),
    )  # fmt: skip
    early_until = models.DateField(
        _("early prices until"),
        null=True,
        blank=True,
        help_text=_("The last day on which they hold. Blank: there are none."),
    )
    note_en = models.TextField(
        _("note in English"),
        blank=True,
        max_length=1_000,
        help_text=_("Stands beside the prices, such as what they include."),
    )
    note_km = models.TextField(_("note in Khmer"), blank=True, max_length=1_000)
    note = Bilingual()

    class Meta:
        ordering = ["edition"]
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")

    def __str__(self):
        return str(self.edition)

    def clean(self):
        refuse_other_edition(self)
        before = PriceList.objects.filter(pk=self.pk).first()
        if before and before.currency != self.currency and before.has_amounts:
            raise beside("currency", _("Amounts are written in this currency: take them off the list first."), "currency")

    @property
    def has_amounts(self) -> bool:
        """Whether anything on it is counted in the minor units of its currency."""
        return any(rows.exists() for rows in (self.prices, self.extras, self.packages))

    def refuse_foreign(self, zones: Iterable[Zone], field: str = "zone") -> None:
        if any(zone.hall.edition_id != self.edition_id for zone in zones):
            raise beside(field, _("This zone belongs to another forum."), "edition")

    @property
    def is_early(self) -> bool:
        """On the edition's own calendar, the last day included."""
        return self.early_until is not None and self.edition.today <= self.early_until


class Price(models.Model):
    """One row: for whom and where, and what it costs there. Which row counts says ``exhibitors.prices.quoting``."""

    class Basis(models.TextChoices):
        SQUARE_METRE = "square_metre", _("for each m²")
        BOOTH = "booth", _("for the booth")
        WAIVED = "waived", _("waived")

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices", verbose_name=_("price list"))
    kind = models.CharField(
        _("for exhibitors of kind"), max_length=30, choices=Agency.Kind.choices, blank=True, help_text=_("Blank: for all.")
    )
    zone = models.ForeignKey(
        Zone, models.CASCADE, null=True, blank=True, related_name="prices", verbose_name=_("in zone"),
        help_text=_("Blank: in all."),
    )  # fmt: skip
    least_area = models.PositiveSmallIntegerField(
        _("from so many m²"), default=0, help_text=_("For booths of this size and larger; 0: of every size.")
    )
    basis = models.CharField(_("reckoned"), max_length=20, choices=Basis.choices, default=Basis.SQUARE_METRE)
    # Minor units of the list's currency; nothing where it is waived.
    amount = models.PositiveBigIntegerField(_("price"), default=0)
    early_amount = models.PositiveBigIntegerField(_("early price"), null=True, blank=True)

    class Meta:
        ordering = ["price_list", "kind", "zone__name_en", "least_area"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "kind", "zone", "least_area"],
                condition=Q(zone__isnull=False),
                name="one_price_per_case_in_a_zone",
                violation_error_message=_("There is a row for this kind, zone and size already."),
            ),
            models.UniqueConstraint(
                fields=["price_list", "kind", "least_area"],
                condition=Q(zone=None),
                name="one_price_per_case",
                violation_error_message=_("There is a row for this kind, zone and size already."),
            ),
            models.CheckConstraint(
                condition=Q(basis="waived", amount=0, early_amount=None) | Q(basis__in=PRICED, amount__gt=0),
                name="price_asks_or_waives",
                violation_error_message=_("Give a price, or waive it: not both."),
            ),
            models.CheckConstraint(
                condition=Q(early_amount=None) | Q(early_amount__gt=0, early_amount__lt=F("amount")),
                name="early_price_is_lower",
                violation_error_message=_("An early price is lower than the price."),
            ),
        ]

    def __str__(self):
        return " · ".join(self.conditions) or str(_("all booths"))

    def clean(self):
        refuse_other_edition(self, "price_list__edition")
        if self.zone_id and self.price_list_id:
            self.price_list.refuse_foreign([self.zone])

    @property
    def conditions(self) -> list[str]:
        """For whom, where and from which size, in words; none where it is for all."""
        size = _("from %(area)s m²") % {"area": dates.digits(str(self.least_area))} if self.least_area else ""
        return [str(part) for part in (self.get_kind_display(), self.zone.name if self.zone_id else "", size) if part]

    @property
    def is_waived(self) -> bool:
        return self.basis == self.Basis.WAIVED

    @property
    @display(description=_("price"))
    def amount_written(self) -> str:
        return "" if self.is_waived else money.written(self.amount, self.price_list.currency)

    @property
    @display(description=_("early price"))
    def early_amount_written(self) -> str:
        return "" if self.early_amount is None else money.written(self.early_amount, self.price_list.currency)
