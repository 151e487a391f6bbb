"""Orders and money for tests."""

import datetime
from itertools import count

from django.utils import timezone

from forum.payments import ordering, settlement
from forum.payments.models import Order, Payment, Terms
from tests.factories import registration

_numbers = count(1)


def priced(edition=None, price=5_000, **fields):
    """A pass that costs fifty dollars."""
    return registration.pass_type(edition, **({"price": price, "currency": "USD"} | fields))


def order(of=None, **person) -> Order:
    """For one person's held place."""
    return ordering.place_for(registration.registration(of or priced(), **person))


def pay(order, amount=None, **fields) -> Payment:
    """What came in by transfer; the whole where no amount is given."""
    facts = {
        "method": "transfer",
        "amount": order.amount if amount is None else amount,
        "currency": order.currency,
        "provider": "hand",
        "external_id": f"T{next(_numbers)}",
    }
    return settlement.settle(order=order, **(facts | fields))


def let_time_run_out(order) -> Order:
    """Its time is over, and the sweep has been there."""
    Order.objects.filter(pk=order.pk).update(held_until=timezone.now() - datetime.timedelta(minutes=1))
    ordering.lapse(order=order)
    order.refresh_from_db()
    return order


def terms(edition, **fields) -> Terms:
    facts = {
        "bank_name": "Example Bank",
        "bank_account_name": "Forum Secretariat",
        "bank_account": "000 123 456",
        "khqr_account": "forum@exmp",
        "khqr_name": "Forum Secretariat",
    }
    return Terms.objects.create(edition=edition, **(facts | fields))
