"""Extras: what exhibitors order besides the booth, as furniture, power or a network; and who has ordered how many."""

from django.conf import settings
from django.contrib.admin import display
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes, money
from cms.languages import Bilingual
from cms.models import refuse_other_edition
from exhibitors.models.bookings import Booking
from exhibitors.models.counted import Counted
from exhibitors.models.floor import Booth, Zone
from exhibitors.models.prices import PriceList


class ExtraQuerySet(models.QuerySet):
    def for_booth(self, booth: Booth):
        """Those meant for booths of its zone and fitting, whether any are left or not."""
        rows = self.filter(price_list__edition=booth.edition_id, fitting__in=["", booth.fitting])
        return rows.filter(Q(zones=None) | Q(zones=booth.zone_id)).select_related("price_list__edition").distinct()


class Extra(Counted):
    """One thing at one price. ``taken`` changes only through ``exhibitors.prices.extras``."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="extras", verbose_name=_("price list"))
    name_en = models.CharField(_("name in English"), max_length=100)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    unit_en = models.CharField(
        _("unit in English"), max_length=40, default="piece", help_text=_("Such as: chair, day, 10 m.")
    )
    unit_km = models.CharField(_("unit in Khmer"), max_length=40, blank=True)
    unit = Bilingual()
    amount = models.PositiveBigIntegerField(_("price"), validators=[MinValueValidator(1)])  # of one, in minor units
    stock = models.PositiveIntegerField(
        _("stock"), null=True, blank=True, help_text=_("How many there are in all. Blank: as many as are ordered.")
    )
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    order_until = models.DateField(
        _("ordered until"), null=True, blank=True, help_text=_("The last day. Blank: until the forum is over.")
    )
    watts = models.PositiveIntegerField(
        _("power"), default=0, help_text=_("in watts, of one: counts against the power budget of the booth’s zone.")
    )
    fitting = models.CharField(
        _("for booths that are"), max_length=10, choices=Booth.Fitting.choices, blank=True, help_text=_("Blank: for both.")
    )
    zones = models.ManyToManyField(
        Zone, blank=True, related_name="+", verbose_name=_("for zones"), help_text=_("None: for all.")
    )

    objects = ExtraQuerySet.as_manager()

    class Meta:
        ordering = ["price_list", "name_en"]
        verbose_name = _("extra")
        verbose_name_plural = _("extras")
        constraints = [
            models.UniqueConstraint(fields=["price_list", "name_en"], name="one_extra_per_name"),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(taken__lte=F("stock")),
                name="extra_is_not_oversold",
                violation_error_message=_("More than that are ordered already."),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="extra_costs_something"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self, "price_list__edition")
        super().clean()

    @property
    def is_late(self) -> bool:
        """On the edition's own calendar: the last day is still in time."""
        edition = self.price_list.edition
        return edition.is_over or (self.order_until is not None and edition.today > self.order_until)

    @property
    @display(description=_("price"))
    def amount_written(self) -> str:
        return money.written(self.amount, self.price_list.currency)


class OrderedExtraQuerySet(models.QuerySet):
    def taken(self):
        """Those that count against the stock."""
        return self.filter(is_taken=True)


class OrderedExtra(models.Model):
    """So many of one extra for one booth; they go along when its agency moves."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="ordered_extras", verbose_name=_("booking"))
    extra = models.ForeignKey(Extra, models.PROTECT, related_name="ordered", verbose_name=_("extra"))
    quantity = models.PositiveIntegerField(_("quantity"))
    # Whether they count against the stock: not after their order has ended.
    is_taken = models.BooleanField(_("taken"), default=True)
    ordered_at = models.DateTimeField(_("ordered"), default=timezone.now)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("ordered by")
    )

    objects = OrderedExtraQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        verbose_name = _("ordered extra")
        verbose_name_plural = _("ordered extras")
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="ordered_extra_is_some")]

    def __str__(self):
        return f"{self.quantity} × {self.extra}"

    @property
    def amount(self) -> int:
        """In minor units, at the present price."""
        return self.quantity * self.extra.amount
