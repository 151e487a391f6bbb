"""Cards: opening the provider's page, and taking in what it says of one. What it tells is a hint: the page is asked anew."""

import logging
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.addresses import whole
from forum.payments import card_client, refunding, settlement
from forum.payments.models import Checkout, Method, Order, Payment, Refund

STEP = 600  # seconds

logger = logging.getLogger(__name__)


def checkout(order: Order) -> Checkout:
    """The provider's page for what is due; one that is open for the same amount serves again.

    Refuses with ``over`` where nothing is to be paid any more; raises ``card_client.Unreachable``.
    """
    if not (order.is_open and order.due):
        raise ValidationError(_("This order is not open any more."), code="over")
    known = order.checkouts.filter(is_open=True, amount=order.due, expires_at__gt=timezone.now() + timedelta(minutes=5))
    if row := known.first():
        return row
    expires_at = _expiry(order)
    session = card_client.open_session(
        order=order,
        amount=order.due,
        text=f"{order.edition.short_name_en}: {order.short_code}",
        return_url=whole("payments:order", order.token, language=order.language),
        expires_at=expires_at,
        # Two clicks at once open one page.
        key=f"{order.code}-{order.due}-{order.checkouts.count()}-{expires_at}",
    )
    row, _made = Checkout.objects.get_or_create(
        session_id=session.id,
        defaults={
            "order": order,
            "url": session.url,
            "amount": order.due,
            "expires_at": datetime.fromtimestamp(expires_at, UTC),
        },
    )
    return row


def _expiry(order) -> int:
    """As long as the places are kept, within what the provider allows; in steps, so that two clicks ask for the same."""
    now = timezone.now().timestamp()
    wished = order.held_until.timestamp() if order.held_until else now + card_client.LONGEST
    wished = min(max(wished, now + card_client.SHORTEST + STEP), now + card_client.LONGEST)
    return int(wished) // STEP * STEP


def take_in(session_id: str) -> Payment | None:
    """Asks the provider about a page and writes down what came of it: once, however often and in any order it is told."""
    session = card_client.fetch_session(session_id)
    order = Order.objects.filter(code=session.order).first()
    if order is None:
        logger.error("a card page %s is for no order of ours", session.id)
        return None
    payment = _payment(order, session) if session.is_paid else None
    Checkout.objects.filter(session_id=session.id).update(is_open=session.is_open)
    return payment


def _payment(order, session) -> Payment:
    payment = settlement.settle(
        order=order,
        method=Method.CARD,
        amount=session.amount,
        currency=session.currency,
        provider=card_client.PROVIDER,
        external_id=session.payment,
        reference=session.id,
    )
    for row in session.refunds:
        refunding.record(payment=payment, amount=row.amount, external_id=row.id, status=row.status, ours=row.ours)
    return payment


def hear(kind: str, about: dict) -> None:
    """A signed message of the provider. Where the provider cannot be asked now, the sweep asks it."""
    if kind.startswith("checkout.session."):
        _ask_or_remember(Checkout.objects.filter(session_id=about.get("id")), str(about.get("id", "")))
    elif kind.startswith(("refund.", "charge.refund")):
        payments = Payment.objects.filter(provider=card_client.PROVIDER, external_id=about.get("payment_intent"))
        for payment in payments:
            _ask_or_remember(Checkout.objects.filter(session_id=payment.reference), payment.reference)


def _ask_or_remember(checkouts, session_id):
    try:
        take_in(session_id)
    except card_client.Unreachable:
        if not checkouts.update(is_open=True):
            raise
        logger.warning("the card provider cannot be asked about a page; it will be asked again")


def reconcile() -> tuple[int, int]:
    """Asks about every page and refund that is open; how many were asked about, and of how many nothing was learnt."""
    asked = failed = 0
    for session_id in list(Checkout.objects.filter(is_open=True).values_list("session_id", flat=True)):
        asked, failed = asked + 1, failed + (not _answered(take_in, session_id))
    for row in Refund.objects.filter(state=Refund.State.ASKED, provider=card_client.PROVIDER).select_related(
        "payment", "order"
    ):
        asked, failed = asked + 1, failed + (not _answered(refunding.send, row))
    return asked, failed


def _answered(act, subject) -> bool:
    try:
        act(subject)
    except (card_client.Unreachable, ValidationError):
        logger.exception("the card provider gave no answer")
        return False
    return True
