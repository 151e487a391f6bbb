"""Pavilions: booths that one agency, such as a country's or an association's, takes together and divides among members."""

from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms import codes, khmer
from cms.languages import Bilingual
from cms.models import Edition
from exhibitors.models.agencies import Agency


class PavilionQuerySet(models.QuerySet):
    def led_by(self, user):
        """Those that the person divides: a manager of the agency that organises them."""
        return self.filter(organiser__memberships__user=user, organiser__memberships__role="manager")

    def counted(self):
        """With how many booths each has."""
        return self.annotate(total=models.Count("booths"))


class Pavilion(models.Model):
    """Some booths of one edition, and who divides them. They change hands only through ``exhibitors.pavilions``."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="pavilions", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=100)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    organiser = models.ForeignKey(
        Agency,
        models.PROTECT,
        related_name="pavilions",
        verbose_name=_("organiser"),
        help_text=_("The agency whose managers divide the booths among members."),
    )
    search_text = models.TextField(editable=False, blank=True)

    objects = PavilionQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "name_en"]
        verbose_name = _("pavilion")
        verbose_name_plural = _("pavilions")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name_en"],
                name="one_pavilion_per_name",
                violation_error_message=_("Another pavilion of this edition has this name."),
            ),
            models.CheckConstraint(condition=~Q(name_en=""), name="pavilion_has_a_name"),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.search_text = khmer.fold(f"{self.name_en} {self.name_km}")
        super().save(**kwargs)

    @property
    @display(description=_("booths"))
    def size(self) -> int:
        """How many booths, of a row that is ``counted``."""
        return self.total

    def clean(self):
        if self.pk and self.edition_id != Pavilion.objects.values_list("edition", flat=True).get(pk=self.pk):
            raise ValidationError(_("A pavilion stays at its forum: set up another one there."), code="edition")
