"""KHQR by Bakong's word: keeping which codes were shown, asking what became of them, and writing it down once."""

import datetime
import hashlib
import logging

from django.db import transaction
from django.utils import timezone

from forum.payments import bakong_client, khqr, ordering, settlement
from forum.payments.models import KhqrCode, Method, Order, Payment, Terms

AT_ONCE = 100
SHORTEST, LONGEST = datetime.timedelta(minutes=1), datetime.timedelta(hours=6)
LATE = datetime.timedelta(days=7)  # after a code's time nobody's application pays it; a bank may book late
MOST_FAILURES = 3  # in a row: then nobody is there, and the next round asks again
MOST_OF_AN_ORDER = 3

logger = logging.getLogger(__name__)


def show(order: Order, terms: Terms) -> str:
    """The string for what is due; where Bakong can be asked, the order keeps by which hash."""
    text = khqr.of_order(order, terms)
    if text and bakong_client.is_on():
        KhqrCode.objects.get_or_create(
            md5=hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
            defaults={
                "order": order,
                "amount": order.due,
                "currency": order.currency,
                "account": terms.khqr_account,
                "expires_at": khqr.expires_at(order),
            },
        )
    return text


def ask_for(order: Order) -> Payment | None:
    """Asks about the codes of one order that were shown last; raises ``bakong_client.Unreachable``."""
    return next(filter(None, (ask(code) for code in order.khqr_codes.open()[:MOST_OF_AN_ORDER])), None)


def ask(code: KhqrCode) -> Payment | None:
    """What became of one code; the longer nothing did, the later it is asked about again."""
    now = timezone.now()
    rest = min(max((now - code.shown_at) / 10, SHORTEST), LONGEST)
    facts = {"ask_at": now + rest, "asked_at": now, "is_open": now < code.expires_at + LATE}
    KhqrCode.objects.open().filter(pk=code.pk).update(**facts)
    try:
        transfer = bakong_client.check(code.md5)
    except bakong_client.Unreachable:
        KhqrCode.objects.filter(pk=code.pk, payment=None, trouble="").update(is_open=True)  # nothing was learnt
        raise
    return take_in(code, transfer) if transfer else None


@transaction.atomic
def take_in(code: KhqrCode, transfer: bakong_client.Transfer) -> Payment | None:
    """Writes down what Bakong says: once, however often and by whomever it is asked. Money that went to another account is
    none of ours, and somebody of finance sees that it was paid by our code."""
    order = ordering.locked(code.order)
    row = KhqrCode.objects.get(pk=code.pk)
    if row.payment_id:
        return row.payment
    if transfer.to_account.lower() != row.account.lower():
        logger.error("the transfer by the KHQR code %s went to another account", row.md5)
        row.trouble = f"Paid to another account: {transfer.to_account}"[:200]
    else:
        row.payment = settlement.told_before(
            order=order, amount=transfer.amount, currency=transfer.currency, at=transfer.at, without="khqr_codes"
        ) or settlement.settle(
            order=order,
            method=Method.KHQR,
            amount=transfer.amount,
            currency=transfer.currency,
            provider=bakong_client.PROVIDER,
            external_id=transfer.hash,
            reference=f"{transfer.hash[:8]} {transfer.from_account}".strip(),
            received_at=transfer.at,
            expected=row.amount,
        )
    row.is_open = False
    row.save(update_fields=["payment", "trouble", "is_open"])
    return row.payment


def reconcile(*, everything: bool = False) -> tuple[int, int]:
    """Asks about every code that is due, or about all that are open; how many, and of how many nothing was learnt.

    Who does not answer several times in a row is left alone until the next time; a refused token is raised.
    """
    codes = KhqrCode.objects.open().order_by("ask_at", "pk") if everything else KhqrCode.objects.due()[:AT_ONCE]
    asked = failed = in_a_row = 0
    for code in codes.select_related("order"):
        asked += 1
        try:
            ask(code)
            in_a_row = 0
        except bakong_client.TokenRefused:
            raise
        except bakong_client.Unreachable as trouble:
            logger.warning("Bakong gave no answer: %s", trouble)
            failed, in_a_row = failed + 1, in_a_row + 1
            if in_a_row == MOST_FAILURES:
                break
    return asked, failed
