"""Agencies: any body that takes part, as exhibitor, delegation or party to a memorandum."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms import codes, khmer
from cms.languages import Bilingual


class AgencyQuerySet(models.QuerySet):
    def named(self, words: str):
        """Agencies whose name in either script holds all of ``words``."""
        for word in khmer.fold(words).split():
            self = self.filter(search_text__contains=word)
        return self


class Agency(models.Model):
    """A body that takes part; it outlives editions."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government of Cambodia")
        FOREIGN_GOVERNMENT = "international government", _("Foreign government")
        PARTNER = "development partner", _("Development partner")
        ACADEMIA = "academia", _("Academia")
        PRIVATE = "private", _("Private sector")

    code = models.CharField(max_length=6, unique=True, default=codes.six, editable=False)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_km = models.CharField(_("name in Khmer"), max_length=200, blank=True)
    name = Bilingual()
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("ISO 3166-1 code; blank for multilateral bodies.")
    )
    website = models.URLField(_("website"), blank=True)
    about_en = models.TextField(_("profile in English"), blank=True)
    about_km = models.TextField(_("profile in Khmer"), blank=True)
    about = Bilingual()
    search_text = models.TextField(editable=False, blank=True)
    sort_key = models.CharField(max_length=400, editable=False, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "name_en"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [models.UniqueConstraint(fields=["name_en"], name="one_agency_per_name")]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.search_text = khmer.fold(f"{self.name_en} {self.name_km}")
        self.sort_key = khmer.sort_key(self.name_en)
        super().save(**kwargs)
