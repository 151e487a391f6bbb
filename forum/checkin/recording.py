"""What devices tell of their scans: asked one by one while there is a network, told afterwards where there was none.

A device that decided alone has let somebody in or sent them away; that is kept as it happened. Where we would have said
something else, or two of them let the same badge in, the scan is flagged for the supervisor to look at.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from forum.checkin import admission, attending
from forum.checkin.admission import Verdict
from forum.checkin.models import Device, Scan, Shift, Way

# A clock that is wrong by more than this is not believed.
OLDEST = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Told:
    """One scan as the device tells it: when by our clock, and how it decided alone. ``left`` is how often it had seen the
    badge go out that day."""

    client_id: uuid.UUID
    typed: str
    way: str
    scanned_at: datetime.datetime
    refusal: str
    shift: str = ""
    left: int = 0


def ask(*, device: Device, client_id: uuid.UUID, typed: str, way: str, shift: str = "") -> Verdict:
    """Our own verdict, now; the same scan once more gets the same."""
    if known := _known(client_id):
        return _verdict_of(known)
    user = Shift.objects.filter(code=shift, device=device).select_related("user").first()
    try:
        return admission.scan(
            gate=device.gate, typed=typed, way=way, user=user and user.user, device=device, client_id=client_id
        )
    except IntegrityError:  # it asked twice at once
        return _verdict_of(_known(client_id))


def record(*, device: Device, told: list[Told]) -> list[Scan]:
    """Keeps what the device tells, each scan once, however often and in whatever order it is told. The rows, in the order
    of time."""
    shifts = Shift.objects.filter(device=device, code__in={one.shift for one in told}).values_list("code", "user_id")
    users = dict(shifts)
    return [_record(device, one, users.get(one.shift)) for one in sorted(told, key=lambda one: one.scanned_at)]


def bounded(moment: datetime.datetime) -> datetime.datetime:
    """A moment that a device names, within what can be."""
    now = timezone.now()
    return max(now - OLDEST, min(moment, now))


def _record(device: Device, told: Told, user: int | None) -> Scan:
    if known := _known(told.client_id):
        return _correct(known, told)
    gate, way = device.gate, admission.way_at(device.gate, told.way)
    badge, ours = admission.judge(gate=gate, typed=told.typed, way=way, moment=told.scanned_at)
    facts = {
        "gate": gate,
        "zone_id": gate.zone_id,
        "day": gate.edition.day_of(told.scanned_at),
        "way": way,
        "badge": badge,
        "refusal": told.refusal,
        "flag": _flag(told.refusal, ours),
        "scanned_at": told.scanned_at,
        "scanned_by_id": user,
        "device": device,
        "is_offline": True,
    }
    admits = badge and not told.refusal
    facts["session_id"] = attending.session_at(gate, badge, way, told.scanned_at) if admits else None
    key = admission.key_of(gate, badge, way, told.scanned_at, told.left) if admits else None
    scan, is_new = _keep(told.client_id, facts, key)
    return scan if is_new else _correct(scan, told)


def _flag(theirs: str, ours: str) -> str:
    """Two reasons to send somebody away are as good as one. Whom a device has let in before it knows best: what it tells of
    that may reach us later."""
    if not theirs:
        return ours
    return "" if ours or theirs == Scan.Refusal.AGAIN else Scan.WOULD_ADMIT


def _keep(client_id: uuid.UUID, facts: dict, key: str | None) -> tuple[Scan, bool]:
    try:
        return Scan.objects.get_or_create(client_id=client_id, defaults=facts | {"once_key": key})
    except IntegrityError:  # another gate let the same badge in
        facts["flag"] = facts["flag"] or Scan.Refusal.AGAIN
        return Scan.objects.get_or_create(client_id=client_id, defaults=facts)


@transaction.atomic
def _correct(scan: Scan, told: Told) -> Scan:
    """We were asked and had answered, but too late: the device decided alone, and so it was."""
    row = Scan.objects.select_for_update(of=["self"]).select_related("gate__edition", "badge").get(pk=scan.pk)
    if row.is_offline or row.refusal == told.refusal:
        return row
    row.flag = _flag(told.refusal, row.refusal)
    row.refusal, row.is_offline, row.once_key = told.refusal, True, None
    admits = row.badge and row.is_accepted
    row.session_id = attending.session_at(row.gate, row.badge, row.way, row.scanned_at) if admits else None
    key = admission.key_of(row.gate, row.badge, row.way, row.scanned_at, told.left) if admits else None
    if key and not Scan.objects.filter(once_key=key).exists():
        row.once_key = key
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # another gate was faster by a hair
        row.once_key = None
        row.save()
    return row


def _known(client_id: uuid.UUID) -> Scan | None:
    return Scan.objects.filter(client_id=client_id).select_related("gate", "badge", "zone").first()


def _verdict_of(scan: Scan) -> Verdict:
    """As it was said the first time, with where the badge had been admitted before."""
    verdict = admission.verdict_of(scan)
    if scan.refusal != Scan.Refusal.AGAIN:
        return verdict
    earlier = Scan.objects.filter(badge=scan.badge_id, day=scan.day, zone=scan.zone_id, refusal="").exclude(once_key=None)
    return Verdict(scan, verdict.badge, earlier.select_related("gate").order_by("scanned_at").first())


def flagged(edition):
    """What the supervisor is to look at, the latest first."""
    rows = Scan.objects.filter(~Q(flag=""), gate__edition=edition)
    return rows.select_related("gate", "badge__registration", "device", "scanned_by").order_by("-scanned_at", "-pk")


def beside(scans: list[Scan]) -> dict[tuple, list[Scan]]:
    """The other times at which these badges were let in there on the same day, by badge, day and zone."""
    found = {}
    badges, days = {scan.badge_id for scan in scans}, {scan.day for scan in scans}
    rows = Scan.objects.filter(badge__in=badges, day__in=days, way=Way.IN, refusal="").select_related("gate", "device")
    for row in rows.exclude(pk__in=[scan.pk for scan in scans]).order_by("scanned_at", "pk"):
        found.setdefault((row.badge_id, row.day, row.zone_id), []).append(row)
    return found
