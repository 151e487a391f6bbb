"""Booths that cost something: whoever takes one orders it in the same act, and pays or gives it back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from exhibitors import allocation
from exhibitors.models import Agency, Booking, Booth
from exhibitors.prices import quoting
from forum.payments import emails, ordering
from forum.payments.models import Order, OrderLine


@transaction.atomic
def book(*, booth: Booth, agency: Agency, user, note: str = "", seen: int = 0, **bill_to) -> Booking:
    """As ``allocation.book``; where the booth costs something it is held for the hours of the terms, on an order.

    ``seen`` is the price that the agency was shown, in minor units: one that has risen since is refused with ``price``.
    """
    quote = quoting.quote(booth, agency)
    _refuse_risen(quote, seen)
    until = None if quote.is_free else ordering.pay_until(booth.edition)
    booking = allocation.book(booth=booth, agency=agency, user=user, note=note, pay_until=until)
    _order(booking, quote, user, bill_to)
    return booking


@transaction.atomic
def accept(*, booking: Booking, user, seen: int = 0, **bill_to) -> Booking:
    """The agency takes the booth that it is offered, and orders it where it costs something. Once more changes nothing;
    refuses with ``price`` as ``book`` does, and as ``allocation.take``."""
    quote = quoting.quote(booking.booth, booking.agency)
    _refuse_risen(quote, seen)
    until = None if quote.is_free else ordering.pay_until(booking.booth.edition)
    taken = allocation.take(booking=booking, user=user, pay_until=until)
    if order_of(taken) is None:
        _order(taken, quote, user, bill_to)
    return taken


@transaction.atomic
def give_back(*, booking: Booking, user, reason: str = "") -> Booking:
    """The agency does not want the booth any more, so nothing is to be paid for it; what was paid waits for a decision.

    Refuses as ``allocation.release`` does.
    """
    orders = Order.objects.open().filter(lines__booking=booking, lines__is_live=True)
    for order in orders.order_by("pk"):
        ordering.locked(order)
    released = allocation.release(booking=booking, user=user, reason=reason)
    for order in orders.order_by("pk"):
        ordering.close_deserted(order=order)
    return released


def order_of(booking: Booking) -> Order | None:
    """The order on which the booth stands now."""
    line = OrderLine.objects.filter(booking=booking, is_live=True).select_related("order__edition").first()
    return line and line.order


def item_for(booking: Booking, amount: int) -> ordering.Item:
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


def _order(booking, quote, user, bill_to):
    if quote.is_free or not (booking.is_held and booking.awaits_payment):
        return
    order = ordering.place(
        edition=booking.booth.edition,
        currency=quote.currency,
        items=[item_for(booking, quote.amount)],
        user=user,
        email=user.email,
        language=user.language,
        bill_to_agency=booking.agency.name_en,
        **{"bill_to_name": booking.agency.name_en} | bill_to,
    )
    emails.tell_placed(order)
