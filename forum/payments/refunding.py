"""Money that goes back, whole or in part."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from forum.payments import card_client, ordering, papers, settlement
from forum.payments.models import Paper, Payment, Refund

State = Refund.State


def refund(*, payment: Payment, amount: int, reason: str, reference: str = "", user=None) -> Refund:
    """Sends ``amount`` of a payment back: by card through the provider, else it is written down that finance did.

    Written first, so that what is on its way counts as gone and nobody sends it twice; the provider is asked outside any
    transaction, and again by the sweep where it did not answer. Refuses with ``amount`` more than is left of the payment,
    ``reason`` without one, and ``reference`` where by hand there is none, or one by which this payment went back already.
    """
    is_card = payment.provider == card_client.PROVIDER
    if not reason.strip():
        raise ValidationError(_("Say why."), code="reason")
    if not is_card and not reference.strip():
        raise ValidationError(_("Give the reference of the bank or of the cashier."), code="reference")
    row = _write_down(payment, amount, reason.strip(), reference.strip(), user, is_card)
    return send(row) if is_card else row


@transaction.atomic
def _write_down(payment, amount, reason, reference, user, is_card) -> Refund:
    order = ordering.locked(payment.order)
    if not 0 < amount <= payment.left:
        raise ValidationError(_("That is more than is left of this payment."), code="amount")
    if not is_card and payment.refunds.counted().filter(reference=reference).exists():
        raise beside("reference", _("This reference is written down already."), "reference")
    row = Refund.objects.create(
        order=order, payment=payment, method=payment.method, amount=amount, currency=payment.currency,
        reason=reason, reference=reference, provider=payment.provider, recorded_by=user,
        state=State.ASKED if is_card else State.DONE,
    )  # fmt: skip
    log(instance=order, action="payments.refund", user=user, data={"refund": row.code})
    _follow(row, order, user)
    return row


def send(row: Refund) -> Refund:
    """Asks the provider for a refund that is on its way; with the same key, so that asking again sends nothing twice."""
    answer = card_client.refund(payment=row.payment.external_id, amount=row.amount, currency=row.currency, key=row.code)
    return take_answer(row=row, external_id=answer.id, status=answer.status)


@transaction.atomic
def take_answer(*, row: Refund, external_id: str, status: str) -> Refund:
    """What the provider says of a refund of ours; in any order and any number of times."""
    order = ordering.locked(row.order)
    row = Refund.objects.select_related("payment").get(pk=row.pk)
    state = {"succeeded": State.DONE, "failed": State.FAILED, "canceled": State.FAILED}.get(status, State.ASKED)
    if (row.state, row.external_id) == (state, external_id):
        return row
    row.state, row.external_id = state, external_id
    row.save(update_fields=["state", "external_id"])
    settlement.follow(order)
    return row


@transaction.atomic
def record(*, payment: Payment, amount: int, external_id: str, status: str, ours: str = "") -> Refund:
    """A refund that the provider tells of: made there, or asked for by us (``ours`` is its code) and not yet answered."""
    order = ordering.locked(payment.order)
    if known := payment.refunds.filter(Q(external_id=external_id) | Q(code=ours)).first():
        return take_answer(row=known, external_id=external_id, status=status)
    row = Refund.objects.create(
        order=order, payment=payment, method=payment.method, amount=amount, currency=payment.currency,
        provider=payment.provider, external_id=external_id,
    )  # fmt: skip
    log(instance=order, action="payments.refund", user=None, data={"refund": row.code})
    _follow(row, order)
    return take_answer(row=row, external_id=external_id, status=status)


def _follow(row, order, user=None):
    papers.issue(order=order, kind=Paper.Kind.CREDIT, refund=row)
    settlement.follow(order, user)
