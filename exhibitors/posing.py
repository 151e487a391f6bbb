"""What the solver is asked: the rows of one edition as plain data, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from cms.models import Edition
from exhibitors import placing
from exhibitors.models import Application, Booking, Booth, Neighbour, Wish
from exhibitors.models.floor import is_live

SQUARE_METRE = 10_000  # square centimetres
# Each hall is measured from its own corner; what stands in two of them is never close.
BETWEEN_HALLS = 1_000_000  # centimetres


def waiting(edition: Edition):
    """The accepted applications that a proposal places: those whose agency has no booth yet and no offer of one."""
    theirs = Booking.objects.filter(is_live(), booth__edition=OuterRef("edition"), agency=OuterRef("agency"))
    has_one = theirs.filter(Q(state=Booking.State.CONFIRMED) | Q(application__isnull=False))
    return edition.applications.filter(~Exists(has_one), state=Application.State.ACCEPTED)


def obstacles(edition: Edition) -> list[str]:
    """What keeps a proposal from being made: pins to booths that cannot be given."""
    pinned = waiting(edition).filter(pin__isnull=False).select_related("agency", "pin")
    free = set(_free(edition).values_list("pk", flat=True))
    return [
        _("%(agency)s is pinned to booth %(booth)s, which is taken or not published.")
        % {"agency": row.agency.name, "booth": row.pin.code}
        for row in pinned
        if row.pin_id not in free
    ]


def pose(edition: Edition, weights: placing.Weights) -> placing.Problem:
    """All who wait, and the free booths of zones that are given by application, with those to which somebody is pinned.

    A pin is the organisers' word: it passes by what the zone is meant for, and nobody else is placed there.
    """
    rows = list(_whole(waiting(edition)))
    pins = {row.code: row.pin.code for row in rows if row.pin_id}
    given = _free(edition).filter(Q(zone__by_application=True) | Q(code__in=pins.values()))
    given = list(given.select_related("zone"))
    booths = [_booth(row) for row in given]
    pins = {key: booth for key, booth in pins.items() if booth in {each.key for each in booths}}
    kept_for = {booth: key for key, booth in pins.items()}
    return placing.Problem(
        applications=tuple(_pinned(_application(row), pins) for row in rows),
        booths=tuple(replace(each, zone_class=kept_for.get(each.key, each.zone_class)) for each in booths),
        zone_power=_budgets(given, Booking.objects.live()),
        pins=pins,
        weights=weights,
        **_pairs(rows),
    )


def standing(edition: Edition) -> tuple[placing.Problem, dict[str, str]]:
    """Everybody who may have a booth, every published booth outside of pavilions, and who has which now: to try one
    more beside them."""
    states = [Application.State.ACCEPTED, Application.State.WAITLISTED]
    rows = list(_whole(edition.applications.filter(state__in=states)))
    booths = list(Booth.objects.published(edition).filter(pavilion=None))
    taken = Booking.objects.live().filter(application__in=rows, booth__edition=edition, booth__is_published=True)
    others = Booking.objects.live().exclude(application__in=rows)
    problem = placing.Problem(
        applications=tuple(_application(row) for row in rows),
        booths=tuple(_booth(row) for row in booths),
        zone_power=_budgets(booths, others),
        **_pairs(rows),
    )
    return problem, dict(taken.values_list("application__code", "booth__code"))


def _free(edition):
    return edition.booths.to_give().free()


def _whole(applications):
    wishes = Prefetch("wishes", Wish.objects.select_related("booth__zone", "zone"))
    return applications.select_related("agency", "pin").prefetch_related(wishes, "neighbours")


def _application(row: Application) -> placing.Application:
    return placing.Application(
        key=row.code,
        wishes=tuple(_wish(wish) for wish in row.wishes.all()),
        least_area=row.least_area * SQUARE_METRE,
        most_area=row.most_area and row.most_area * SQUARE_METRE,
        open_sides=row.open_sides,
        power=row.power,
        accessible=row.needs_access,
        raw=row.fitting == Booth.Fitting.RAW if row.fitting else None,
        zone_classes=_classes(row),
        country=row.agency.country,
        is_on_tour=row.is_on_tour,
        weight=row.weight,
    )


def _wish(row: Wish) -> placing.Wish:
    return placing.Wish(booth=row.booth.code) if row.booth_id else placing.Wish(zone=row.zone.code)


def _booth(row: Booth) -> placing.Booth:
    return placing.Booth(
        key=row.code,
        zone=row.zone.code,
        x=row.x + row.zone.hall_id * BETWEEN_HALLS,
        y=row.y,
        width=row.width,
        depth=row.depth,
        quarter=row.block or f"row {row.y}",
        open_sides=len(row.open_sides),
        power=row.power,
        accessible=row.is_accessible,
        raw=row.fitting == Booth.Fitting.RAW,
        zone_class=_class(row.zone.kind, row.zone.zone_class),
        is_on_route=row.is_on_route,
    )


def _classes(row: Application) -> tuple[str, ...]:
    """The zones for agencies of its kind; those of a class are for who wishes for them or for a booth in one."""
    wished = {(wish.booth.zone if wish.booth_id else wish.zone).zone_class for wish in row.wishes.all()}
    return tuple(sorted(_class(kind, name) for kind in ("", row.agency.kind) for name in {"", *wished} if kind or name))


def _class(kind: str, name: str) -> str:
    """Whom a zone is meant for: blank where it is for all."""
    return f"{kind}/{name}" if kind or name else ""


def _budgets(booths: Iterable[Booth], bookings) -> dict[str, int]:
    """What is left of the power of each zone that has a limit, after those who stay: what they asked for, or else what
    their booth has; and what was ordered for any booth. What a pavilion has not given to anybody yet is kept for it."""
    zones = {row.zone_id: row.zone for row in booths if row.zone.power_budget is not None}
    left = {zone.code: zone.power_budget for zone in zones.values()}
    for booking in bookings.filter(booth__zone__in=zones).select_related("application", "booth"):
        promised = booking.application.power if booking.application_id else booking.booth.power
        left[zones[booking.booth.zone_id].code] -= promised
    for booth in Booth.objects.free().filter(zone__in=zones, pavilion__isnull=False):
        left[zones[booth.zone_id].code] -= booth.power
    for booth in Booth.objects.filter(zone__in=zones).with_extras():
        left[zones[booth.zone_id].code] -= booth.power_ordered
    return {code: max(watts, 0) for code, watts in left.items()}


def _pinned(application: placing.Application, pins: dict[str, str]) -> placing.Application:
    """Whoever is pinned and the booth are a class of their own."""
    return replace(application, zone_classes=(application.key,)) if application.key in pins else application


def _pairs(rows: Iterable[Application]) -> dict[str, frozenset[placing.Pair]]:
    """Whom they want near or far, as far as those apply too. To want somebody far goes before to want them near."""
    by_agency = {row.agency_id: row.code for row in rows}
    found = {kind: set() for kind in Neighbour.Kind}
    for row in rows:
        for neighbour in row.neighbours.all():
            other = by_agency.get(neighbour.agency_id)
            if other and other != row.code:
                found[neighbour.kind].add(placing.Pair(*sorted((row.code, other))))
    apart, rivals, near = (found[kind] for kind in (Neighbour.Kind.APART, Neighbour.Kind.RIVALS, Neighbour.Kind.NEAR))
    return {
        "apart": frozenset(apart),
        "rivals": frozenset(rivals - apart),
        "near": frozenset(near - apart - rivals),
    }
