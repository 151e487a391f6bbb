"""Agencies: any body that takes part, as exhibitor, delegation or party to a memorandum; and who acts for them."""

from django.conf import settings
from django.core.files.storage import storages
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms import codes, khmer
from cms.languages import Bilingual
from cms.searching import SearchableQuerySet


def public_files():
    return storages["public"]


class AgencyQuerySet(SearchableQuerySet):
    def named(self, name: str):
        """The one with exactly this name, in either language, however upper case and spelling are written; or None."""
        wanted = khmer.fold(name)
        close = self.matching(name) if wanted else []
        return next((row for row in close if wanted in (khmer.fold(row.name_en), khmer.fold(row.name_km))), None)

    def exhibiting_at(self, edition):
        """Agencies with a confirmed booth on the published plan of this edition: what the public may know."""
        seen = {"bookings__booth__edition": edition, "bookings__booth__is_published": True}
        return self.filter(bookings__state="confirmed", **seen).distinct()


class Agency(models.Model):
    """A body that takes part; it outlives editions."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government of Cambodia")
        FOREIGN_GOVERNMENT = "international government", _("Foreign government")
        PARTNER = "development partner", _("Development partner")
        ACADEMIA = "academia", _("Academia")
        PRIVATE = "private", _("Private sector")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_km = models.CharField(_("name in Khmer"), max_length=200, blank=True)
    name = Bilingual()
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("ISO 3166-1 code; blank for multilateral bodies.")
    )
    website = models.CharField(
        _("website"),
        max_length=200,
        blank=True,
        validators=[URLValidator(["https", "http"])],
        help_text=_("With https:// in front."),
    )
    about_en = models.TextField(_("profile in English"), blank=True, max_length=2_000)
    about_km = models.TextField(_("profile in Khmer"), blank=True, max_length=2_000)
    about = Bilingual()
    # The original is nobody's but ours; what everybody sees is drawn from it.
    logo = models.FileField(_("logo"), upload_to="logos", max_length=60, blank=True)
    shown_logo = models.FileField(
        _("logo as it is shown"), upload_to="logos", storage=public_files, max_length=60, blank=True, editable=False
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="agencies", verbose_name=_("people")
    )
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

    def is_managed_by(self, user) -> bool:
        return self.memberships.filter(user=user, role=Membership.Role.MANAGER).exists()


class Membership(models.Model):
    """One person who acts for one agency."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("May book and edit")
        COLLEAGUE = "colleague", _("May look")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="memberships", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MANAGER)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta:
        ordering = ["agency", "joined_at"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [models.UniqueConstraint(fields=["user", "agency"], name="one_membership_per_person_and_agency")]

    def __str__(self):
        return f"{self.user} · {self.agency}"

    # Where somebody of a pavilion's organiser acts for one of its members, instead of a member: see ``representing``.
    pavilions = ()

    @property
    def may_manage(self) -> bool:
        return self.role == self.Role.MANAGER
