"""Tours of a guest of honour: which booths are visited, in which order, and what is said there."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from exhibitors.models.floor import Booth
from exhibitors.models.shown import Product

LONGEST_STOP = 60  # minutes


class Tour(models.Model):
    """One walk through the exhibition; it begins at its first booth."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="tours", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=100, help_text=_("Such as: Tour of the guest of honour."))
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    starts_at = models.DateTimeField(_("begins"), help_text=_("At the first booth."))

    class Meta:
        ordering = ["edition", "starts_at"]
        verbose_name = _("tour")
        verbose_name_plural = _("tours")
        constraints = [models.UniqueConstraint(fields=["edition", "name_en"], name="one_tour_per_name")]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)
        if not (self.edition_id and self.starts_at):
            return
        day = self.starts_at.astimezone(self.edition.zone).date()
        if not self.edition.opens_on <= day <= self.edition.closes_on:
            raise beside("starts_at", _("This is no day of the forum."), "day")


class TourStopQuerySet(models.QuerySet):
    def briefed(self):
        """Those at which somebody is named."""
        return self.exclude(briefer_en="", briefer_km="", function_en="", function_km="")


class TourStop(models.Model):
    """One booth of a tour. Its place changes only through ``exhibitors.touring.arranging``."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="stops", verbose_name=_("tour"))
    booth = models.ForeignKey(Booth, models.CASCADE, related_name="+", verbose_name=_("booth"))
    position = models.PositiveSmallIntegerField(editable=False)  # from one
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_STOP)]
    )
    briefer_en = models.CharField(_("who briefs, in Latin letters"), max_length=100, blank=True)
    briefer_km = models.CharField(_("who briefs, in Khmer letters"), max_length=100, blank=True)
    briefer = Bilingual()
    function_en = models.CharField(_("function in English"), max_length=150, blank=True)
    function_km = models.CharField(_("function in Khmer"), max_length=150, blank=True)
    function = Bilingual()
    point_en = models.TextField(_("talking point in English"), max_length=400, blank=True)
    point_km = models.TextField(_("talking point in Khmer"), max_length=400, blank=True)
    point = Bilingual()
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("what is shown")
    )

    objects = TourStopQuerySet.as_manager()

    class Meta:
        ordering = ["tour", "position"]
        verbose_name = _("stop of a tour")
        verbose_name_plural = _("stops of a tour")
        constraints = [
            models.UniqueConstraint(fields=["tour", "booth"], name="a_tour_stops_once_at_a_booth"),
            models.UniqueConstraint(fields=["tour", "position"], name="one_stop_per_position"),
            models.CheckConstraint(condition=Q(minutes__range=(1, LONGEST_STOP)), name="stop_takes_some_minutes"),
        ]

    def __str__(self):
        return str(self.booth)

    def clean(self):
        if self.booth_id and self.booth.edition_id != self.tour.edition_id:
            raise ValidationError(_("This booth belongs to another forum."), code="other_edition")
