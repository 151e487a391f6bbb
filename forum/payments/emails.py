"""What is written to people who pay."""

from cms import mail
from cms.addresses import whole
from forum.payments.models import Order

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
    if not order.email:
        return
    mail.queue(
        template=f"payments/mail/{letter}",
        context={
            "order": order,
            "edition": order.edition,
            "link": whole("payments:order", order.token, language=order.language),
        },
        to=[order.email],
        language=order.language,
    )
