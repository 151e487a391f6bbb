"""Acts of finance upon orders, payments and bank lines, each asked for before it is done."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from cms import money
from cms.back_office import Question, ask
from exhibitors.models import Booking
from exhibitors.prices import quoting
from forum.payments import back_office_forms as forms
from forum.payments import booth_orders, card_client, ordering, papers, refunding, settlement, statements
from forum.payments.models import Order, Paper, Payment, StatementLine

ORDERS = "wagtailsnippets_payments_order:list"
PAYMENTS = "wagtailsnippets_payments_payment:list"
LINES = "wagtailsnippets_payments_statementline:list"
BOOKINGS = "wagtailsnippets_exhibitors_booking:list"

asked = require_http_methods(["GET", "HEAD", "POST"])
finance = permission_required("payments.settle_order", raise_exception=True)


def _order(pk) -> Order:
    return get_object_or_404(Order.objects.select_related("edition"), pk=pk)


def _typed(request):
    return request.POST if request.method == "POST" else None


@asked
@finance
def settle(request, pk):
    order = _order(pk)
    question = Question(
        title=_("Record a payment for %(code)s") % {"code": order.short_code},
        text=_("%(name)s is to pay %(due)s of %(amount)s.")
        % {"name": order.bill_to_name, "due": order.due_written, "amount": order.amount_written},
        button=_("Record the payment"),
        done=_("The payment is written down."),
        icon="plus",
    )

    def act(**typed):
        return settlement.record(order=order, user=request.user, **typed)

    initial = {"currency": order.currency, "received_on": localdate(timezone=order.edition.zone)}
    return ask(request, question, back=ORDERS, act=act, form=forms.PaymentForm(_typed(request), initial=initial))


@asked
@finance
def accept_letter(request, pk):
    order = _order(pk)
    question = Question(
        title=_("Accept a letter for %(code)s") % {"code": order.short_code},
        text=_("The places are firm at once and the invoice is written; the money may come later."),
        button=_("Accept the letter"),
        done=_("The places are firm."),
        icon="doc-full",
    )

    def act(letter):
        return ordering.accept_letter(order=order, letter=letter, user=request.user)

    return ask(request, question, back=ORDERS, act=act, form=forms.LetterForm(_typed(request), order=order))


@asked
@finance
def cancel(request, pk):
    order = _order(pk)
    question = Question(
        title=_("Cancel %(code)s") % {"code": order.short_code},
        text=_("Its places go back at once, and the payer gets a letter. A booth that was confirmed by hand stays."),
        button=_("Cancel the order"),
        done=_("The order is cancelled."),
        icon="cross",
        is_serious=True,
    )

    def act(reason):
        return ordering.cancel(order=order, reason=reason, user=request.user)

    return ask(request, question, back=ORDERS, act=act, form=forms.ReasonForm(_typed(request)))


@asked
@finance
def decide(request, pk):
    order = _order(pk)
    sums = {"received": order.received_written, "amount": order.amount_written}
    text = _("%(received)s of %(amount)s came in. Its people and booths get their places if there are any; what is short is "
             "forgone. Otherwise refund the payments.") % sums  # fmt: skip
    if order.has_foreign_money:
        rate = ordering.terms_of(order.edition).riel_per_dollar
        worth = {"rate": rate, "worth": order.written(papers.kept(order, rate))}
        text += " " + _("At %(rate)s riel for one US dollar that is %(worth)s in all.") % worth
    question = Question(
        title=_("Let %(code)s be paid") % {"code": order.short_code},
        text=text,
        button=_("Let it be paid"),
        done=_("The order is paid."),
        icon="check",
    )  # fmt: skip

    def act(reason):
        return settlement.decide(order=order, reason=reason, user=request.user)

    return ask(request, question, back=ORDERS, act=act, form=forms.ReasonForm(_typed(request)))


@asked
@finance
def refund(request, pk):
    payment = get_object_or_404(Payment.objects.select_related("order"), pk=pk)
    text = _("By card it is sent at once. By hand, send it first and give the reference here. When all has gone back, the "
             "order ends and its places go back.")  # fmt: skip
    if surplus := payment.order.surplus_written:
        text += " " + _("%(surplus)s was paid too much for this order.") % {"surplus": surplus}
    question = Question(
        title=_("Refund of %(code)s") % {"code": payment.order.short_code},
        text=text,
        button=_("Refund"),
        done=_("The refund is written down."),
        icon="undo",
        is_serious=True,
    )  # fmt: skip

    def act(**typed):
        try:
            return refunding.refund(payment=payment, user=request.user, **typed)
        except card_client.Unreachable:  # it is written, and the sweep asks again
            return None

    typed = {key: value for key, value in request.POST.items() if key != "currency"} if request.method == "POST" else None
    return ask(request, question, back=PAYMENTS, act=act, form=forms.RefundForm(typed, payment=payment))


@asked
@finance
def match(request, pk):
    line = get_object_or_404(StatementLine.objects.select_related("format"), pk=pk)
    question = Question(
        title=_("Match a line of the bank"),
        text=f"{line.amount_written}, {line.booked_on:%Y-%m-%d}: {line.text}",
        button=_("Match"),
        done=_("The line is matched."),
        icon="table",
    )

    def act(code):
        return statements.match(line=line, order=code, user=request.user)

    return ask(request, question, back=LINES, act=act, form=forms.MatchForm(_typed(request)))


@asked
@finance
def order_booking(request, pk):
    booking = get_object_or_404(Booking.objects.select_related("booth__edition", "agency"), pk=pk)
    question = Question(
        title=_("Order for booth %(booth)s") % {"booth": booking.booth.code},
        text=_("The booth is kept for the hours of the terms, and confirmed when it is paid."),
        button=_("Place the order"),
        done=_("The order is placed."),
        icon="table",
    )

    def act(**typed):
        return booth_orders.order_by_hand(booking=booking, user=request.user, **typed)

    quote = quoting.quote(booking.booth, booking.agency)
    initial = {"bill_to_name": booking.agency.name_en, "currency": quote.currency}
    if not quote.is_free:
        initial["amount"] = money.plain(quote.amount, quote.currency)
    return ask(request, question, back=BOOKINGS, act=act, form=forms.BookingOrderForm(_typed(request), initial=initial))


@asked
@finance
def bring_in(request):
    """A bank's file: first looked at, then brought in; the page says what became of each line."""
    form = forms.StatementForm(_typed(request), request.FILES or None)
    report = None
    if form.is_valid():
        typed = form.cleaned_data
        try:
            report = statements.bring_in(
                format=typed["format"], content=typed["file"].read(), dry_run=typed["dry_run"], user=request.user
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "payments/back_office/statement.html", {"form": form, "report": report})


@require_safe
@permission_required("payments.view_paper", raise_exception=True)
def paper(request, pk):
    found = get_object_or_404(Paper.objects.select_related("edition", "order"), pk=pk)
    log(instance=found, action="payments.download", user=request.user)
    response = HttpResponse(papers.file_of(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.full_number}.pdf"'
    return response
