"""Who was in which session, as the doors of the rooms saw it, and how long where they saw people leave too."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from agenda.models import Session, Slot
from cms.models import Edition
from forum.badges.models import Badge
from forum.checkin.models import Gate, Scan, Way
from forum.registration.models import Registration

# Who comes so long before a session, while no other is held in the room, comes for that one.
EARLY = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class Stay:
    """``minutes`` is None where the doors see nobody leave."""

    session: Session
    minutes: int | None


def session_at(gate: Gate, badge: Badge, way: str, moment: datetime.datetime) -> int | None:
    """The session for which somebody passes there: the one that is held, else the next. Who leaves leaves the session for
    which they came."""
    if gate.room_id is None:
        return None
    if way == Way.OUT:
        came = Scan.objects.filter(badge=badge, day=gate.edition.day_of(moment), gate__room=gate.room_id, way=Way.IN)
        came = came.filter(refusal="", scanned_at__lte=moment).exclude(session=None).order_by("-scanned_at", "-pk")
        return came.values_list("session", flat=True).first()
    slots = _held().filter(room=gate.room_id, starts_at__lte=moment + EARLY, ends_at__gt=moment)
    return slots.order_by("starts_at", "pk").values_list("session", flat=True).first()


def _held():
    """Nobody attends a break: who comes during one comes for what is next."""
    return Slot.objects.filter(is_cancelled=False).exclude(session__kind=Session.Kind.BREAK)


def stays(registration: Registration) -> list[Stay]:
    """In the order of the programme. A way out that nobody saw is the end of the session."""
    passed = defaultdict(list)
    at_doors = Scan.objects.admitted(registration).filter(session__isnull=False)
    for scan in at_doors.select_related("gate").order_by("scanned_at", "pk"):
        passed[scan.session_id].append(scan)
    slots = Slot.objects.filter(session__in=passed).select_related("session").order_by("starts_at", "pk")
    return [Stay(slot.session, _minutes(passed[slot.session_id], slot)) for slot in slots]


def _minutes(scans: list[Scan], slot: Slot) -> int | None:
    """Of the session itself: who waits before it begins is not in it yet."""
    if not any(scan.gate.is_both_ways or scan.way == Way.OUT for scan in scans):
        return None
    total, since = datetime.timedelta(), None
    for moment, way in [*((scan.scanned_at, scan.way) for scan in scans), (slot.ends_at, Way.OUT)]:
        moment = min(max(moment, slot.starts_at), slot.ends_at)
        if way == Way.IN:
            since = since or moment
        elif since:
            total, since = total + (moment - since), None
    return total // datetime.timedelta(minutes=1)


def counts(edition: Edition):
    """The slots of the rooms that have a door, each with how many ``people`` came, by the clock."""
    doors = Gate.objects.filter(room=OuterRef("room"))
    came = Q(session__scans__refusal="", session__scans__way=Way.IN)
    slots = _held().filter(Exists(doors), session__edition=edition).select_related("session", "room")
    people = Count("session__scans__badge__registration", filter=came, distinct=True)
    return slots.annotate(people=people).order_by("starts_at", "room__position", "pk")
