"""The exhibition in public: plan, booths, exhibitors. No session is touched here."""

from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from cms import countries, limits
from cms.caching import public_page
from cms.models import Edition
from exhibitors import disclosing, explaining, exports, hosting, plan, proposing
from exhibitors.forms import ExhibitorFilter, PlanFilter
from exhibitors.models import Agency, AllocationRun
from exhibitors.models.applications import co_exhibitors, one_by_line
from exhibitors.prices import quoting
from exhibitors.zooming import Zoom

PER_PAGE = 50
PUBLIC_STATES = [plan.State.FREE, plan.State.HELD, plan.State.TAKEN, plan.State.PAVILION]


@public_page
@limits.limited("search", when=limits.has_words)
def floor_plan(request, edition):
    edition = Edition.objects.get_or_404(edition)
    stands = plan.stands(edition)
    form = PlanFilter(request.GET, zones=plan.zones(stands))
    chosen, zoom = form.read(), Zoom.asked(request.GET)
    rows = plan.mark(stands, **chosen)
    sheets = plan.sheets(stands, zone=chosen["zone"], scale=zoom.scale)
    context = {"edition": edition, "form": form, "rows": rows, "sheets": sheets, "count": len(stands)}
    context |= {
        "states": PUBLIC_STATES,
        "structures": plan.structure_kinds(sheets),
        "zoom": zoom,
        "pavilions": plan.pavilions(rows),
        "has_allocation": AllocationRun.objects.disclosed(edition).exists(),
    }
    return render(request, "exhibitors/plan.html", context)


@public_page
def booth(request, edition, code):
    edition = Edition.objects.get_or_404(edition)
    stands = plan.stands(edition)
    stand = next((stand for stand in stands if stand.booth.code == code), None)
    if stand is None:
        raise Http404("no such booth")
    prices = quoting.Prices(edition)
    is_open = prices.list and not stand.exhibitor  # what somebody pays is not a visitor's business
    quotes = prices.for_kinds(stand.booth) if is_open else []
    context = {"edition": edition, "stand": stand, "sheets": plan.vicinity(stands, [stand]), "quotes": quotes}
    return render(request, "exhibitors/booth.html", context)


@public_page
@limits.limited("search", when=limits.has_words)
def exhibitors(request, edition):
    edition = Edition.objects.get_or_404(edition)
    form = ExhibitorFilter(request.GET, edition=edition)
    page = Paginator(form.narrow().annotate(named=co_exhibitors(edition, OuterRef("pk"))), PER_PAGE).get_page(
        request.GET.get("page")
    )
    booths, themes = exports.booths_of(page, edition), exports.themes_of(page, edition)
    for agency in page:
        agency.booths = booths.get(agency.pk, [])
        agency.co_exhibitors = one_by_line(agency.named)
        agency.its_themes = themes.get(agency.pk, [])
        agency.country_name = countries.name(edition.pk, agency.country)
    context = {"edition": edition, "form": form, "page": page, "query": _query(request)}
    context["has_allocation"] = AllocationRun.objects.disclosed(edition).exists()
    return render(request, "exhibitors/exhibitors.html", context)


@public_page
@limits.limited("search", when=limits.has_words)
def exhibitors_json(request, edition):
    """For the programs of others, in browsers too: it is the same for everybody, so every site may read it."""
    edition, agencies = _found(request, edition)
    headers = {"Access-Control-Allow-Origin": "*"}
    return HttpResponse(exports.as_json(edition, agencies), content_type="application/json", headers=headers)


@public_page
@limits.limited("search", when=limits.has_words)
def exhibitors_csv(request, edition):
    edition, agencies = _found(request, edition)
    headers = {"Content-Disposition": f'attachment; filename="exhibitors-{edition.slug}.csv"'}
    return HttpResponse(exports.as_csv(edition, agencies), content_type="text/csv; charset=utf-8", headers=headers)


@public_page
def allocation(request, edition):
    """How booths were given, where the organisers show it; of several proposals the latest, or ``run``."""
    edition = Edition.objects.get_or_404(edition)
    runs = list(AllocationRun.objects.disclosed(edition).defer("question"))
    run = next((run for run in runs if run.code == request.GET.get("run", run.code)), None)
    if run is None:
        raise Http404("nothing is shown")
    total = run.lines.count()
    lines = disclosing.lines_of(run)
    context = {"edition": edition, "run": run, "runs": runs, "lines": lines, "total": total, "without": total - len(lines)}
    context |= {"weights": proposing.weights_of(run), "proof": explaining.proof(run), "has_allocation": True}
    return render(request, "exhibitors/allocation.html", context)


@public_page
def allocation_json(request, edition, code):
    """For programs, in browsers too: what the page says, and no more."""
    edition = Edition.objects.get_or_404(edition)
    run = get_object_or_404(AllocationRun.objects.disclosed(edition).select_related("edition"), code=code)
    response = JsonResponse(disclosing.as_data(run))
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public_page
def exhibitor(request, edition, code):
    edition = Edition.objects.get_or_404(edition)
    agency = get_object_or_404(Agency.objects.exhibiting_at(edition), code=code)
    agency.country_name = countries.name(edition.pk, agency.country)
    stands = plan.stands(edition)
    theirs = [stand for stand in stands if stand.exhibitor == agency]
    context = {"edition": edition, "agency": agency, "stands": theirs, "sheets": plan.vicinity(stands, theirs)}
    context |= {
        "products": list(agency.products.filter(edition=edition)),
        "themes": list(agency.themes.filter(edition=edition).order_by("chosen__place")),
        "sessions": hosting.hosted_by(agency, edition),
    }
    return render(request, "exhibitors/exhibitor.html", context)


def _found(request, edition):
    edition = Edition.objects.get_or_404(edition)
    form = ExhibitorFilter(request.GET, edition=edition)
    return edition, list(form.narrow().annotate(named=co_exhibitors(edition, OuterRef("pk"))))


def _query(request):
    """The filter as it stands in the address, for the links to other pages of the list."""
    chosen = request.GET.copy()
    chosen.pop("page", None)
    return chosen.urlencode()
