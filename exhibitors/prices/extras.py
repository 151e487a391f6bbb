"""Extras are taken from the stock and given back; the only place where they are counted.

One conditional UPDATE both checks and takes, so that nobody passes the stock by; whatever takes several locks the zones
of the booths first and then the extras by their keys, so that two never wait for each other.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import dates
from cms.refusals import beside
from exhibitors import allocation
from exhibitors.models import Booking, Extra, OrderedExtra, Zone


def field_of(extra: Extra) -> str:
    """Where forms ask how many: a refusal stands beside it."""
    return f"extra_{extra.code}"


@transaction.atomic
def order(*, booking: Booking, wanted: dict[Extra, int], user) -> list[OrderedExtra]:
    """So many of each for the agency's booth; nought of one is not ordered.

    Refuses with ``forbidden``, ``over`` where the booth is not the agency's any more, ``offer`` where it is not yet,
    ``other`` what is not meant for this booth, ``late`` after its last day, ``stock`` more than there are and ``power``
    more than the zone has.
    """
    allocation.refuse_stranger(booking.agency, user)
    booking = allocation.locked(booking)
    if booking.is_offer:
        raise ValidationError(_("Accept booth %(booth)s first.") % {"booth": booking.booth}, code="offer")
    meant = {extra.pk: extra for extra in Extra.objects.for_booth(booking.booth)}
    rows = []
    for extra, quantity in wanted.items():
        if not quantity:
            continue
        if extra.pk not in meant:
            raise _refusal(extra, _("%(extra)s is not offered for this booth."), "other")
        if meant[extra.pk].is_late:
            raise _refusal(extra, _("%(extra)s can no longer be ordered."), "late")
        rows.append(OrderedExtra(booking=booking, extra=meant[extra.pk], quantity=quantity, ordered_by=user))
    _take(rows)
    OrderedExtra.objects.bulk_create(rows)
    if rows:
        log(instance=booking, action="exhibitors.order_extras", user=user, data={"extras": [str(row) for row in rows]})
    return rows


@transaction.atomic
def take_again(*, ordered: Iterable[OrderedExtra]) -> None:
    """Those that were given back, all or none; what is taken stays so. Refuses with ``over``, ``stock`` and ``power``."""
    rows = _locked(ordered)
    for row in rows:
        _refuse_ended(row.booking)
    missing = [row for row in rows if not row.is_taken]
    _take(missing)
    OrderedExtra.objects.filter(pk__in=[row.pk for row in missing]).update(is_taken=True)


@transaction.atomic
def give_back(*, ordered: Iterable[OrderedExtra]) -> None:
    """Once more changes nothing."""
    for row in _locked(ordered):
        if row.is_taken:
            Extra.objects.filter(pk=row.extra_id).update(taken=F("taken") - row.quantity)
            OrderedExtra.objects.filter(pk=row.pk).update(is_taken=False)


def _locked(ordered):
    rows = OrderedExtra.objects.filter(pk__in=[row.pk for row in ordered]).order_by("extra_id", "pk")
    return list(rows.select_for_update(of=["self"]).select_related("booking__booth", "extra__price_list"))


def _take(rows: list[OrderedExtra]) -> None:
    for row in rows:
        _refuse_ended(row.booking)
    _refuse_power(rows)
    for row in sorted(rows, key=lambda row: row.extra_id):
        there = Q(stock=None) | Q(taken__lte=F("stock") - row.quantity)
        if not Extra.objects.filter(there, pk=row.extra_id).update(taken=F("taken") + row.quantity):
            left = Extra.objects.get(pk=row.extra_id).left
            words = _("Of %(extra)s only %(left)s are left.") if left else _("Of %(extra)s none is left.")
            raise _refusal(row.extra, words, "stock", left=dates.digits(str(left)))


def _refuse_ended(booking):
    if not booking.is_live:
        raise ValidationError(_("The booking of booth %(booth)s has ended.") % {"booth": booking.booth}, code="over")


def _refuse_power(rows):
    """What all booths of a zone have and ordered stays within its budget; the zone is locked while it is reckoned."""
    asking = [row for row in rows if row.extra.watts]
    for zone in Zone.objects.filter(
        pk__in={row.booking.booth.zone_id for row in asking}, power_budget__isnull=False
    ).order_by("pk").select_for_update(no_key=True):  # fmt: skip
        asked = sum(row.quantity * row.extra.watts for row in asking if row.booking.booth.zone_id == zone.pk)
        left = zone.power_budget - power_of(zone)
        if asked > left:
            values = {"zone": zone.name, "left": dates.digits(str(max(0, left))), "asked": dates.digits(str(asked))}
            raise ValidationError(
                _("That is %(asked)s W; zone “%(zone)s” has %(left)s W left. Ask the organisers.") % values, code="power"
            )


def power_of(zone: Zone) -> int:
    """Watts of all its booths and of what was ordered for them."""
    return sum(booth.power_in_all for booth in zone.booths.with_extras())


def _refusal(extra, words, code, **values) -> ValidationError:
    return beside(field_of(extra), words % (values | {"extra": extra.name}), code)
