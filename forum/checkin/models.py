"""Gates, and every scan at them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from forum.badges.models import Badge


class Gate(models.Model):
    """A door at which badges are scanned."""

    code = models.CharField(max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="gates", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=80)
    name_km = models.CharField(_("name in Khmer"), max_length=80, blank=True)
    name = Bilingual()

    class Meta:
        ordering = ["id"]
        verbose_name = _("gate")
        verbose_name_plural = _("gates")

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)


class Scan(models.Model):
    """A badge held to a gate, and what the gate said. Never changed afterwards."""

    class Refusal(models.TextChoices):
        UNKNOWN = "unknown", _("Not a badge of this forum")
        FORGED = "forged", _("Not made by us: call the supervisor")
        MISTYPED = "mistyped", _("Mistyped: read the code once more")
        EDITION = "edition", _("The badge of another forum")
        DESK = "desk", _("This code is for the badge desk: get the badge there")
        INVALID = "invalid", _("This badge is no longer valid")
        AGAIN = "again", _("Already admitted")
        DAY = "day", _("The forum is not open today")
        PASS_DAY = "pass-day", _("This pass is for other days")

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="scans")
    badge = models.ForeignKey(Badge, models.CASCADE, null=True, related_name="scans")
    # The day of the edition on which a badge was admitted: it admits once on each.
    day = models.DateField()
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)
    scanned_at = models.DateTimeField(auto_now_add=True)
    scanned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-scanned_at"]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            models.UniqueConstraint(
                fields=["badge", "day"], condition=Q(refusal=""), name="one_admission_per_badge_and_day"
            ),
            models.CheckConstraint(condition=Q(refusal__gt="") | Q(badge__isnull=False), name="only_badges_are_admitted"),
        ]
        indexes = [models.Index(fields=["gate", "-scanned_at"], name="scan_latest_first")]

    def __str__(self):
        return f"{self.gate_id} {self.scanned_at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_accepted(self) -> bool:
        return not self.refusal
