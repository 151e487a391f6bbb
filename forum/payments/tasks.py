"""What is due by the clock. Each may run twice or in several places at once."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from forum.payments import bakong, bakong_client, card_client, cards, delegation_orders, ordering
from forum.payments.models import Order
from forum.registration import holding
from forum.registration.models import Registration

AT_ONCE = 500


def place_orders() -> int:
    """No place is held without an order and its time: places one for each person who has not opened their page yet, and
    one for the people of a delegation together; how many people and delegations that were."""
    held = Registration.objects.filter(state=Registration.State.HELD).exclude(order_lines__is_live=True)
    alone = held.filter(Q(delegation=None) | Q(pass_type__price=0)).select_related("pass_type").order_by("pk")
    done = sum(_place(row) for row in alone[:AT_ONCE])
    delegations = delegation_orders.due()
    for delegation in delegations:
        delegation_orders.follow(delegation=delegation)
    return done + len(delegations)


def _place(registration) -> bool:
    if registration.pass_type.is_free:  # its price was taken away meanwhile
        holding.make_firm(registration=registration)
        return True
    try:
        ordering.place_for(registration)
    except ValidationError:  # withdrawn or paid at this moment
        return False
    return True


def end_orders() -> int:
    """Ends orders whose people have all withdrawn, then those whose time is over; how many."""
    deserted = sum(ordering.close_deserted(order=order) for order in Order.objects.deserted()[:AT_ONCE])
    return deserted + sum(ordering.lapse(order=order) for order in Order.objects.overdue()[:AT_ONCE])


def reconcile() -> None:
    """Asks the card provider about everything open: a message of theirs may be lost, or ours."""
    if card_client.is_on():
        cards.reconcile()


def ask_bakong() -> None:
    """Asks Bakong about the KHQR codes that are due."""
    if bakong_client.is_on():
        bakong.reconcile()
