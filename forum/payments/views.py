"""The page of an order, by signed link: what is to be paid, until when, and how."""

import logging

from csp.decorators import csp_update
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms import limits, pdf, qr
from cms.origin import public_form
from cms.privacy import personal
from forum.payments import bakong, bakong_client, card_client, cards, ordering, papers
from forum.payments.forms import BillToForm
from forum.registration import signup

logger = logging.getLogger(__name__)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def begin(request, token):
    """From a person's own page to the order for their place."""
    registration = signup.find_by_token(token)
    try:
        return redirect("payments:order", ordering.place_for(registration).token)
    except ValidationError:  # withdrawn, or without a price by now
        return redirect("registration:own", token)


@personal
@limits.misses("wrong_link")
@require_safe
def order(request, token):
    """Only reads: who returns from the card page sees what is known by now."""
    return _page(request, ordering.find_by_token(token))


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def card(request, token):
    """Opens the provider's page for what is due."""
    row = ordering.find_by_token(token)
    if not card_client.is_on():
        raise Http404("cards are not set up")
    try:
        return _leaving(redirect(cards.checkout(row).url))
    except ValidationError:
        return redirect("payments:order", token)
    except card_client.Unreachable:
        trouble = _("The card page cannot be reached now. Try again in a minute, or pay another way.")
        return _page(request, row, trouble=trouble, status=503)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def khqr(request, token):
    """Who has paid by KHQR need not wait for the clock: Bakong is asked at once."""
    row = ordering.find_by_token(token)
    if not bakong_client.is_on():
        raise Http404("Bakong is not set up")
    if no := limits.refusal(request, "khqr", row.code):
        raise no
    try:
        bakong.ask_for(row)
    except bakong_client.Unreachable:
        logger.warning("Bakong cannot be asked about an order; the clock asks again")
    row.refresh_from_db()
    if not (row.is_open and row.due):
        return redirect("payments:order", token)
    notice = _("Bakong does not tell of your payment yet. It may take a minute; we go on asking, and write to you.")
    return _page(request, row, notice=notice)


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(["POST"])
def invoice(request, token):
    """Writes the invoice to whom the payer says; once it is written it stays."""
    row = ordering.find_by_token(token)
    form = BillToForm(request.POST)
    if form.is_valid():
        try:
            ordering.write_invoice(order=row, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("payments:order", token)
    return _page(request, row, form=form, status=422)


@personal
@limits.misses("wrong_link")
@require_safe
def paper(request, token, number):
    row = ordering.find_by_token(token)
    found = next((paper for paper in row.papers.select_related("edition", "order") if paper.full_number == number), None)
    if found is None:
        raise Http404("no such paper")
    return pdf.answer(papers.file_of(found), f"{found.full_number}.pdf")


def _page(request, row, *, form=None, trouble="", notice="", status=200):
    terms = ordering.terms_of(row.edition)
    is_payable = row.is_open and row.due
    may_write = is_payable and not row.papers.exists()
    code = bakong.show(row, terms) if is_payable and terms.has_khqr else ""
    context = {
        "order": row,
        "edition": row.edition,
        "lines": row.lines.all(),
        "payments": row.payments.all(),
        "papers": row.papers.select_related("edition", "order"),
        "terms": terms,
        "riel": papers.riel_of(row.due, row, terms),
        "is_payable": is_payable,
        "has_card": is_payable and card_client.is_on(),
        "khqr": mark_safe(qr.svg(code, _("KHQR code to pay with"))) if code else "",  # drawn from Latin words alone
        "form": form or (BillToForm(initial=_bill_to(row)) if may_write else None),
        "can_ask": bakong_client.is_on(),
        "trouble": trouble,
        "notice": notice,
        "token": row.token,
    }
    return _leaving(render(request, "payments/order.html", context, status=status))


def _bill_to(row) -> dict:
    return {"name": row.bill_to_name, "agency": row.bill_to_agency, "tax_number": row.bill_to_tax_number}


def _leaving(response):
    """The form for cards leads to the provider's page, and nowhere else."""
    if targets := card_client.form_targets():
        response = csp_update({"form-action": targets})(lambda: response)()
    return response
