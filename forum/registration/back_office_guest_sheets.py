"""Guests from a sheet: what it would do, then doing it."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import languages, sheet_forms
from cms.sheet_forms import SheetForm
from forum.registration import guest_sheets, honorifics, sheet_rows
from forum.registration.guest_forms import COLUMNS, GuestRowForm
from forum.registration.models import GuestList


class RowsForm(sheet_forms.RowsForm):
    columns, most_rows = COLUMNS, sheet_rows.MOST_ROWS


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
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        understand=lambda table: sheet_rows.understand(table, guest_sheets.headings),
        most_rows=sheet_rows.MOST_ROWS,
    )
    if not form.is_valid():
        return _show(request, guest_list, form=form, status=422 if form.errors else 200)
    rows, ignored = form.cleaned_data["sheet"]
    lines = guest_sheets.plan(guest_list=guest_list, rows=rows)
    return _show(request, guest_list, lines=lines, held=RowsForm(initial={"rows": rows}, auto_id=False), ignored=ignored)


def _show(request, guest_list, *, lines=(), form=None, held=None, ignored=(), status=200):
    context = {"guest_list": guest_list, "form": form, "most_rows": sheet_rows.MOST_ROWS}
    context |= {"title": _("Bring in a sheet"), "subtitle": guest_list.name, "what": _("Name")}
    context |= {"back": reverse("guests_overview", args=[guest_list.pk])} | sheet_forms.report(lines, held, ignored)
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
    return sheet_forms.to_fill_in(_("Guests"), columns, f"guests-{guest_list.code}")
