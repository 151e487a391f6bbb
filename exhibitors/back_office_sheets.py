"""Booths from a sheet: what it would do, then doing it; and the same sheet written out."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import exports, sheet_forms
from cms.models import Edition
from cms.sheet_forms import SheetForm
from exhibitors import booth_sheets
from exhibitors.models import Booth, Zone


class RowsForm(sheet_forms.RowsForm):
    columns, most_rows = booth_sheets.COLUMNS, booth_sheets.MOST_ROWS


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["exhibitors.add_booth", "exhibitors.change_booth"], raise_exception=True)
def sheet(request, pk):
    edition = get_object_or_404(Edition, pk=pk)
    if "rows" in request.POST:
        held = RowsForm(request.POST)
        if held.is_valid():
            lines = booth_sheets.plan(edition=edition, rows=held.cleaned_data["rows"])
            return _show(request, edition, lines=booth_sheets.carry_out(lines=lines, user=request.user))
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        understand=booth_sheets.understand,
        most_rows=booth_sheets.MOST_ROWS,
    )
    if not form.is_valid():
        return _show(request, edition, form=form, status=422 if form.errors else 200)
    rows, ignored = form.cleaned_data["sheet"]
    lines = booth_sheets.plan(edition=edition, rows=rows)
    return _show(request, edition, lines=lines, held=RowsForm(initial={"rows": rows}, auto_id=False), ignored=ignored)


def _show(request, edition, *, lines=(), form=None, held=None, ignored=(), status=200):
    others = Edition.objects.exclude(pk=edition.pk)
    context = {"edition": edition, "others": others, "form": form, "most_rows": booth_sheets.MOST_ROWS}
    context |= {"title": _("Booths from a sheet"), "subtitle": edition.name, "what": _("Booth")}
    context |= {"back": reverse("wagtailsnippets_exhibitors_booth:list")} | sheet_forms.report(lines, held, ignored)
    return render(request, "exhibitors/back_office/booth_sheet.html", context, status=status)


@require_safe
@permission_required("exhibitors.view_booth", raise_exception=True)
def written(request, pk):
    """All booths of an edition, as they may be brought in again."""
    edition = get_object_or_404(Edition, pk=pk)
    return exports.response("csv", f"booths-{edition.slug}", booth_sheets.COLUMNS, booth_sheets.written(edition))


@require_safe
@permission_required("exhibitors.add_booth", raise_exception=True)
def template(request, pk):
    """The sheet to fill in."""
    edition = get_object_or_404(Edition, pk=pk)
    zones = Zone.objects.filter(hall__edition=edition).order_by("name_en")
    choices = {
        "hall": [hall.name_en for hall in edition.halls.all()],
        "zone": sorted({zone.name_en for zone in zones}),
        "kind": Booth.Kind.values,
        "open_sides": [value for value, _label in Booth._meta.get_field("open_sides").choices],
        "fitting": Booth.Fitting.values,
        **{name: ["yes", "no"] for name in booth_sheets.TRUTHS},
    }
    hints = {name: str(Booth._meta.get_field(name).help_text) for name in booth_sheets.COLUMNS if name != "hall"}
    columns = [(name, hints.get(name, ""), choices.get(name, [])) for name in booth_sheets.COLUMNS]
    return sheet_forms.to_fill_in(_("Booths"), columns, f"booths-{edition.slug}")
