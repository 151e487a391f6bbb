"""Placing an order, ending it, and keeping its places by an official letter."""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from exhibitors import allocation
from exhibitors.models import Booking, OrderedExtra, Sponsorship
from forum.payments import emails, papers, places
from forum.payments.models import Order, OrderLine, Paper, Terms, order_page
from forum.registration.models import Registration

State = Order.State


@dataclass(frozen=True, kw_only=True)
class Item:
    """What becomes a line: the amount is the server's, never the payer's."""

    text_en: str
    text_km: str = ""
    amount: int
    registration: Registration | None = None
    booking: Booking | None = None
    ordered_extra: OrderedExtra | None = None
    sponsorship: Sponsorship | None = None


def terms_of(edition: Edition) -> Terms:
    return Terms.objects.filter(edition=edition).first() or Terms(edition=edition)


def pay_until(edition: Edition) -> datetime.datetime:
    """How long what is ordered now is kept."""
    return timezone.now() + datetime.timedelta(hours=terms_of(edition).hold_hours)


@transaction.atomic
def place(*, edition: Edition, currency: str, items: list[Item], user=None, **bill_to) -> Order:
    """An open order whose places are kept for the hours of the edition's terms.

    ``bill_to`` holds the columns of ``Order`` that say who pays. Refuses with ``ordered`` where something stands on
    another living order, with ``nothing`` where there is nothing to pay.
    """
    total = sum(item.amount for item in items)
    if total <= 0:
        raise ValidationError(_("There is nothing to pay."), code="nothing")
    until = pay_until(edition)
    order = Order.objects.create(edition=edition, currency=currency, amount=total, held_until=until, **bill_to)
    try:
        with transaction.atomic():
            OrderLine.objects.bulk_create([OrderLine(order=order, **vars(item)) for item in items])
    except IntegrityError:
        raise ValidationError(_("There is an order for this already."), code="ordered") from None
    for item in items:
        if item.booking:
            allocation.keep_until(booking=item.booking, until=until)
    log(instance=order, action="payments.place", user=user)
    return order


@transaction.atomic
def place_for(registration: Registration) -> Order:
    """The order for a person's place, placed where there is none yet; refuses with ``nothing`` where nothing is held.

    A delegation's people are on the order of the delegation, which is not theirs to see: ``delegation``.
    """
    if registration.delegation_id:
        raise ValidationError(_("Your agency pays for this place."), code="delegation")
    Registration.objects.select_for_update().get(pk=registration.pk)
    row = Registration.objects.with_names().get(pk=registration.pk)
    if line := row.order_lines.filter(is_live=True).select_related("order").first():
        return line.order
    if not row.is_held:
        raise ValidationError(_("There is nothing to pay."), code="nothing")
    receiver = next(iter(row.receivers), None)
    return place(
        edition=row.edition,
        currency=row.pass_type.currency,
        items=[item_for(row)],
        bill_to_name=row.addressed_in(row.language)[:200],
        bill_to_agency=row.agency_in(row.language),
        email=receiver.address if receiver else "",
        language=receiver.language if receiver else row.language,
    )


def order_of(registration: Registration) -> Order | None:
    """On which the place stands now, where the person pays for it; a delegation's is not theirs to see."""
    line = registration.order_lines.filter(is_live=True, order__delegation=None).select_related("order").first()
    return line and line.order


def is_paid_for(registration: Registration) -> bool:
    """Whether money is here for a place that the person pays themselves; whoever withdraws leaves it to the organisers."""
    order = order_of(registration)
    return bool(order and order.has_money)


def item_for(registration: Registration) -> Item:
    """A person's place at the price of the pass."""
    pass_type = registration.pass_type
    return Item(
        text_en=f"{pass_type.name_en or pass_type.name_km}: {registration.name_latin}"[:200],
        text_km=f"{pass_type.name_km or pass_type.name_en}៖ {registration.name_in('km')}"[:200],
        amount=pass_type.price,
        registration=registration,
    )


@transaction.atomic
def cancel(*, order: Order, reason: str = "", user=None) -> Order:
    """Ends an order for which nothing was paid, and gives its places back; once more changes nothing. The history keeps why.

    Refuses with ``paid`` where money came in: that is refunded first.
    """
    row = locked(order)
    if row.state in (State.CANCELLED, State.LAPSED):
        return row
    if row.has_money:
        raise ValidationError(_("Money came in for this order: refund it first."), code="paid")
    _give_up(row)
    move(row, State.CANCELLED, user, reason=reason.strip())
    return row


@transaction.atomic
def lapse(*, order: Order) -> bool:
    """Ends an order whose time is over; whether this call did it. One that was paid in part waits for a decision, and keeps
    its places until then."""
    row = locked(order)
    if not row.is_open or row.held_until is None or row.held_until > timezone.now():
        return False
    if row.has_money:
        move(row, State.DECISION)
        return True
    state = State.CANCELLED if row.is_deserted else State.LAPSED
    _give_up(row, is_lapse=state == State.LAPSED)
    move(row, state)
    return True


@transaction.atomic
def close_deserted(*, order: Order) -> bool:
    """Ends an order for which nobody is there any more; where money came in, it waits for a decision."""
    row = locked(order)
    if not row.is_open or not row.is_deserted:
        return False
    if row.has_money:
        move(row, State.DECISION)
        return True
    _give_up(row)
    move(row, State.CANCELLED)
    return True


@transaction.atomic
def accept_letter(*, order: Order, letter: str, user=None) -> Order:
    """An official letter or purchase order makes the places firm; the money comes later. Another one takes its place, and
    the history keeps both. Refuses with ``over`` where the order is not open, ``letter`` without one, ``accepted`` the same
    once more, ``gone`` where a place cannot be had."""
    row = locked(order)
    if not row.is_open:
        raise ValidationError(_("This order is not open any more."), code="over")
    if not letter.strip():
        raise ValidationError(_("Say which letter this is: its number and date."), code="letter")
    before = row.letter
    if before == letter.strip():
        raise ValidationError(_("This letter is accepted already."), code="accepted")
    if not places.make_firm(row, user):
        raise ValidationError(_("A place of this order cannot be had any more."), code="gone")
    row.letter, row.accepted_at, row.held_until = letter.strip(), timezone.now(), None
    row.save(update_fields=["letter", "accepted_at", "held_until"])
    log(instance=row, action="payments.accept_letter", user=user, data={"letter": row.letter, "before": before})
    papers.issue(order=row, kind=Paper.Kind.INVOICE)
    return row


@transaction.atomic
def write_invoice(*, order: Order, name: str, agency: str, tax_number: str) -> Paper:
    """The invoice, to whom the payer says. Refuses with ``over`` (the order is not open) and ``issued`` (there is one)."""
    row = locked(order)
    if not row.is_open:
        raise ValidationError(_("This order is not open any more."), code="over")
    if row.papers.exists():
        raise ValidationError(_("The invoice is written already. Ask the organisers to change it."), code="issued")
    row.bill_to_name, row.bill_to_agency, row.bill_to_tax_number = name, agency, tax_number
    row.save(update_fields=["bill_to_name", "bill_to_agency", "bill_to_tax_number"])
    return papers.issue(order=row, kind=Paper.Kind.INVOICE)


def locked(order: Order) -> Order:
    """The order as it is now, for this transaction alone. Always the first lock, before people and quotas."""
    return Order.objects.select_related("edition").select_for_update(of=["self"]).get(pk=order.pk)


def find_by_token(token: str) -> Order:
    """The order whose page ``token`` opens; 404 for a forged one."""
    try:
        return Order.objects.select_related("edition").get(code=order_page.unsign(token))
    except (signing.BadSignature, Order.DoesNotExist):
        raise Http404("no such order") from None


def move(order: Order, state: str, user=None, **told) -> None:
    """Writes the new state, the history with what is ``told`` there, and the mail."""
    order.state = state
    order.save(update_fields=["state"])
    log(instance=order, action=f"payments.{state}", user=user, data=told)
    emails.tell(order)


def _give_up(order, *, is_lapse=False):
    places.give_up(order, is_lapse=is_lapse)
    papers.void_invoice(order)
