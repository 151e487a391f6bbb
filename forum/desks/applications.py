"""An agency applies for a booth on its desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.privacy import personal
from exhibitors import applying, disclosing
from exhibitors.application_forms import LIST, ApplicationForm
from exhibitors.models import Application, Zone
from exhibitors.prices import quoting
from forum.desks.exhibitor_forms import ReleaseForm
from forum.desks.exhibitor_views import attempt, find_desk, show, typed


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request, agency, edition):
    """The form while the agency may change what it asks for, and afterwards what it has asked for."""
    desk = find_desk(request, agency, edition)
    membership, agency, edition = desk["membership"], desk["agency"], desk["edition"]
    call = getattr(edition, "call", None)
    if call is None:
        raise Http404("no call for exhibitors")
    row = agency.applications.live().filter(edition=edition).first()
    may_write = membership.may_manage and applying.why_not(edition, row, request.user) is None
    form = ApplicationForm(
        typed(request),
        edition=edition,
        agency=agency,
        instance=row,
        wish=request.GET.get("wish", "")[:100],
    )
    is_final = "submit" in request.POST
    if application := attempt(form, applying.save, edition=edition, agency=agency, user=request.user, is_final=is_final):
        messages.success(request, _said(application))
        return redirect("desks:agency", agency.code)
    context = desk | {"call": call, "form": form, "list": LIST, "may_write": may_write}
    context["application"] = agency.applications.live().filter(edition=edition).first()
    context |= _prices(edition, agency)
    context["own"] = disclosing.own_line(agency, edition)
    return show(request, "application", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, agency, edition):
    desk = find_desk(request, agency, edition)
    row = desk["agency"].applications.live().filter(edition=desk["edition"]).first()
    if row is None:
        messages.info(request, _("Your agency has no application for this forum."))
        return redirect("desks:agency", agency)
    form = ReleaseForm(typed(request))
    if attempt(form, applying.withdraw, application=row, user=request.user):
        messages.success(request, _("Your application is withdrawn."))
        return redirect("desks:agency", agency)
    return show(request, "application_withdraw", desk | {"application": row, "form": form})


def _prices(edition, agency) -> dict:
    """What booths cost this agency in the zones for which it may apply, as the list stands today."""
    zones = Zone.objects.filter(hall__edition=edition, by_application=True, kind__in=["", agency.kind])
    prices = quoting.Prices(edition)
    rates = prices.rates(zones.order_by("name_en", "pk"), agency.kind)
    return {"price_list": prices.list, "rates": rates, "has_early": any(rate.is_early for rate in rates)}


def _said(application) -> str:
    if application.state == Application.State.DRAFT:
        return _("The draft is saved. Nobody reads it until you submit it.")
    return _("The application is with the organisers.")
