"""An agency answers the offer of a booth on its desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.privacy import personal
from exhibitors import offering
from exhibitors.models import Extra
from exhibitors.prices import quoting
from forum.desks.exhibitor_forms import AcceptForm, ReleaseForm
from forum.desks.exhibitor_views import find_membership, to_pay
from forum.payments import booth_orders, ordering


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request, agency, booking):
    """What is offered and what it costs, and the button that takes it."""
    return _answer(request, agency, booking, AcceptForm, booth_orders.accept, "accept")


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, agency, booking):
    return _answer(request, agency, booking, ReleaseForm, offering.decline, "decline")


def _answer(request, agency, booking, form_class, act, name):
    membership = find_membership(request, agency)
    rows = membership.agency.bookings.filter(Q(application__isnull=False) | Q(booth__pavilion__isnull=False))
    place = ["booth__edition", "booth__zone__hall", "booth__pavilion__organiser"]
    row = get_object_or_404(rows.select_related(*place, "application"), code=booking)
    if not row.is_offer:
        messages.info(request, _ended(row))
        return redirect("desks:agency", agency)
    quote = quoting.quote(row.booth, membership.agency)
    extras = list(Extra.objects.for_booth(row.booth)) if form_class is AcceptForm else []
    facts = {"quote": quote, "extras": extras, "agency": membership.agency} if form_class is AcceptForm else {}
    form = form_class(request.POST if request.method == "POST" else None, **facts)
    if request.method == "POST" and form.is_valid():
        try:
            row = act(booking=row, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _said(row))
            return to_pay(row) or redirect("desks:agency", agency)
    if facts and form.errors:
        form.show(quote)
    context = {
        "membership": membership,
        "agency": membership.agency,
        "edition": row.booth.edition,
        "booking": row,
        "wish": row.wish,
        "form": form,
        "quote": quote,
        "pay_hours": ordering.terms_of(row.booth.edition).hold_hours,
    }
    return render(request, f"desks/exhibitor/offer_{name}.html", context, status=409 if form.errors else 200)


def _ended(row) -> str:
    if row.is_confirmed:
        return _("Your agency has accepted booth %(booth)s already.") % {"booth": row.booth.code}
    return _("The offer of booth %(booth)s is over.") % {"booth": row.booth.code}


def _said(row) -> str:
    if row.is_held:
        return _("Booth %(booth)s is held for you until its order is paid.") % {"booth": row.booth.code}
    if row.is_confirmed:
        return _("Booth %(booth)s is yours.") % {"booth": row.booth.code}
    return _("You have declined booth %(booth)s.") % {"booth": row.booth.code}
