"""Who speaks."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from agenda.models.naming import Named
from agenda.models.sessions import TEXT, Role, Session
from cms.languages import Bilingual
from cms.models import Edition
from cms.searching import SearchableQuerySet


class SpeakerQuerySet(SearchableQuerySet):
    def public(self, edition: Edition):
        """Those who speak in a published session."""
        speaks = Role.objects.filter(speaker=OuterRef("pk"), session__in=Session.objects.public(edition))
        return self.filter(Exists(speaks), edition=edition)


class Speaker(Named):
    """A person on the programme of one edition; position and affiliation are those of that year."""

    position_en = models.CharField(_("position in English"), max_length=200, blank=True)
    position_km = models.CharField(_("position in Khmer"), max_length=200, blank=True)
    position = Bilingual()
    affiliation_en = models.CharField(_("affiliation in English"), max_length=200, blank=True)
    affiliation_km = models.CharField(_("affiliation in Khmer"), max_length=200, blank=True)
    affiliation = Bilingual()
    bio_en = RichTextField(_("biography in English"), blank=True, features=TEXT)
    bio_km = RichTextField(_("biography in Khmer"), blank=True, features=TEXT)
    bio = Bilingual()
    photo = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    source = models.CharField(_("source"), max_length=100, blank=True, editable=False)
    external_id = models.CharField(_("number at the source"), max_length=250, blank=True, editable=False)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "name_en", "code"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "source", "external_id"], condition=~Q(source=""), name="one_speaker_per_source_id"
            )
        ]

    def get_absolute_url(self):
        return reverse("speakers:speaker", args=[self.edition.slug, self.code])

    def searched_words(self):
        return [*super().searched_words(), self.affiliation_en, self.affiliation_km]
