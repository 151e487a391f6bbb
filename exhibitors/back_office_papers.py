"""What staff print of a hall: its plan, and the signs of its booths."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import pdf
from exhibitors import printing, signs
from exhibitors.models import Hall


@require_safe
@permission_required("exhibitors.view_hall", raise_exception=True)
def plan_paper(request, pk):
    hall = get_object_or_404(Hall.objects.select_related("edition"), pk=pk)
    return pdf.answer(printing.render(hall), f"plan-{hall.edition.slug}-{slugify(hall.name_en)}.pdf")


@require_safe
@permission_required("exhibitors.view_booking", raise_exception=True)
def fascia_signs(request, pk):
    hall = get_object_or_404(Hall.objects.select_related("edition"), pk=pk)
    if not signs.confirmed(hall).exists():
        messages.info(request, _("There is no sign to print: nobody’s booth with a fascia is confirmed in this hall."))
        return redirect("wagtailsnippets_exhibitors_hall:list")
    return pdf.answer(signs.render(hall), f"signs-{hall.edition.slug}-{slugify(hall.name_en)}.pdf")
