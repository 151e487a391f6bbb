"""Badges: the code a person carries, and each time it went to paper."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cms import codes
from forum.registration.models import Registration


def new_serial() -> str:
    """Twelve characters of a 27-letter alphabet, 57 bits: nobody guesses a badge."""
    return codes.new(12)


class BadgeQuerySet(models.QuerySet):
    def valid(self):
        """Badges of people who still come, held by the person for whom they were made."""
        coming = Registration.objects.coming()
        return self.filter(registration__holder_no=F("holder_no"), registration__in=coming)


class Badge(models.Model):
    """One holder's badge. Another holder of the same registration gets another one, and this dies by itself."""

    serial = models.CharField(max_length=12, unique=True, default=new_serial, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="badges")
    holder_no = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField(auto_now_add=True)

    objects = BadgeQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        constraints = [models.UniqueConstraint(fields=["registration", "holder_no"], name="one_badge_per_holder")]

    def __str__(self):
        return self.serial

    @property
    def spoken(self) -> str:
        """The serial as it is printed, read aloud and typed: ABCD-EFGH-JKLM."""
        return "-".join(self.serial[start : start + 4] for start in range(0, len(self.serial), 4))

    @property
    def is_valid(self) -> bool:
        return self.registration.is_coming and self.holder_no == self.registration.holder_no


class BadgePrint(models.Model):
    """A badge went to paper: when, by whom."""

    badge = models.ForeignKey(Badge, models.CASCADE, related_name="prints")
    printed_at = models.DateTimeField(auto_now_add=True)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-printed_at"]
        verbose_name = _("badge print")
        verbose_name_plural = _("badge prints")

    def __str__(self):
        return f"{self.badge_id} {self.printed_at:%Y-%m-%d %H:%M}"


def not_yet_printed():
    """Registrations whose present holder's badge never went to paper."""
    printed = BadgePrint.objects.filter(
        badge__registration=models.OuterRef("pk"), badge__holder_no=models.OuterRef("holder_no")
    )
    return ~models.Exists(printed)
