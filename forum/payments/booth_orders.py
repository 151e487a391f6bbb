"""Booths, extras and packages that cost something: whoever takes them orders them in the same act, and pays for them."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext as _

from cms import dates
from exhibitors import allocation
from exhibitors.models import Agency, Booking, Booth, Extra, OrderedExtra, Package
from exhibitors.prices import extras, quoting, sponsoring
from forum.payments import emails, ordering
from forum.payments.models import Order, OrderLine


@transaction.atomic
def book(
    *, booth: Booth, agency: Agency, user, note: str = "", seen: int = 0, wanted: dict[Extra, int] | None = None, **bill_to
) -> Booking:
    """As ``allocation.book``; where the booth costs something it is held for the hours of the terms, on an order.

    ``seen`` is the price that the agency was shown, in minor units: one that has risen since is refused with ``price``.
    ``wanted`` are extras, on the same order, or on one of their own where the booth is free of charge.
    """
    quote = quoting.quote(booth, agency)
    _refuse_risen(quote, seen)
    until = None if quote.is_free else ordering.pay_until(booth.edition)
    booking = allocation.book(booth=booth, agency=agency, user=user, note=note, pay_until=until)
    _order(booking, quote, wanted or {}, user, bill_to)
    return booking


@transaction.atomic
def accept(*, booking: Booking, user, seen: int = 0, wanted: dict[Extra, int] | None = None, **bill_to) -> Booking:
    """The agency takes the booth that it is offered, and orders it where it costs something, with extras as ``book`` does.
    Once more changes nothing; refuses with ``price`` as ``book`` does, and as ``allocation.take``."""
    booking = allocation.locked(booking)  # it may have been moved to another booth meanwhile
    if not booking.is_offer:
        return allocation.take(booking=booking, user=user)
    quote = quoting.quote(booking.booth, booking.agency)
    _refuse_risen(quote, seen)
    until = None if quote.is_free else ordering.pay_until(booking.booth.edition)
    taken = allocation.take(booking=booking, user=user, pay_until=until)
    _order(taken, quote, wanted or {}, user, bill_to)
    return taken


@transaction.atomic
def order_extras(*, booking: Booking, wanted: dict[Extra, int], user, **bill_to) -> Order:
    """More for a booth that the agency has, on an order of its own. Refuses with ``nothing``, and as ``extras.order``."""
    rows = extras.order(booking=booking, wanted=wanted, user=user)
    items = [_item_for_extra(row) for row in rows]
    return _place(booking.booth.edition, booking.agency, items, user, bill_to)


@transaction.atomic
def sponsor(*, package: Package, agency: Agency, user, **bill_to) -> Order:
    """A sponsor's package as one line. Refuses as ``sponsoring.order``."""
    row = sponsoring.order(package=package, agency=agency, user=user)
    texts = {"text_en": package.name_en, "text_km": package.name_km}
    item = ordering.Item(amount=package.amount, sponsorship=row, **texts)
    return _place(package.price_list.edition, agency, [item], user, bill_to)


@transaction.atomic
def order_by_hand(*, booking: Booking, amount: int, currency: str, user, **bill_to) -> Order:
    """What finance asks for a booth, whatever the price list says. Refuses as ``ordering.place``."""
    booking = allocation.locked(booking)
    return _place(booking.booth.edition, booking.agency, [_item_for(booking, amount)], user, bill_to, currency)


@receiver(allocation.released)
def close(*, booking: Booking, **_signal) -> None:
    """Nothing is to be paid any more for a booth that went back; what was paid waits for a decision. Only when that is
    certain, because an order is locked before its bookings; should it fail, the clock does it."""
    transaction.on_commit(partial(_close, booking), robust=True)


def _close(booking):
    lines = OrderLine.objects.filter(Q(booking=booking) | Q(ordered_extra__booking=booking), is_live=True)
    for order in Order.objects.open().filter(pk__in=lines.values("order")).order_by("pk"):
        ordering.close_deserted(order=order)


def order_of(booking: Booking) -> Order | None:
    """The order on which the booth stands now."""
    line = OrderLine.objects.filter(booking=booking, is_live=True).select_related("order__edition").first()
    return line and line.order


def _item_for(booking: Booking, amount: int) -> ordering.Item:
    """The booth at that price."""
    booth = booking.booth
    return ordering.Item(
        text_en=f"Booth {booth.code}",
        text_km=f"ស្តង់ {booth.code}",
        amount=amount,
        booking=booking,
    )


def _refuse_risen(quote, seen):
    if quote.amount > seen:
        values = {"booth": quote.booth.code, "amount": quote.amount_written}
        raise ValidationError(
            _("Booth %(booth)s costs %(amount)s now. Read it again, and go on if you agree.") % values, code="price"
        )


def _item_for_extra(row: OrderedExtra) -> ordering.Item:
    """So many at the price of one."""
    extra = row.extra
    names = {"en": (extra.name_en, extra.unit_en), "km": (extra.name_km or extra.name_en, extra.unit_km or extra.unit_en)}
    texts = {
        f"text_{language}": f"{name} ({unit}) × {dates.digits(str(row.quantity), language)}"
        for language, (name, unit) in names.items()
    }
    return ordering.Item(amount=row.amount, ordered_extra=row, **texts)


def _order(booking, quote, wanted, user, bill_to):
    """The booth, where it costs something, and the extras."""
    items = []
    if not quote.is_free and booking.is_held and booking.awaits_payment:
        items.append(_item_for(booking, quote.amount))
    items += [_item_for_extra(row) for row in extras.order(booking=booking, wanted=wanted, user=user)]
    if items:
        _place(booking.booth.edition, booking.agency, items, user, bill_to)


def _place(edition, agency, items, user, bill_to, currency="") -> Order:
    """In the currency of the price list, unless another is named."""
    payer = {
        "bill_to_name": agency.name_en,
        "bill_to_agency": agency.name_en,
        "email": user.email,
        "language": user.language,
    }
    currency = currency or quoting.Prices(edition).currency
    order = ordering.place(edition=edition, currency=currency, items=items, user=user, **payer | bill_to)
    emails.tell_placed(order)
    return order
