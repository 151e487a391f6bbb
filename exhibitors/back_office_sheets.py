"""Booths from a sheet: what it would do, then doing it; and the same sheet written out."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cms import exports, sheets
from cms.models import Edition
from cms.sheets import Outcome
from exhibitors import booth_sheets
from exhibitors.models import Booth, Zone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("Sheet (XLSX or CSV)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
    )

    def clean_sheet(self):
        return booth_sheets.understand(sheets.read(self.cleaned_data["sheet"], most_rows=booth_sheets.MOST_ROWS))


class RowsForm(forms.Form):
    """What the dry run has read, sent back by the page that showed it."""

    rows = forms.JSONField(widget=forms.HiddenInput)

    def clean_rows(self):
        rows = self.cleaned_data["rows"]
        if not booth_sheets.are_rows(rows):
            raise ValidationError(_("Choose the sheet once more."), code="rows")
        return [tuple(row) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["exhibitors.add_booth", "exhibitors.change_booth"], raise_exception=True)
def sheet(request, pk):
    edition = get_object_or_404(Edition, pk=pk)
    if "rows" in request.POST:
        held = RowsForm(request.POST)
        if held.is_valid():
            lines = booth_sheets.plan(edition=edition, rows=held.cleaned_data["rows"])
            return _show(request, edition, lines=booth_sheets.carry_out(lines=lines, user=request.user))
    form = SheetForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if not form.is_valid():
        return _show(request, edition, form=form, status=422 if form.errors else 200)
    rows, ignored = form.cleaned_data["sheet"]
    lines = booth_sheets.plan(edition=edition, rows=rows)
    return _show(request, edition, lines=lines, held=RowsForm(initial={"rows": rows}, auto_id=False), ignored=ignored)


def _show(request, edition, *, lines=(), form=None, held=None, ignored=(), status=200):
    found = {str(outcome): [line for line in lines if line.outcome == outcome] for outcome in Outcome}
    context = {
        "edition": edition,
        "others": Edition.objects.exclude(pk=edition.pk),
        "form": form,
        "lines": lines,
        "found": found,
        "held": held,
        "ignored": ignored,
        "todo": len(found["new"]) + len(found["changed"]),
        "most_rows": booth_sheets.MOST_ROWS,
    }
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
    response = HttpResponse(sheets.template(_("Booths"), columns), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="booths-{edition.slug}.xlsx"'
    return response
