"""Places of a delegation that come with something else.

Those of a sponsor's package are given and taken back by who keeps the money, under the order's lock. Those of booths follow
them by the clock: many acts confirm, move and release a booth, and none of them has to know of passes.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from cms.models import Edition
from exhibitors.models import Booking, Entitlement, Sponsorship
from exhibitors.prices import sponsoring
from forum.registration.models import Delegation, Grant, PassType, Places


@transaction.atomic
def grant(*, sponsorships: Iterable[Sponsorship]) -> None:
    """The places that are owed for packages which are paid for. Once more changes nothing; where no pass of the forum comes
    with packages, the organisers see to them."""
    for owed in sponsoring.owed_passes(sponsorships):
        row = Grant.objects.filter(entitlement=owed).first() or _begin(owed)
        if row and row.quantity < owed.quantity:
            _change(row, owed.quantity - row.quantity)
            sponsoring.note_granted(entitlement=owed, is_granted=True)


@transaction.atomic
def withdraw(*, sponsorships: Iterable[Sponsorship]) -> None:
    """They go back with the package, except those in which somebody is: people who are named stay. Once more takes what has
    fallen free meanwhile."""
    for owed in sponsoring.owed_passes(sponsorships):
        if row := Grant.objects.filter(entitlement=owed).first():
            places = Places.objects.select_for_update(of=["self"]).get(pk=row.places_id)
            _change(row, -min(row.quantity, places.left))
            sponsoring.note_granted(entitlement=owed, is_granted=False)


def follow_booths(edition: Edition) -> int:
    """Each agency has the places that its confirmed booths give by the rules of the passes, and no longer those of booths
    that went back, except where somebody is named; how often something was changed. Safe to repeat."""
    wanted, had = _wanted(edition), _had(edition)
    differing = [key for key in {**had, **wanted} if wanted.get(key, 0) != had.get(key, 0)]
    return sum(_follow(edition, *key, wanted.get(key, 0)) for key in differing)


def _wanted(edition) -> dict[tuple[int, int], int]:
    """How many places, by pass and agency."""
    passes = list(PassType.objects.with_booths(edition))
    if not passes:
        return {}
    bookings = Booking.objects.filter(state=Booking.State.CONFIRMED, booth__edition=edition).select_related("booth")
    wanted = Counter()
    for booking in bookings:
        for each in passes:
            wanted[each.pk, booking.agency_id] += each.places_for(booking.booth)
    return wanted


def _had(edition) -> dict[tuple[int, int], int]:
    rows = Grant.objects.filter(entitlement=None, places__delegation__edition=edition)
    rows = rows.values_list("places__pass_type", "places__delegation__agency", "quantity")
    return {(pass_type, agency): quantity for pass_type, agency, quantity in rows}


@transaction.atomic
def _follow(edition, pass_type: int, agency: int, number: int) -> bool:
    """Whether something was changed; two who do it come one after the other."""
    pk = _places(edition, agency, pass_type).pk
    places = Places.objects.select_for_update(of=["self"]).get(pk=pk)
    row, _is_new = Grant.objects.get_or_create(places=places, entitlement=None)
    change = max(number - row.quantity, -places.left)
    _change(row, change)
    return bool(change)


def _begin(owed: Entitlement) -> Grant | None:
    edition = owed.sponsorship.package.price_list.edition
    pass_type = PassType.objects.filter(edition=edition, comes_with_packages=True).first()
    if pass_type is None:
        return None
    return Grant.objects.create(places=_places(edition, owed.sponsorship.agency_id, pass_type.pk), entitlement=owed)


def _places(edition, agency: int, pass_type: int) -> Places:
    """Those of the agency's delegation, which begins with the first of them."""
    delegation, _is_new = Delegation.objects.get_or_create(edition=edition, agency_id=agency)
    return Places.objects.get_or_create(delegation=delegation, pass_type_id=pass_type, defaults={"size": 0})[0]


def _change(row: Grant, number: int) -> None:
    if not number:
        return
    Places.objects.filter(pk=row.places_id).update(granted=F("granted") + number)
    Grant.objects.filter(pk=row.pk).update(quantity=F("quantity") + number)
    delegation = Delegation.objects.get(places=row.places_id)
    data = {"number": abs(number), "package": row.entitlement.sponsorship.package.name_en if row.entitlement else ""}
    log(instance=delegation, action=f"registration.{'grant' if number > 0 else 'withdraw'}_places", data=data)
