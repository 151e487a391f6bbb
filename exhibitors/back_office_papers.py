"""What staff print of a hall: its plan, and the signs of its booths."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exhibitors import printing, signs
from exhibitors.models import Hall


@require_safe
@permission_required("exhibitors.view_hall", raise_exception=True)
def plan_paper(request, pk):
    hall = get_object_or_404(Hall.objects.select_related("edition"), pk=pk)
    return _paper(printing.render(hall), f"plan-{hall.edition.slug}-{slugify(hall.name_en)}")


@require_safe
@permission_required("exhibitors.view_booking", raise_exception=True)
def fascia_signs(request, pk):
    hall = get_object_or_404(Hall.objects.select_related("edition"), pk=pk)
    if not signs.confirmed(hall).exists():
        messages.info(request, _("There is no sign to print: nobody’s booth with a fascia is confirmed in this hall."))
        return redirect("wagtailsnippets_exhibitors_hall:list")
    return _paper(signs.render(hall), f"signs-{hall.edition.slug}-{slugify(hall.name_en)}")


def _paper(content, name) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
