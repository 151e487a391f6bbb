"""The totals of what people told voluntarily."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.models import Edition
from forum.registration import counting
from forum.registration.models import Registration


@permission_required("registration.view_figures", raise_exception=True)
@require_safe
def figures(request):
    """Of the current edition, or of the one asked for."""
    editions = list(Edition.objects.all())
    edition = _chosen(editions, request.GET.get("edition", ""))
    context = {"editions": editions, "edition": edition}
    if edition:
        context |= {
            "tables": counting.totals(edition),
            "told": counting.told_by(edition),
            "people": Registration.objects.coming().of(edition).count(),
        }
    return render(request, "registration/back_office/figures.html", context)


def _chosen(editions, slug) -> Edition | None:
    if not slug:
        return next((each for each in editions if each.is_current), editions[0] if editions else None)
    if found := next((each for each in editions if each.slug == slug), None):
        return found
    raise Http404("no such edition")
