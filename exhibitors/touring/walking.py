"""A tour by the clock: in which order one walks past its booths, how far it is, and when one is where."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from cms.models import Edition
from exhibitors import plan
from exhibitors.models import Agency, Booking, Booth, Hall, Product, Structure, Tour, TourStop

PACE = 5_000  # centimetres a minute: a guest of honour with company, some three kilometres an hour
BETWEEN_HALLS = 3  # minutes from door to door


@dataclass
class Visit:
    """One stop as it is walked."""

    stop: TourStop
    number: int
    walk: int  # minutes from the one before; nought for the first
    arrives_at: datetime.datetime
    agency: Agency | None  # who stands there now

    @property
    def leaves_at(self) -> datetime.datetime:
        return self.arrives_at + datetime.timedelta(minutes=self.stop.minutes)


def visits(tour: Tour) -> list[Visit]:
    """All stops in their order. Three queries."""
    stops = list(tour.stops.order_by("position").select_related("booth__zone__hall", "product"))
    who = exhibitors_at([stop.booth for stop in stops])
    doors = _doors({stop.booth.zone.hall for stop in stops})
    found, now = [], tour.starts_at
    for number, stop in enumerate(stops, 1):
        walk = minutes_between(stops[number - 2].booth, stop.booth, doors) if number > 1 else 0
        visit = Visit(stop, number, walk, now + datetime.timedelta(minutes=walk), who.get(stop.booth_id))
        found.append(visit)
        now = visit.leaves_at
    return found


def exhibitors_at(booths: Sequence[Booth]) -> dict[int, Agency]:
    """Who is confirmed in these booths, by the booth's key. One query."""
    rows = Booking.objects.filter(booth__in=booths, state="confirmed").select_related("agency")
    return {row.booth_id: row.agency for row in rows}


def products_at(stop: TourStop) -> list[Product]:
    """What its exhibitor shows. One query."""
    agencies = Booking.objects.filter(booth=stop.booth_id, state="confirmed").values("agency")
    return list(Product.objects.filter(agency__in=agencies, edition=stop.booth.edition_id).order_by("place"))


def by_route(edition: Edition, stops: Sequence[TourStop]) -> list[TourStop]:
    """Hall by hall along the aisles, as the keyboard goes through the plan, beginning at the end nearer to an entrance."""
    ranks = _ranks(edition)
    halls = {}
    for stop in sorted(stops, key=lambda stop: ranks.get(stop.booth_id, len(ranks))):
        halls.setdefault(stop.booth.zone.hall, []).append(stop)
    doors = _doors(halls)
    order = []
    for hall in sorted(halls, key=lambda hall: (hall.name_en, hall.pk)):
        way = halls[hall]
        if _to_door(way[-1].booth, doors) < _to_door(way[0].booth, doors):
            way.reverse()
        order += way
    return order


def minutes_between(one: Booth, other: Booth, doors: dict[Hall, list[Structure]]) -> int:
    """Along the aisles, which run at right angles; whole minutes, since nobody walks a tour by seconds."""
    if one.zone.hall_id == other.zone.hall_id:
        return ceil((abs(_x(one) - _x(other)) + abs(_y(one) - _y(other))) / PACE)
    return BETWEEN_HALLS + ceil((_to_door(one, doors) + _to_door(other, doors)) / PACE)


def _ranks(edition) -> dict[int, int]:
    """The place of each booth in the walk through its hall."""
    halls = {}
    for stand in plan.stands(edition):
        halls.setdefault(stand.booth.zone.hall_id, []).append(stand)
    walk = [stand.booth.pk for members in halls.values() for stand in plan.along_aisles(members)]
    return {booth: rank for rank, booth in enumerate(walk)}


def _doors(halls) -> dict[Hall, list[Structure]]:
    found = {hall: [] for hall in halls}
    for door in Structure.objects.filter(hall__in=halls, kind=Structure.Kind.ENTRANCE).select_related("hall"):
        found[door.hall].append(door)
    return found


def _to_door(booth, doors) -> int:
    """Centimetres to the nearest entrance; none where the hall has none that is drawn."""
    ways = (abs(_x(booth) - _x(door)) + abs(_y(booth) - _y(door)) for door in doors[booth.zone.hall])
    return min(ways, default=0)


def _x(thing) -> int:
    return thing.x + thing.width // 2


def _y(thing) -> int:
    return thing.y + thing.depth // 2
