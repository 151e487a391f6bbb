"""The order of a delegation: one for everybody whose pass costs something. Until somebody was shown a sum to pay by invoice
or card, or money came in, it follows who is named, replaced and withdrawn."""

from itertools import groupby

from django.db import transaction
from wagtail.log_actions import log

from exhibitors.models import Membership
from forum.payments import emails, ordering
from forum.payments.models import Order, OrderLine
from forum.registration.models import ENDED, Delegation, Registration


@transaction.atomic
def follow(*, delegation: Delegation, user=None) -> None:
    """Puts who is held onto an order and takes who withdrew from it; once more changes nothing.

    A new order is written to ``user``, the focal point, or else to a manager of the agency. Its places are kept for the
    hours of the edition's terms, anew whenever somebody is added.
    """
    if not _is_due(delegation):
        return
    Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)  # two who follow at once wait for each other
    growing = {}
    for row in Order.objects.growing().filter(delegation=delegation).order_by("pk"):
        order = ordering.locked(row)
        if _write_anew(order, user):
            growing[order.currency] = order
    people = sorted(_held(delegation), key=lambda person: person.pass_type.currency)
    for currency, some in groupby(people, key=lambda person: person.pass_type.currency):
        items = [ordering.item_for(person) for person in some]
        if currency in growing:
            _add(growing[currency], items, user)
        else:
            _place(delegation, currency, items, user)


def due() -> list[Delegation]:
    """Those with somebody held and on no order, or withdrawn and still on one that may change."""
    held = Registration.objects.filter(state=Registration.State.HELD).exclude(order_lines__is_live=True)
    left = OrderLine.objects.filter(order__in=Order.objects.growing(), registration__state__in=ENDED)
    pks = {*held.values_list("delegation", flat=True), *left.values_list("order__delegation", flat=True)}
    return list(Delegation.objects.filter(pk__in=pks - {None}).select_related("edition", "agency"))


def _is_due(delegation) -> bool:
    return _held(delegation).exists() or Order.objects.growing().filter(delegation=delegation).exists()


def _held(delegation):
    """Those on no order yet."""
    people = Registration.objects.filter(delegation=delegation, state=Registration.State.HELD, pass_type__price__gt=0)
    return people.exclude(order_lines__is_live=True).with_names().order_by("pk")


def _write_anew(order, user) -> bool:
    """The lines as the people are now; False where nobody is left, which ends the order by the clock."""
    lines = list(order.lines.select_related("registration__pass_type").order_by("pk"))
    staying = [line for line in lines if line.registration.is_live]
    if not staying:
        return False
    gone = [line.pk for line in lines if line not in staying]
    OrderLine.objects.filter(pk__in=gone).delete()
    changed = []
    for line in staying:
        item = ordering.item_for(line.registration)
        if (line.text_en, line.text_km) != (item.text_en, item.text_km):
            line.text_en, line.text_km = item.text_en, item.text_km
            changed.append(line)
    OrderLine.objects.bulk_update(changed, ["text_en", "text_km"])
    if gone:
        _sum_up(order, user)
    return True


def _add(order, items, user):
    OrderLine.objects.bulk_create([OrderLine(order=order, **vars(item)) for item in items])
    order.held_until = ordering.pay_until(order.edition)
    _sum_up(order, user)


def _sum_up(order, user):
    order.amount = sum(order.lines.values_list("amount", flat=True))
    order.save(update_fields=["amount", "held_until"])
    log(instance=order, action="payments.change", user=user, data={"amount": order.amount})


def _place(delegation, currency, items, user):
    payer = user or _manager_of(delegation)
    order = ordering.place(
        edition=delegation.edition,
        currency=currency,
        items=items,
        user=user,
        delegation=delegation,
        bill_to_name=(payer and payer.get_full_name()) or delegation.agency.name_en,
        bill_to_agency=delegation.agency.name_en,
        email=payer.email if payer else "",
        language=payer.language if payer else "en",
    )
    emails.tell_placed(order)


def _manager_of(delegation):
    members = Membership.objects.filter(agency=delegation.agency_id, role=Membership.Role.MANAGER)
    first = members.select_related("user").order_by("pk").first()
    return first and first.user
