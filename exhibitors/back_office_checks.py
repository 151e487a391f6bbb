"""The page of a hall: its plan, what is wrong with it in sentences and marked, and beside it what stands there."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exhibitors import checking
from exhibitors.back_office_drawing import Drawing, standing
from exhibitors.models import Hall


@require_safe
@permission_required("exhibitors.view_hall", raise_exception=True)
def check(request, pk):
    hall = get_object_or_404(Hall, pk=pk)
    booths, structures = standing(hall)
    drawing = Drawing(hall, booths, structures, checking.find(hall, booths, structures))
    context = {"title": _("Floor of %(hall)s") % {"hall": hall.name}, "drawing": drawing}
    context["zones"] = [(zone, [booth for booth in booths if booth.zone_id == zone.pk]) for zone in hall.zones.all()]
    return render(request, "exhibitors/back_office/check.html", context)
