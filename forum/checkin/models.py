"""Gates, and every scan at them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
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


class DeviceQuerySet(models.QuerySet):
    def usable(self):
        """Those that a telephone holds and nobody has revoked."""
        return self.filter(revoked_at=None, paired_at__isnull=False)


class Device(models.Model):
    """A telephone or tablet that scans at one gate, by a token of its own. Comes and goes through ``devices``."""

    code = models.CharField(max_length=6, unique=True, default=codes.six, editable=False)
    gate = models.ForeignKey(Gate, models.CASCADE, related_name="devices", verbose_name=_("gate"))
    name = models.CharField(_("name"), max_length=60)
    # SHA-256 of the token that it holds, as hexadecimal figures; the token itself stands nowhere here.
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("paired by")
    )
    paired_at = models.DateTimeField(_("paired"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        permissions = [("pair_device", "Can pair a device with a gate, and revoke one")]
        constraints = [
            models.CheckConstraint(
                condition=Q(paired_at=None, token_hash=None) | Q(paired_at__isnull=False, token_hash__isnull=False),
                name="paired_devices_have_a_token",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def state(self) -> str:
        if self.revoked_at:
            return _("revoked")
        return _("paired") if self.paired_at else _("waits to be paired")


class DeviceVisit(models.Model):
    """When a device spoke to us last; apart from the device, whose history tells what staff did with it."""

    device = models.OneToOneField(Device, models.CASCADE, related_name="visit", primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))
    # When it last had what it needs without a network.
    synced_at = models.DateTimeField(_("last sync"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("visit of a device")
        verbose_name_plural = _("visits of devices")

    def __str__(self):
        return f"{self.device_id} {self.seen_at:%Y-%m-%d %H:%M}"


class Pin(models.Model):
    """By which one of the staff is told from others at a shared device; good for nothing else. See ``pins``."""

    code = models.CharField(max_length=6, unique=True, default=codes.six, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pin")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("PIN")
        verbose_name_plural = _("PINs")

    def __str__(self):
        return self.code


class Shift(models.Model):
    """Somebody took a device over by PIN; its scans are theirs until another does."""

    code = models.CharField(max_length=10, unique=True, default=codes.ten, editable=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    began_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")

    def __str__(self):
        return self.code


class Scan(models.Model):
    """A badge held to a gate, and what the gate said. Never changed afterwards, but where a device that got no answer in
    time decided otherwise than we had: what happened at the gate is what stands here."""

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

    WOULD_ADMIT = "admit"

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
    # By our clock: what a device did by its own is set right by the difference.
    scanned_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    scanned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="scans", verbose_name=_("device"))
    # By which the device knows it: however often it tells of it, it is kept once.
    client_id = models.UUIDField(null=True, unique=True, editable=False)
    is_offline = models.BooleanField(_("decided without a network"), default=False)
    # What we would have said in the place of a device that decided alone, where that is something else.
    flag = models.CharField(
        _("to be looked at"),
        max_length=10,
        choices=[(WOULD_ADMIT, _("Was to be let in")), *Refusal.choices],
        blank=True,
    )

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-scanned_at"]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            models.CheckConstraint(
                condition=Q(refusal__gt="") | Q(badge__isnull=False) | Q(flag__gt=""), name="only_badges_are_admitted"
            ),
            models.CheckConstraint(condition=Q(flag="") | Q(is_offline=True), name="flagged_scans_were_decided_offline"),
            models.CheckConstraint(
                condition=Q(overrides=None) | Q(refusal="") & ~Q(reason=""), name="override_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(once_key=None) | Q(refusal=""), name="refused_scan_takes_no_turn"),
        ]
        permissions = [("override_scan", "Can let somebody in whom a gate has refused")]
        indexes = [
            models.Index(fields=["gate", "-scanned_at"], name="scan_latest_first"),
            models.Index(fields=["badge", "day"], name="scan_by_badge_and_day"),
            models.Index(fields=["day", "recorded_at"], name="scan_by_day_as_recorded"),
            models.Index(fields=["flag"], condition=Q(flag__gt=""), name="flagged_scan"),
        ]

    def __str__(self):
        return f"{self.gate_id} {self.scanned_at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_accepted(self) -> bool:
        return not self.refusal
