"""The places that an order is for: made firm when it is paid, given back when it ends. Called under the order's lock."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from exhibitors import allocation
from exhibitors.models import OrderedExtra, Sponsorship
from exhibitors.prices import extras, sponsoring
from forum.payments.models import Order, OrderLine
from forum.registration import granting, holding
from forum.registration.models import Quota, Registration


def make_firm(order: Order, user=None) -> bool:
    """All of them or none; False where one cannot be had: it went to others, or everybody withdrew."""
    lines = [line for line in _lines(order) if not _has_left(line)]
    if not lines:
        return False
    try:
        with transaction.atomic():
            allocation.lock_booths(line.booking for line in lines if line.booking_id)
            for line in lines:
                if line.registration_id:
                    holding.make_firm(registration=line.registration, may_return=line.has_lapsed, user=user)
                if line.booking_id:
                    # Its own clock may have ended the hold a moment before the order's does.
                    allocation.make_firm(booking=line.booking, may_return=True)
            extras.take_again(ordered=_extras(lines))  # after the booths, for which they are
            sponsoring.make_firm(sponsorships=_sponsorships(lines))
            granting.grant(sponsorships=_sponsorships(lines))
            order.lines.filter(pk__in=[line.pk for line in lines]).update(is_live=True, has_lapsed=False)
    except (ValidationError, IntegrityError):  # the same person came in by another door: their place is that one
        return False
    return True


def give_up(order: Order, user=None, *, is_lapse: bool = False) -> None:
    """Gives back what is still held or firm; after a lapse it is known which."""
    lines = _lines(order)
    for line in lines:
        if line.registration_id and line.registration.is_live:
            holding.give_up(registration=line.registration, user=user)
            line.has_lapsed = is_lapse
        if line.booking_id:  # its hold may have lapsed by its own clock, which is the same
            line.has_lapsed = allocation.give_up(booking=line.booking, is_lapse=is_lapse).state == "lapsed"
        if line.ordered_extra_id or line.sponsorship_id:
            line.has_lapsed = is_lapse
        line.is_live = False
    extras.give_back(ordered=_extras(lines))
    sponsoring.give_back(sponsorships=_sponsorships(lines))
    granting.withdraw(sponsorships=_sponsorships(lines))
    OrderLine.objects.bulk_update(lines, ["is_live", "has_lapsed"])


def _has_left(line: OrderLine) -> bool:
    """Whether its person withdrew; who merely lost the place when the time was over may have it back."""
    return bool(line.registration_id) and not line.registration.is_live and not line.has_lapsed


def _extras(lines) -> list[OrderedExtra]:
    return [line.ordered_extra for line in lines if line.ordered_extra_id]


def _sponsorships(lines) -> list[Sponsorship]:
    return [line.sponsorship for line in lines if line.sponsorship_id]


def _lines(order: Order) -> list[OrderLine]:
    """With people and quotas locked in one order for everybody, so that two orders never wait for each other."""
    people = Registration.objects.filter(order_lines__order=order).order_by("pk")
    list(Registration.objects.filter(pk__in=people.values("pk")).order_by("pk").select_for_update().values_list("pk"))
    quotas = Quota.objects.filter(pass_types__registrations__in=people.values("pk"))
    list(Quota.objects.filter(pk__in=quotas.values("pk")).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return list(order.lines.select_related("registration", "booking__booth", "ordered_extra__booking", "sponsorship"))
