"""An agency orders furniture, power and the like for its booth."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.privacy import personal
from exhibitors.models import Extra
from forum.desks.exhibitor_forms import ExtrasForm
from forum.desks.exhibitor_views import attempt, find_membership, show, typed
from forum.payments import booth_orders


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extras(request, agency, booking):
    """What was ordered for the booth, and what more can be."""
    membership = find_membership(request, agency)
    rows = membership.agency.bookings.select_related("booth__edition", "booth__zone__hall", "agency")
    row = get_object_or_404(rows, code=booking)
    if not row.is_live:
        messages.info(request, _("Your booking of booth %(booth)s had ended already.") % {"booth": row.booth.code})
        return redirect("desks:agency", agency)
    if row.is_offer:
        return redirect("desks:offer", agency, booking)
    offered = list(Extra.objects.for_booth(row.booth))
    form = ExtrasForm(typed(request), extras=offered, agency=membership.agency)
    if order := attempt(form, booth_orders.order_extras, booking=row, user=request.user):
        messages.success(request, _("The extras are kept for you until their order is paid."))
        return redirect("payments:order", order.token)
    ordered = row.ordered_extras.taken().select_related("extra__price_list", "order_line__order")
    context = {
        "membership": membership,
        "agency": membership.agency,
        "edition": row.booth.edition,
        "booking": row,
        "ordered": ordered,
        "form": form,
    }
    return show(request, "extras", context)
