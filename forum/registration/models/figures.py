"""What people tell voluntarily so that the forum can be counted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.models import Edition
from forum.registration.models.people import Registration


class FiguresQuerySet(models.QuerySet):
    def counted(self, edition: Edition):
        """Those of people who have a place, and of nobody any more."""
        return self.filter(Q(registration=None) | Q(registration__state=Registration.State.CONFIRMED), edition=edition)


class Figures(models.Model):
    """Told by one person, read by nobody: only totals are shown. When the person is erased, or the forum is over, the row
    stays without them. Who tells nothing has no row."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Another")

    class Body(models.TextChoices):
        GOVERNMENT = "government", _("Government of Cambodia")
        FOREIGN = "foreign", _("Foreign government")
        PARTNER = "partner", _("Development partner")
        ACADEMIA = "academia", _("Academia")
        PRIVATE = "private", _("Private sector")
        CIVIL = "civil", _("Civil society")
        MEDIA = "media", _("Media")
        NONE = "none", _("None, I come for myself")

    ABROAD = "abroad"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="figures")
    registration = models.OneToOneField(Registration, models.SET_NULL, null=True, related_name="figures")
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    # ISO 3166-2:KH, or ``ABROAD``.
    province = models.CharField(_("province"), max_length=6, blank=True)
    body = models.CharField(_("kind of body"), max_length=10, choices=Body.choices, blank=True)

    objects = FiguresQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # nobody asks where they are used

    class Meta:
        verbose_name = _("voluntary figures")
        verbose_name_plural = _("voluntary figures")
        constraints = [
            models.CheckConstraint(condition=~Q(sex="") | ~Q(province="") | ~Q(body=""), name="figures_say_something")
        ]

    def __str__(self):
        return str(self.pk)
