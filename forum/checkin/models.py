"""Gates, and every scan at them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms import codes, dates
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from forum.badges.models import Badge
from forum.registration.models import AccessZone


class Way(models.TextChoices):
    IN = "in", _("In")
    OUT = "out", _("Out")


class Gate(models.Model):
    """A door at which badges are scanned, and whom it lets through when."""

    class Passage(models.TextChoices):
        ONCE = "once", _("Once a day")
        RETURN = "return", _("Again after going out")
        FREE = "free", _("As often as one likes")

    class Ways(models.TextChoices):
        IN = "in", _("In only")
        OUT = "out", _("Out only")
        BOTH = "both", _("In and out")

    code = models.CharField(max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="gates", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=80)
    name_km = models.CharField(_("name in Khmer"), max_length=80, blank=True)
    name = Bilingual()
    zone = models.ForeignKey(
        AccessZone, models.PROTECT, null=True, blank=True, related_name="gates", verbose_name=_("leads into"),
        help_text=_("Only passes with this zone are let in. Blank: into the forum, which every pass opens."),
    )  # fmt: skip
    passage = models.CharField(
        _("how often"), max_length=6, choices=Passage.choices, default=Passage.ONCE,
        help_text=_("All gates into one zone count together."),
    )  # fmt: skip
    ways = models.CharField(_("direction"), max_length=4, choices=Ways.choices, default=Ways.IN)
    # As they stand in ISO 8601, in order.
    days = models.JSONField(_("days on which it is open"), default=list, blank=True)
    opens = models.TimeField(_("open from"), null=True, blank=True, help_text=_("Blank: from the beginning of the day."))
    closes = models.TimeField(_("open until"), null=True, blank=True, help_text=_("Blank: to the end of the day."))

    class Meta:
        ordering = ["id"]
        verbose_name = _("gate")
        verbose_name_plural = _("gates")

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)
        if self.opens and self.opens == self.closes:
            raise beside("closes", _("It closes at the moment at which it opens."), "hours")

    @property
    def hours(self) -> str:
        """Its hours on the edition's clock, where it has some: 08:00–17:30."""
        written = [dates.digits(f"{time:%H:%M}") if time else "…" for time in (self.opens, self.closes)]
        return "–".join(written) if self.opens or self.closes else ""

    @property
    def is_both_ways(self) -> bool:
        return self.ways == self.Ways.BOTH


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
        ZONE = "zone", _("This pass does not open this part")
        CLOSED = "closed", _("This gate is closed now")

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="scans")
    badge = models.ForeignKey(Badge, models.CASCADE, null=True, related_name="scans")
    day = models.DateField()  # of the edition
    way = models.CharField(_("direction"), max_length=3, choices=Way.choices, default=Way.IN)
    # Into which part or out of it, as the gate was then.
    zone = models.ForeignKey(AccessZone, models.PROTECT, null=True, related_name="+", verbose_name=_("zone"))
    # What may be written once, see ``rules.once_key``: of two gates at the same moment one lets the badge in.
    once_key = models.CharField(max_length=80, null=True, unique=True, editable=False)
    # The refusal in spite of which a supervisor lets the person in, and why.
    overrides = models.OneToOneField("self", models.CASCADE, null=True, editable=False, related_name="override")
    reason = models.CharField(_("let in because"), max_length=200, blank=True)
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)
    scanned_at = models.DateTimeField(auto_now_add=True)
    scanned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-scanned_at"]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            models.CheckConstraint(condition=Q(refusal__gt="") | Q(badge__isnull=False), name="only_badges_are_admitted"),
            models.CheckConstraint(
                condition=Q(overrides=None) | Q(refusal="") & ~Q(reason=""), name="override_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(once_key=None) | Q(refusal=""), name="refused_scan_takes_no_turn"),
        ]
        permissions = [("override_scan", "Can let somebody in whom a gate has refused")]
        indexes = [
            models.Index(fields=["gate", "-scanned_at"], name="scan_latest_first"),
            models.Index(fields=["badge", "day"], name="scan_by_badge_and_day"),
        ]

    def __str__(self):
        return f"{self.gate_id} {self.scanned_at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_accepted(self) -> bool:
        return not self.refusal
