"""A pass that costs something, the terms of payment, and orders in every state; all of it made up."""

import datetime

from django.db import transaction
from django.utils import timezone

from cms.models import Edition
from forum.home.demonstration.files import read_json
from forum.payments import ordering, settlement, statements
from forum.payments.models import Method, Order, StatementFormat, Terms
from forum.registration import signup
from forum.registration.models import PassType, Quota


@transaction.atomic
def load(edition: Edition) -> None:
    facts = read_json("money.json")
    Terms.objects.create(edition=edition, **facts["terms"])
    format = StatementFormat.objects.create(**facts["statement_format"])
    pass_type = _pass_type(edition, facts["pass"])
    orders = [_order(pass_type, person) for person in facts["people"]]
    waiting, letter, paid, part, late = orders
    ordering.write_invoice(order=waiting, **facts["bill_to"])
    ordering.accept_letter(order=letter, letter=facts["letter"])
    _pay(paid, paid.amount, "DEMO-0001")
    _pay(part, part.amount // 3, "DEMO-0002")
    Order.objects.filter(pk=late.pk).update(held_until=timezone.now() - datetime.timedelta(minutes=1))
    ordering.lapse(order=late)
    _pay(late, late.amount // 3, "DEMO-0004")  # too late and too little: somebody of finance decides
    statements.bring_in(format=format, content=_statement(edition, facts["unknown"]))


def _pass_type(edition, facts) -> PassType:
    position = edition.pass_types.count()
    pass_type = PassType.objects.create(edition=edition, position=position, **facts)
    pass_type.quotas.add(Quota.objects.create(edition=edition, name=pass_type.name_en, size=60))
    return PassType.objects.prefetch_related("quotas").get(pk=pass_type.pk)


def _order(pass_type, person) -> Order:
    return ordering.place_for(signup.register(edition=pass_type.edition, pass_type=pass_type, **person))


def _pay(order, amount, number):
    facts = {"method": Method.TRANSFER, "currency": order.currency, "provider": settlement.BY_HAND}
    settlement.settle(order=order, amount=amount, external_id=number, reference=number, **facts)


def _statement(edition, words) -> bytes:
    """One transfer of which nobody knows what it is for."""
    today = timezone.now().astimezone(edition.zone)
    return f"Date,Credit,Details,Number\n{today:%Y-%m-%d},150.00,{words},DEMO-0003\n".encode()
