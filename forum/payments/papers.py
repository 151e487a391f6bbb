"""Writing invoices, receipts and credit notes: numbered in the act's own transaction, drawn later, then kept as they are."""

import json

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from cms import money
from forum.documents import issuing
from forum.documents.models import IssuedDocument
from forum.payments import drawing
from forum.payments.models import Order, Paper, Refund, Terms
from forum.payments.models.papers import Series

Kind = Paper.Kind
TAKEN_BACK = "A credit note has taken it back."  # in the history, which is English


@transaction.atomic
def issue(*, order: Order, kind: str, refund: Refund | None = None, amount: int | None = None) -> Paper | None:
    """The invoice or receipt of an order, one of each; a credit note for a refund of what one of them says."""
    written = order.papers.filter(kind=kind, refund=refund)
    if kind != Kind.CREDIT and (paper := written.first()):
        return paper
    if amount is None:
        amount = _lessened(order, refund) if refund else _asked_or_received(order, kind)
    if kind == Kind.CREDIT and not (amount and _standing(order).exists()):
        return None  # nothing was written that it could lessen
    paper = Paper.objects.create(
        edition=order.edition,
        kind=kind,
        number=Series.next(order.edition, kind),
        order=order,
        refund=refund,
        amount=amount,
        issued_at=timezone.now(),
        facts=_facts(order, amount, refund),
    )
    if kind == Kind.CREDIT:
        for taken in order.papers.exclude(kind=Kind.CREDIT).exclude(document=None).select_related("document"):
            if taken.is_taken_back:
                _end(taken.document)
    return paper


def riel_of(amount: int, order: Order, terms: Terms) -> str:
    """What an amount in dollars is in riel at the edition's rate, written; nothing where it is in riel."""
    if order.currency == money.Currency.KHR:
        return ""
    return money.written(money.in_riel(amount, order.currency, terms.riel_per_dollar), money.Currency.KHR)


def kept(order: Order, riel_per_dollar: int) -> int:
    """What came in for an order and did not go back, in its currency, money of the other one at that rate."""
    return order.received + money.exchanged(order.foreign, order.foreign_currency, order.currency, riel_per_dollar)


def void_invoice(order: Order) -> None:
    """An order that ends unpaid after its invoice was written: a credit note takes it back."""
    if order.papers.filter(kind=Kind.INVOICE).exists() and not order.papers.filter(kind=Kind.CREDIT).exists():
        issue(order=order, kind=Kind.CREDIT, amount=order.amount)


def file_of(paper: Paper) -> bytes:
    """The PDF, drawn once: whoever asks later gets the same bytes."""
    if not paper.document_id:
        _issue(paper)
        paper.refresh_from_db(fields=["document"])
    return paper.document.read()


def _issue(paper: Paper) -> None:
    document = issuing.issue(
        edition=paper.edition,
        kind=paper.kind,
        number=paper.full_number,
        holder=(paper.facts["bill_to_name"], ""),
        says=json.dumps([paper.full_number, paper.facts], sort_keys=True),
        draw=lambda link: drawing.draw(paper, link),
    )
    with transaction.atomic():
        # Of two who draw at once the first is kept.
        if not Paper.objects.filter(pk=paper.pk, document=None).update(document=document):
            issuing.discard(document)
        elif paper.is_taken_back:
            _end(document)


def _end(document: IssuedDocument) -> None:
    issuing.revoke(document=document, reason=TAKEN_BACK)


def _asked_or_received(order: Order, kind: str) -> int:
    """A receipt is for what was owed at most: what was paid too much is no price of anything, and holds no tax."""
    return order.amount if kind == Kind.INVOICE else min(order.amount, kept(order, _terms_of(order).riel_per_dollar))


def _standing(order: Order):
    """What was written and can be lessened: an invoice is not, once the order ended unpaid and it was taken back."""
    rows = order.papers.exclude(kind=Kind.CREDIT).order_by("pk")
    is_void = order.papers.filter(kind=Kind.CREDIT, refund=None).exists()
    return rows.exclude(kind=Kind.INVOICE) if is_void else rows


def _lessened(order: Order, refund: Refund) -> int:
    """How much of what was written is paid no longer by a refund; nothing where it was never written, being too much."""
    standing = _standing(order)
    if not (last := standing.last()):
        return 0
    rate = last.facts["riel_per_dollar"]  # as it was written, so that the whole takes the whole back
    written = standing.aggregate(most=Max("amount"))["most"]
    credits = order.papers.filter(kind=Kind.CREDIT).exclude(refund=None)
    lessened = credits.aggregate(all=Sum("amount"))["all"] or 0
    worth = money.exchanged(refund.amount, refund.currency, order.currency, rate)
    return max(0, min(worth, written - kept(order, rate) - lessened))


def _terms_of(order: Order) -> Terms:
    return Terms.objects.filter(edition=order.edition).first() or Terms(edition=order.edition)


def _facts(order: Order, amount: int, refund: Refund | None) -> dict:
    """Everything the paper says, as it is today."""
    terms = _terms_of(order)
    first = _standing(order).first()
    return {
        "seller_en": terms.seller_en or order.edition.organiser_en,
        "seller_km": terms.seller_km or order.edition.organiser_km,
        "address_en": terms.address_en,
        "address_km": terms.address_km,
        "seller_tax_number": terms.tax_number,
        "bill_to_name": order.bill_to_name,
        "bill_to_agency": order.bill_to_agency,
        "bill_to_tax_number": order.bill_to_tax_number,
        "edition_en": order.edition.name_en,
        "edition_km": order.edition.name_km,
        "is_demonstration": order.edition.is_demonstration,
        "lines": [{"text_en": line.text_en, "text_km": line.text_km, "amount": line.amount} for line in order.lines.all()],
        "currency": order.currency,
        "amount": amount,
        "surplus": order.surplus,
        "tax_percent": terms.tax_percent,
        "tax": money.share_of_tax(amount, terms.tax_basis_points),
        "riel": money.in_riel(amount, order.currency, terms.riel_per_dollar),
        "riel_per_dollar": terms.riel_per_dollar,
        "rate_source": terms.rate_source,
        "bank": [terms.bank_name, terms.bank_account_name, terms.bank_account, terms.bank_swift],
        "due": order.held_until.isoformat() if order.held_until else "",
        "letter": order.letter,
        "reference": order.short_code,
        "of_paper": first.full_number if first else "",
        "reason": refund.reason if refund else "",
        "payments": [
            {
                "method": row.method,
                "amount": row.amount,
                "currency": row.currency,
                "received_at": row.received_at.isoformat(),
            }
            for row in order.payments.order_by("received_at", "pk")
        ],
    }
