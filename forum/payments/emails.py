"""What is written to people who pay."""

from cms import mail
from cms.addresses import whole
from forum.payments.models import Order
from forum.registration.emails import for_whom
from forum.registration.models import Receiver, Registration

LETTERS = {
    Order.State.PAID: "paid",
    Order.State.LAPSED: "lapsed",
    Order.State.CANCELLED: "ended",
    Order.State.DECISION: "decision",
}


def tell(order: Order) -> None:
    """The order's new state, in its payer's language."""
    _write(order, LETTERS[order.state])


def tell_placed(order: Order) -> None:
    """That places are kept until they are paid, and where: to who did not place the order by paying."""
    _write(order, "placed")


def _write(order, letter):
    person = _payer(order)
    for receiver in person.receivers if person else [Receiver(order.email, order.language)] if order.email else []:
        language = receiver.language
        mail.queue(
            template=f"payments/mail/{letter}",
            context={
                "order": order,
                "edition": order.edition,
                "link": whole("payments:order", order.token, language=language),
            }
            | (for_whom(person, receiver) if person else {}),
            to=[receiver.address],
            language=language,
        )


def _payer(order) -> Registration | None:
    """Who pays for their own place, and is written to as in all else. An address that finance wrote on the order stands."""
    if order.delegation_id:
        return None
    people = Registration.objects.with_names().filter(order_lines__order=order, erased_at=None).distinct()
    person = people.first()
    return person if person and order.email in {person.email, person.contact_email} else None
