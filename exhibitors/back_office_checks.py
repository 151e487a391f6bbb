"""What is wrong with a hall, in sentences and marked on its plan."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exhibitors import checking, plan
from exhibitors.models import Booth, Hall

AROUND = 150  # centimetres of paper around the hall, for what reaches beyond its walls


@require_safe
@permission_required("exhibitors.view_hall", raise_exception=True)
def check(request, pk):
    hall = get_object_or_404(Hall, pk=pk)
    findings = checking.check(hall)
    booths = list(Booth.objects.filter(zone__hall=hall).select_related("zone"))
    context = {
        "hall": hall,
        "title": _("Floor of %(hall)s") % {"hall": hall.name},
        "findings": list(enumerate(findings, 1)),
        "structures": hall.structures.all(),
        "booths": booths,
        "areas": plan.areas(booths),
        "view_box": f"{-AROUND} {-AROUND} {hall.width + 2 * AROUND} {hall.depth + 2 * AROUND}",
    }
    return render(request, "exhibitors/back_office/check.html", context)
