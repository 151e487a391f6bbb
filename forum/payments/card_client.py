"""Stripe, spoken to by its official package: the only place that knows its words. Never called inside a transaction.

Pages: https://docs.stripe.com/api/checkout/sessions, /api/refunds, /webhooks/signature.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import stripe
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

PROVIDER = "stripe"
PAGES = "https://checkout.stripe.com"
SECONDS = 15  # for an answer; nobody looks at an empty page for longer
SHORTEST = 31 * 60  # seconds: a page lives at least half an hour there
LONGEST = 24 * 3600 - 60
OLDEST = 300  # seconds: a signature of a message that somebody kept back
EXPANDED = ["payment_intent.latest_charge.refunds"]
# Riel have no minor unit with us; Stripe counts them in hundredths (https://docs.stripe.com/currencies).
FACTOR = {"USD": 1, "KHR": 100}


@dataclass(frozen=True)
class RefundAnswer:
    id: str
    amount: int
    status: str
    ours: str  # the code of our own row, where we asked for it


@dataclass(frozen=True)
class Session:
    """What Stripe says of one of its pages."""

    id: str
    url: str
    order: str
    is_open: bool
    is_paid: bool
    amount: int
    currency: str
    payment: str
    refunds: list[RefundAnswer] = field(default_factory=list)


class Unreachable(Exception):
    """Stripe did not answer, or not with sense; to be asked again later."""


def is_on() -> bool:
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)


def form_targets() -> list[str]:
    """Where a form may lead after our answer: the provider's pages."""
    if not is_on():
        return []
    base = urlsplit(settings.STRIPE_API_BASE)
    return [PAGES, f"{base.scheme}://{base.netloc}"] if base.netloc else [PAGES]


def open_session(*, order, amount: int, text: str, return_url: str, expires_at: int, key: str) -> Session:
    """A page for ``amount`` of an order; the same ``key`` gives the same page again."""
    params = {
        "mode": "payment",
        "client_reference_id": order.code,
        "metadata": {"order": order.code},
        "payment_intent_data": {"metadata": {"order": order.code}, "description": order.short_code},
        "payment_method_types": ["card"],
        "locale": "en",  # Khmer is not among theirs
        "success_url": return_url,
        "cancel_url": return_url,
        "expires_at": expires_at,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency.lower(),
                    "unit_amount": amount * FACTOR[order.currency],
                    "product_data": {"name": text},
                },
            }
        ],
    }
    if order.email:
        params["customer_email"] = order.email
    return _session(_ask(lambda api: api.checkout.sessions.create(params, {"idempotency_key": key})))


def fetch_session(session_id: str) -> Session:
    return _session(_ask(lambda api: api.checkout.sessions.retrieve(session_id, {"expand": EXPANDED})))


def refund(*, payment: str, amount: int, currency: str, key: str) -> RefundAnswer:
    params = {"payment_intent": payment, "amount": amount * FACTOR[currency], "metadata": {"refund": key}}
    return _refund(_ask(lambda api: api.refunds.create(params, {"idempotency_key": key})), currency)


def read_event(body: bytes, signature: str) -> tuple[str, dict]:
    """The kind of a signed message and the object it is about; ValueError where signature, time or body are wrong."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, settings.STRIPE_WEBHOOK_SECRET, OLDEST)
        event = json.loads(body)
        return str(event["type"]), dict(event["data"]["object"])
    except (stripe.SignatureVerificationError, UnicodeDecodeError, KeyError, TypeError) as trouble:
        # TypeError: the package compares words, which fails where one is not ASCII.
        raise ValueError(str(trouble)) from None


def _ask(call):
    with transaction.atomic(durable=True):
        pass  # raises within a transaction: nobody keeps a lock while a stranger thinks
    addresses = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
    client = stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=addresses,
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=SECONDS),
    )
    try:
        return call(client.v1)
    except stripe.CardError as refusal:
        raise ValidationError(_("The card was declined."), code="declined") from refusal
    except stripe.StripeError as trouble:
        raise Unreachable(str(trouble)) from trouble


def _session(found) -> Session:
    intent = found.payment_intent
    charge = getattr(intent, "latest_charge", None)
    refunds = getattr(charge, "refunds", None)
    currency = found.currency.upper()
    return Session(
        id=found.id,
        url=found.url or "",
        order=found.client_reference_id or "",
        is_open=found.status == "open",
        is_paid=found.payment_status == "paid",
        amount=_ours(found.amount_total, currency),
        currency=currency,
        payment=intent if isinstance(intent, str) else getattr(intent, "id", ""),
        refunds=[_refund(row, currency) for row in refunds.data] if refunds else [],
    )


def _refund(found, currency) -> RefundAnswer:
    return RefundAnswer(
        id=found.id,
        amount=_ours(found.amount, currency),
        status=found.status,
        ours=str(getattr(found.metadata, "refund", "")),
    )


def _ours(amount: int, currency: str) -> int:
    return amount // FACTOR.get(currency, 1)
