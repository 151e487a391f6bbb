"""Money that came in: written down once, and the order's state follows the sum."""

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from forum.payments import ordering, papers, places
from forum.payments.models import Method, Order, Paper, Payment

State = Order.State
BY_HAND = "hand"
SAME_MONEY = datetime.timedelta(days=5)  # between two who tell of it: a bank books on the next working day
BEFORE_ITS_ORDER = datetime.timedelta(days=366)  # an agency may pay first; what is older is a slip in the year


def settle(
    *,
    order: Order,
    method: str,
    amount: int,
    currency: str,
    provider: str,
    external_id: str,
    reference: str = "",
    received_at=None,
    expected: int | None = None,
    user=None,
) -> Payment:
    """Writes down money that came in for ``order``; told again, in any order or by many at once, nothing changes.

    ``provider`` and ``external_id`` say who told of it and by which name they know it. Nothing is refused: money after the
    order's time takes places that are free, and what fits nowhere makes the order wait for a decision. So does money that is
    not what was ``expected`` where nobody but us names the amount.
    """
    facts = {"amount": amount, "currency": currency, "method": method, "reference": reference[:200]}
    known = Payment.objects.filter(provider=provider, external_id=external_id)
    try:
        with transaction.atomic():
            row = ordering.locked(order)
            if payment := known.first():
                return payment
            payment = Payment.objects.create(
                order=row, provider=provider, external_id=external_id, recorded_by=user,
                received_at=received_at or timezone.now(), **facts,
            )  # fmt: skip
            log(instance=row, action="payments.settle", user=user, data={"payment": payment.code})
            follow(row, user)
            if expected not in (None, amount) and row.is_open:
                ordering.move(row, State.DECISION, user)
            return payment
    except IntegrityError:
        # Told of another order at this moment; anything else is a fault of ours.
        if payment := known.first():
            return payment
        raise


def told_before(*, order: Order, amount: int, currency: str, at, without: str) -> Payment | None:
    """A payment of a locked order that is likely the same money, told by another source: the bank's statement, Bakong or
    somebody of finance. ``without`` names the rows of whoever tells of it now; one with such a row is another payment."""
    at = at or timezone.now()
    rows = order.payments.filter(
        amount=amount, currency=currency, method__in=[Method.TRANSFER, Method.KHQR], **{without: None},
        received_at__range=(at - SAME_MONEY, at + SAME_MONEY),
    )  # fmt: skip
    return rows.order_by("received_at", "pk").first()


@transaction.atomic
def record(
    *,
    order: Order,
    method: str,
    amount: int,
    currency: str,
    reference: str,
    received_on: datetime.date | None = None,
    is_surplus: bool = False,
    user=None,
) -> Payment:
    """What somebody of finance knows came in, on a day by the forum's clock. Refuses with ``reference`` one that is written
    down already, with ``day`` one that cannot be, with ``surplus`` more than is due unless they say that they know."""
    row = ordering.locked(order)
    received_at = _noon(received_on, row) if received_on else None
    if Payment.objects.filter(provider=BY_HAND, external_id=reference).exists():
        raise beside("reference", _("This reference is written down already."), "reference")
    if currency == row.currency and amount > row.due and not is_surplus:
        said = _("That is more than the %(due)s that is due. If so much came in, say so below.") % {"due": row.due_written}
        raise beside("amount", said, "surplus")
    return settle(
        order=row,
        method=method,
        amount=amount,
        currency=currency,
        provider=BY_HAND,
        external_id=reference,
        reference=reference,
        received_at=received_at,
        user=user,
    )


def _noon(day, order) -> datetime.datetime:
    """Of a day on which money for the order can have come, which may be some time before somebody placed it."""
    zone = order.edition.zone
    if day > timezone.localdate(timezone=zone):
        raise beside("received_on", _("That day has not come yet."), "day")
    if day < timezone.localdate(order.placed_at, zone) - BEFORE_ITS_ORDER:
        raise beside("received_on", _("That is more than a year before the order was placed."), "day")
    return min(timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)), zone), timezone.now())


def follow(order: Order, user=None) -> None:
    """Moves a locked order to the state of its sum."""
    received = order.received
    is_foreign = order.has_foreign_money
    if received >= order.amount:
        _be_paid(order, user)
    elif not order.has_money and order.refunds.exists() and order.state in (State.PAID, State.DECISION):
        places.give_up(order, user)
        ordering.move(order, State.CANCELLED, user)
    elif (is_foreign or received) and (is_foreign or not order.is_open) and order.state not in (State.PAID, State.DECISION):
        # Some money and not enough: an open order waits for the rest, an ended one for somebody to decide.
        ordering.move(order, State.DECISION, user)


def _be_paid(order, user):
    if order.is_paid:
        return
    if order.state != State.CANCELLED and places.make_firm(order, user):
        ordering.move(order, State.PAID, user)
        papers.issue(order=order, kind=Paper.Kind.RECEIPT)
    elif order.state != State.DECISION:
        ordering.move(order, State.DECISION, user)


@transaction.atomic
def decide(*, order: Order, reason: str, user) -> Order:
    """Lets an order that waits for a decision be as good as paid, what is short being forgone. Refuses with ``state``,
    ``reason``, and ``gone`` where a place cannot be had: then the money goes back."""
    row = ordering.locked(order)
    if row.state != State.DECISION:
        raise ValidationError(_("This order does not wait for a decision."), code="state")
    if not reason.strip():
        raise ValidationError(_("Say why."), code="reason")
    row.lines.filter(registration__state="withdrawn").update(has_lapsed=True)  # the decision brings them back
    if not places.make_firm(row, user):
        raise ValidationError(_("A place of this order cannot be had any more."), code="gone")
    row.decision = reason.strip()
    row.save(update_fields=["decision"])
    log(instance=row, action="payments.decide", user=user, data={"reason": row.decision})
    ordering.move(row, State.PAID, user)
    papers.issue(order=row, kind=Paper.Kind.RECEIPT)
    return row
