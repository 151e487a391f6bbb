"""Guests from a sheet: what it would do, then doing it."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cms import languages, sheets
from forum.registration import guest_sheets, honorifics, sheet_rows
from forum.registration.guest_forms import COLUMNS, GuestRowForm
from forum.registration.models import GuestList
from forum.registration.sheet_rows import Outcome

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("Sheet (XLSX or CSV)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
    )

    def clean_sheet(self):
        table = sheets.read(self.cleaned_data["sheet"], most_rows=sheet_rows.MOST_ROWS)
        return sheet_rows.understand(table, guest_sheets.headings)


class RowsForm(forms.Form):
    """What the dry run has read, sent back by the page that showed it."""

    rows = forms.JSONField(widget=forms.HiddenInput)

    def clean_rows(self):
        rows = self.cleaned_data["rows"]
        if not sheet_rows.are_rows(rows, COLUMNS):
            raise ValidationError(_("Choose the sheet once more."), code="rows")
        return [tuple(row) for row in rows]


@permission_required("registration.add_guest", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, pk):
    guest_list = get_object_or_404(GuestList.objects.with_edition(), pk=pk)
    if "rows" in request.POST:
        held = RowsForm(request.POST)
        if held.is_valid():
            lines = guest_sheets.plan(guest_list=guest_list, rows=held.cleaned_data["rows"])
            guest_sheets.carry_out(guest_list=guest_list, lines=lines, user=request.user)
            return _show(request, guest_list, lines=lines)
    form = SheetForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if not form.is_valid():
        return _show(request, guest_list, form=form, status=422 if form.errors else 200)
    rows, ignored = form.cleaned_data["sheet"]
    lines = guest_sheets.plan(guest_list=guest_list, rows=rows)
    return _show(request, guest_list, lines=lines, held=RowsForm(initial={"rows": rows}, auto_id=False), ignored=ignored)


def _show(request, guest_list, *, lines=(), form=None, held=None, ignored=(), status=200):
    found = {str(outcome): [line for line in lines if line.outcome == outcome] for outcome in Outcome}
    context = {
        "guest_list": guest_list,
        "form": form,
        "lines": lines,
        "found": found,
        "held": held,
        "ignored": ignored,
        "todo": len(found["new"]) + len(found["changed"]),
        "most_rows": sheet_rows.MOST_ROWS,
    }
    return render(request, "registration/back_office/guest_sheet.html", context, status=status)


@permission_required("registration.add_guest", raise_exception=True)
@require_safe
def template(request, pk):
    """The sheet to fill in."""
    guest_list = get_object_or_404(GuestList.objects.with_edition(), pk=pk)
    form = GuestRowForm()
    choices = {"honorific": honorifics.for_sheets(), "language": list(languages.OWN_NAMES.values())}
    columns = [
        (heading, str(form.fields[name].help_text), choices.get(name, []))
        for name, heading in guest_sheets.headings().items()
    ]
    response = HttpResponse(sheets.template(_("Guests"), columns), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="guests-{guest_list.code}.xlsx"'
    return response
