"""How the day goes at the gates and desks: figures that name nobody, in as many questions however many people there are."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce, ExtractHour, ExtractMinute
from django.utils import timezone

from cms.models import Edition
from forum.badges.models import BadgePrint
from forum.checkin.models import Gate, Scan, Way
from forum.registration.models import AccessZone

QUARTER = datetime.timedelta(minutes=15)
SHOWN = 24  # quarters of an hour: six hours


@dataclass
class Arrivals:
    """At one gate: how many in all, and in each of ``Board.quarters``."""

    gate: Gate
    total: int = 0
    counts: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """``quarters`` are the moments at which the quarters of an hour begin, the present one last."""

    moment: datetime.datetime
    quarters: list[datetime.datetime]
    arrivals: list[Arrivals]
    inside: list[tuple[AccessZone | None, int]]
    refusals: list[tuple[str, int]]
    desks: list[tuple[str, int]]

    @property
    def arrived(self) -> int:
        return sum(row.total for row in self.arrivals)

    @property
    def refused(self) -> int:
        return sum(number for _reason, number in self.refusals)


def of(edition: Edition) -> Board:
    """Of the edition's day that it is now. Doors of rooms are left out: they count sessions."""
    now = timezone.now()
    scans = Scan.objects.filter(day=edition.day_of(now), gate__edition=edition, gate__room=None)
    quarters = _quarters(edition, now)
    return Board(
        now, quarters, _arrivals(edition, scans, quarters), _inside(edition, scans), _refusals(scans), _desks(edition, now)
    )


def _quarters(edition, now) -> list[datetime.datetime]:
    local = now.astimezone(edition.zone)
    last = local.replace(minute=local.minute // 15 * 15, second=0, microsecond=0)
    first = max(last - (SHOWN - 1) * QUARTER, edition.start_of(edition.day_of(now)))
    return [first + number * QUARTER for number in range((last - first) // QUARTER + 1)]


def _arrivals(edition, scans, quarters) -> list[Arrivals]:
    hour, minute = (part("scanned_at", tzinfo=edition.zone) for part in (ExtractHour, ExtractMinute))
    came = scans.filter(way=Way.IN, refusal="").annotate(hour=hour, quarter=minute / 15).order_by()
    found = {gate.pk: Arrivals(gate, counts=[0] * len(quarters)) for gate in edition.gates.filter(room=None)}
    places = {(quarter.hour, quarter.minute // 15): place for place, quarter in enumerate(quarters)}
    for pk, *when, number in came.values_list("gate", "hour", "quarter").annotate(number=Count("pk")):
        found[pk].total += number
        if (place := places.get(tuple(when))) is not None:
            found[pk].counts[place] += number
    return list(found.values())


def _inside(edition, scans) -> list[tuple[AccessZone | None, int]]:
    """Whose last way through was in: in the forum itself, and in each zone into which a gate leads."""
    passed = scans.filter(refusal="").annotate(place=Coalesce("zone_id", 0))
    later = passed.filter(badge=OuterRef("badge"), place=OuterRef("place"), scanned_at__gt=OuterRef("scanned_at"))
    last = passed.filter(~Exists(later), way=Way.IN).order_by()
    found = dict(last.values_list("place").annotate(number=Count("badge", distinct=True)))
    zones = list(AccessZone.objects.filter(Exists(Gate.objects.filter(zone=OuterRef("pk"), room=None)), edition=edition))
    return [(zone, found.get(zone.pk if zone else 0, 0)) for zone in (None, *zones)]


def _refusals(scans) -> list[tuple[str, int]]:
    """Each reason in words, the most frequent first."""
    words = dict(Scan.Refusal.choices)
    refused = scans.exclude(refusal="").order_by().values_list("refusal").annotate(number=Count("pk"))
    return [(words[reason], number) for reason, number in refused.order_by("-number", "refusal")]


def _desks(edition, now) -> list[tuple[str, int]]:
    """Those that have printed today, with the badges of the last quarter of an hour."""
    today = BadgePrint.objects.filter(
        printed_at__gte=edition.start_of(edition.day_of(now)), badge__registration__edition=edition
    )
    lately = Count("pk", filter=Q(printed_at__gt=now - QUARTER))
    return list(today.exclude(desk="").order_by("desk").values_list("desk").annotate(number=lately))
