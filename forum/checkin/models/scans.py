"""Every scan at a gate."""

from functools import lru_cache

from django.conf import settings
from django.db import connections, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.models import Session
from forum.badges.models import Badge
from forum.checkin.models.devices import Device
from forum.checkin.models.gates import Gate, Way
from forum.registration.models import AccessZone, Registration


class ScanQuerySet(models.QuerySet):
    def admitted(self, registration: Registration):
        """How the person passed: who holds the place now, and what was seen of them in a registration that was merged into
        it."""
        theirs = Badge.objects.filter(registration=registration, holder_no=registration.holder_no)
        merged = Badge.objects.filter(registration__merged_into=registration)
        # Two sets found by an index each: joined by OR, the database walks through all scans.
        return self.filter(badge__in=theirs.order_by().values("pk").union(merged.order_by().values("pk")), refusal="")

    def admit(self, scan: "Scan") -> "Scan | None":
        """Keeps it, unless its ``once_key`` has been written before; then nothing. One statement decides, without a
        savepoint for what is no fault."""
        connection = connections[self.db]
        fields = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        values = [field.get_db_prep_save(field.value_from_object(scan), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(_admission(), values)
            kept = cursor.fetchone()
        if kept is None:
            return None
        (scan.pk,), scan._state.adding, scan._state.db = kept, False, self.db
        return scan


@lru_cache
def _admission() -> str:
    """The statement, in which every column has its place; the ORM cannot both pass over a conflict and say which row it
    made."""
    names = [field.column for field in Scan._meta.concrete_fields if not field.primary_key]
    into, places = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    kept = f'INSERT INTO "{Scan._meta.db_table}" ({into}) VALUES ({places})'  # noqa: S608, the names are ours
    return f'{kept} ON CONFLICT ("once_key") DO NOTHING RETURNING "id"'


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

    # Each index is paid for at every scan: a column has one of its own where none below begins with it and people wait for
    # the answer.
    gate = models.ForeignKey(Gate, models.PROTECT, related_name="scans", db_index=False, verbose_name=_("gate"))
    badge = models.ForeignKey(
        Badge, models.CASCADE, null=True, related_name="scans", db_index=False, verbose_name=_("badge")
    )
    day = models.DateField(_("day"))  # of the edition
    way = models.CharField(_("direction"), max_length=3, choices=Way.choices, default=Way.IN)
    # Into which part or out of it, as the gate was then.
    zone = models.ForeignKey(AccessZone, models.PROTECT, null=True, related_name="+", verbose_name=_("zone"), db_index=False)
    # Which took place behind the door of a room; see ``attending``.
    session = models.ForeignKey(
        Session, models.SET_NULL, null=True, related_name="scans", verbose_name=_("session"), db_index=False
    )
    # What may be written once, see ``rules.once_key``: of two gates at the same moment one lets the badge in.
    once_key = models.CharField(max_length=80, null=True, editable=False)
    # The refusal in spite of which a supervisor lets the person in, and why.
    overrides = models.OneToOneField(
        "self", models.CASCADE, null=True, editable=False, related_name="override", verbose_name=_("instead of")
    )
    reason = models.CharField(_("let in because"), max_length=200, blank=True)
    refusal = models.CharField(_("refusal"), max_length=10, choices=Refusal.choices, blank=True)
    # By our clock: what a device did by its own is set right by the difference.
    scanned_at = models.DateTimeField(_("scanned"), default=timezone.now)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("scanned by")
    )
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

    objects = ScanQuerySet.as_manager()

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
            models.UniqueConstraint(fields=["once_key"], name="one_admission_per_turn"),
        ]
        permissions = [("override_scan", "Can let somebody in whom a gate has refused")]
        indexes = [
            models.Index(fields=["gate", "-scanned_at"], name="scan_latest_first"),
            models.Index(fields=["badge", "day"], name="scan_by_badge_and_day"),
            models.Index(fields=["session", "badge"], condition=Q(session__isnull=False), name="scan_by_session"),
            models.Index(fields=["day", "recorded_at"], name="scan_by_day_as_recorded"),
            models.Index(fields=["flag"], condition=Q(flag__gt=""), name="flagged_scan"),
        ]

    def __str__(self):
        return f"{self.gate_id} {self.scanned_at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_accepted(self) -> bool:
        return not self.refusal
