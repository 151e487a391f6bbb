"""An agency answers the offer of a booth on its desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.privacy import personal
from exhibitors import offering
from exhibitors.models import Booking, Extra, Membership
from exhibitors.prices import quoting
from forum.desks.exhibitor_forms import AcceptForm, ReleaseForm
from forum.desks.exhibitor_views import attempt, find_membership, show, to_pay, typed
from forum.payments import booth_orders, ordering


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request, agency, booking):
    """What is offered and what it costs, and the button that takes it."""
    membership, row = _find(request, agency, booking)
    if not row.is_offer:
        return _tell_ended(request, row)
    quote, extras = quoting.quote(row.booth, membership.agency), list(Extra.objects.for_booth(row.booth))
    form = AcceptForm(typed(request), quote=quote, extras=extras, agency=membership.agency)
    if taken := attempt(form, booth_orders.accept, booking=row, user=request.user):
        messages.success(request, _said(taken))
        return to_pay(taken) or redirect("desks:agency", agency)
    if form.errors:
        form.show(quote)
    hours = ordering.terms_of(row.booth.edition).hold_hours
    context = _shown(membership, row, form) | {"wish": row.wish, "quote": quote, "pay_hours": hours}
    return show(request, "offer_accept", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, agency, booking):
    membership, row = _find(request, agency, booking)
    if not row.is_offer:
        return _tell_ended(request, row)
    form = ReleaseForm(typed(request))
    if attempt(form, offering.decline, booking=row, user=request.user):
        messages.success(request, _("You have declined booth %(booth)s.") % {"booth": row.booth.code})
        return redirect("desks:agency", agency)
    return show(request, "offer_decline", _shown(membership, row, form))


def _find(request, agency, booking) -> tuple[Membership, Booking]:
    membership = find_membership(request, agency)
    rows = membership.agency.bookings.filter(Q(application__isnull=False) | Q(booth__pavilion__isnull=False))
    place = ["booth__edition", "booth__zone__hall", "booth__pavilion__organiser"]
    return membership, get_object_or_404(rows.select_related(*place, "application"), code=booking)


def _shown(membership, row, form) -> dict:
    edition = row.booth.edition
    return {"membership": membership, "agency": membership.agency, "edition": edition, "booking": row, "form": form}


def _tell_ended(request, row):
    said = _("The offer of booth %(booth)s is over.")
    if row.is_confirmed:
        said = _("Your agency has accepted booth %(booth)s already.")
    messages.info(request, said % {"booth": row.booth.code})
    return redirect("desks:agency", row.agency.code)


def _said(row) -> str:
    if row.is_held:
        return _("Booth %(booth)s is held for you until its order is paid.") % {"booth": row.booth.code}
    return _("Booth %(booth)s is yours.") % {"booth": row.booth.code}
