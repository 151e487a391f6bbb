"""The agency's desk: people who registered for themselves and say that they come from this agency."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.privacy import personal
from forum.desks.exhibitor_views import find_membership
from forum.registration import approving
from forum.registration.approval_forms import DecisionForm
from forum.registration.models import Step

PER_PAGE = 50


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request, agency):
    """Who may act for the agency endorses them or not; nobody else learns who they are."""
    membership = find_membership(request, agency)
    if not membership.may_manage:
        raise PermissionDenied("may only look at the booth")
    queue = approving.queue(Step.AGENCY).filter(agency=membership.agency)
    form = DecisionForm(request.POST if request.method == "POST" else None, queue=queue)
    if form.is_bound and form.decide(Step.AGENCY, request.user):
        messages.success(request, _("Your word is kept. Those whom you refused have been told."))
        return redirect("desks:people", agency)
    context = {
        "agency": membership.agency,
        "form": form,
        "ticked": form.ticked(),
        "page": Paginator(queue, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "desks/exhibitor/people.html", context, status=422 if form.errors else 200)
