"""Sponsor packages: what a sponsor buys as one item, who has bought it, and what is owed for it."""

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
from exhibitors.models.agencies import Agency
from exhibitors.models.counted import Counted
from exhibitors.models.floor import Zone
from exhibitors.models.prices import PriceList


class Package(Counted):
    """One item at one price. ``taken`` changes only through ``exhibitors.prices.sponsoring``."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="packages", verbose_name=_("price list"))
    name_en = models.CharField(_("name in English"), max_length=100)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    about_en = models.TextField(_("text in English"), blank=True, max_length=1_000)
    about_km = models.TextField(_("text in Khmer"), blank=True, max_length=1_000)
    about = Bilingual()
    amount = models.PositiveBigIntegerField(_("price"), validators=[MinValueValidator(1)])  # in minor units
    stock = models.PositiveSmallIntegerField(_("how many there are"), validators=[MinValueValidator(1)])
    taken = models.PositiveSmallIntegerField(_("taken"), default=0, editable=False)
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="packages", verbose_name=_("a booth in zone"),
        help_text=_("Blank: no booth is contained."),
    )  # fmt: skip
    passes = models.PositiveSmallIntegerField(_("places for people"), default=0)
    has_logo = models.BooleanField(_("logo on the site and on papers"), default=False)
    has_slot = models.BooleanField(_("speaking slot"), default=False)

    class Meta:
        ordering = ["price_list", "-amount", "name_en"]
        verbose_name = _("sponsor package")
        verbose_name_plural = _("sponsor packages")
        constraints = [
            models.UniqueConstraint(fields=["price_list", "name_en"], name="one_package_per_name"),
            models.CheckConstraint(condition=Q(taken__lte=F("stock")), name="package_is_not_oversold"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="package_costs_something"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self, "price_list__edition")
        super().clean()
        if self.zone_id and self.price_list_id:
            self.price_list.refuse_foreign([self.zone])

    @property
    @display(description=_("price"))
    def amount_written(self) -> str:
        return money.written(self.amount, self.price_list.currency)

    @property
    def contents(self) -> list[tuple[str, int]]:
        """What is owed for it: the kind of entitlement, and how many."""
        kinds = Entitlement.Kind
        counts = {
            kinds.BOOTH: int(self.zone_id is not None),
            kinds.PASSES: self.passes,
            kinds.LOGO: int(self.has_logo),
            kinds.SLOT: int(self.has_slot),
        }
        return [(kind, count) for kind, count in counts.items() if count]


class Sponsorship(models.Model):
    """An agency's package; its state changes only through ``exhibitors.prices.sponsoring``."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        FIRM = "firm", _("firm")
        ENDED = "ended", _("ended")

    package = models.ForeignKey(Package, models.PROTECT, related_name="sponsorships", verbose_name=_("sponsor package"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="sponsorships", verbose_name=_("agency"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    ordered_at = models.DateTimeField(_("ordered"), default=timezone.now)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("ordered by")
    )

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")
        constraints = [
            models.UniqueConstraint(
                fields=["package", "agency"], condition=~Q(state="ended"), name="one_live_sponsorship_per_package"
            ),
        ]

    def __str__(self):
        return f"{self.package} · {self.agency}"


class Entitlement(models.Model):
    """One thing that is owed to a sponsor, and whether it was given."""

    class Kind(models.TextChoices):
        BOOTH = "booth", _("booth")
        PASSES = "passes", _("places for people")
        LOGO = "logo", _("logo on the site and on papers")
        SLOT = "slot", _("speaking slot")

    sponsorship = models.ForeignKey(Sponsorship, models.CASCADE, related_name="entitlements", verbose_name=_("sponsorship"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("done by")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    # By the act that makes the package firm; nobody ticks it off.
    is_granted = models.BooleanField(_("granted"), default=False, editable=False)

    class Meta:
        ordering = ["sponsorship", "pk"]
        verbose_name = _("what is owed to sponsors")
        verbose_name_plural = _("what is owed to sponsors")
        constraints = [models.UniqueConstraint(fields=["sponsorship", "kind"], name="one_entitlement_per_kind")]

    def __str__(self):
        return f"{self.sponsorship}: {self.get_kind_display()}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
