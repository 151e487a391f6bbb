"""What is wrong with a hall, in sentences and marked on its plan."""

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
    return render(request, "exhibitors/back_office/check.html", context)
