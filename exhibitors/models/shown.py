"""What exhibitors show at one edition: products, the themes they choose, and the sessions they host."""

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.models import Session
from cms import codes, khmer
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from exhibitors.models.agencies import Agency

PRODUCTS = 12  # of an agency at one edition
THEMES = 5


class Product(models.Model):
    """One thing that an exhibitor shows, in a few sentences."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="products", verbose_name=_("edition"))
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="products", verbose_name=_("agency"))
    # From one; the key beneath it is what keeps an agency to so many, however many of its people write at once.
    place = models.PositiveSmallIntegerField(
        _("place in the list"), editable=False, validators=[MinValueValidator(1), MaxValueValidator(PRODUCTS)]
    )
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    about_en = models.TextField(_("description in English"), blank=True, max_length=600, help_text=_("A few sentences."))
    about_km = models.TextField(_("description in Khmer"), blank=True, max_length=600)
    about = Bilingual()
    link = models.CharField(
        _("link"),
        max_length=200,
        blank=True,
        validators=[URLValidator(["https", "http"])],
        help_text=_("With https:// in front."),
    )
    search_text = models.TextField(editable=False, blank=True)

    class Meta:
        ordering = ["edition", "agency", "place"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["edition", "agency", "place"], name="one_product_per_place"),
            models.CheckConstraint(condition=Q(place__range=(1, PRODUCTS)), name="product_in_range"),
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_km=""),
                name="product_has_a_name",
                violation_error_message=_("Write the name in English, in Khmer or in both."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.search_text = khmer.fold(f"{self.name_en} {self.name_km} {self.about_en} {self.about_km}")
        super().save(**kwargs)


class Theme(models.Model):
    """A subject under which visitors look for exhibitors; the organisers keep the list of each edition."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="themes", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=60)
    name_km = models.CharField(_("name in Khmer"), max_length=60, blank=True)
    name = Bilingual()
    agencies = models.ManyToManyField(Agency, through="ChosenTheme", related_name="themes", verbose_name=_("agencies"))

    class Meta:
        ordering = ["edition", "name_en"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [models.UniqueConstraint(fields=["edition", "name_en"], name="one_theme_per_name")]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)


class ChosenTheme(models.Model):
    """That an exhibitor shows something of a theme."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="chosen")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="chosen_themes")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")  # the theme's
    place = models.PositiveSmallIntegerField()  # from one

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["agency", "place"]
        verbose_name = _("chosen theme")
        verbose_name_plural = _("chosen themes")
        constraints = [
            models.UniqueConstraint(fields=["theme", "agency"], name="a_theme_is_chosen_once"),
            models.UniqueConstraint(fields=["edition", "agency", "place"], name="one_theme_per_place"),
            models.CheckConstraint(condition=Q(place__range=(1, THEMES)), name="themes_in_range"),
        ]

    def __str__(self):
        return str(self.theme)


class SessionHost(models.Model):
    """That an agency hosts a session of the programme."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="hosts", verbose_name=_("session"))
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="hosted", verbose_name=_("agency"))

    class Meta:
        ordering = ["session", "agency"]
        verbose_name = _("host of a session")
        verbose_name_plural = _("hosts of sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "agency"],
                name="an_agency_hosts_a_session_once",
                violation_error_message=_("This agency hosts this session already."),
            )
        ]

    def __str__(self):
        return f"{self.agency} · {self.session}"
