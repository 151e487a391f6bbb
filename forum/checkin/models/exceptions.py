"""What the pass of one person opens beside what it opens for others, or does not."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cms import dates
from forum.badges.models import Badge
from forum.registration.models import AccessZone, Registration


class PassExceptionQuerySet(models.QuerySet):
    def in_force(self):
        """Those of who holds the place now."""
        return self.filter(holder_no=F("registration__holder_no"))

    def of(self, badge: Badge):
        """Those of the person for whom the badge was made."""
        return self.filter(registration=badge.registration_id, holder_no=badge.holder_no)


class PassException(models.Model):
    """One zone or one day, and whether it is open to this person whatever the pass says. It is the person's: whoever takes
    the place over does not have it. Comes and goes through ``excepting``."""

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="pass_exceptions", verbose_name=_("registration")
    )
    holder_no = models.PositiveSmallIntegerField()
    zone = models.ForeignKey(
        AccessZone, models.CASCADE, null=True, related_name="pass_exceptions", verbose_name=_("access zone")
    )
    day = models.DateField(_("day"), null=True)
    is_open = models.BooleanField(_("open to this person"))
    reason = models.CharField(_("reason"), max_length=200)
    made_at = models.DateTimeField(_("made"), auto_now=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )

    objects = PassExceptionQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # nobody asks where they are used

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("exception to a pass")
        verbose_name_plural = _("exceptions to passes")
        constraints = [
            models.CheckConstraint(
                condition=Q(zone=None, day__isnull=False) | Q(zone__isnull=False, day=None),
                name="pass_exception_is_about_a_zone_or_a_day",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pass_exception_has_a_reason"),
            models.UniqueConstraint(fields=["registration", "holder_no", "zone"], name="one_exception_per_zone"),
            models.UniqueConstraint(fields=["registration", "holder_no", "day"], name="one_exception_per_day"),
        ]

    def __str__(self):
        return self.written

    @property
    def written(self) -> str:
        """In the reader's language: also into the press room."""
        if self.zone_id:
            words = _now("Also into: %(zone)s") if self.is_open else _now("Not into: %(zone)s")
            return words % {"zone": self.zone.name}
        words = _now("Also on: %(day)s") if self.is_open else _now("Not on: %(day)s")
        return words % {"day": dates.weekday(self.day)}
