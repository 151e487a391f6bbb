"""Letters that remind exhibitors of what is missing: a log, and what keeps them to one a day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.models import Edition
from exhibitors.models.agencies import Agency


class Reminder(models.Model):
    """One agency was reminded on one day of its edition's calendar."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reminders", verbose_name=_("edition"))
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="reminders", verbose_name=_("agency"))
    day = models.DateField(_("day"))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("sent by")
    )
    missing = models.PositiveSmallIntegerField(_("things missing"))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(fields=["edition", "agency", "day"], name="one_reminder_a_day")]

    def __str__(self):
        return f"{self.agency} ({self.day})"
