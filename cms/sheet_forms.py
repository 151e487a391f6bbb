"""A sheet that is brought in: chosen, and its rows held by the page that has shown what they would do."""

from collections.abc import Callable, Collection

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(forms.Form):
    """``understand`` makes of the table what the form cleans to."""

    sheet = forms.FileField(
        label=gettext_lazy("Sheet (XLSX or CSV)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
    )

    def __init__(self, *args, understand: Callable, most_rows: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.understand, self.most_rows = understand, most_rows

    def clean_sheet(self):
        return self.understand(sheets.read(self.cleaned_data["sheet"], most_rows=self.most_rows))


class RowsForm(forms.Form):
    """What the dry run has read, sent back by the page that showed it."""

    rows = forms.JSONField(widget=forms.HiddenInput)

    columns: Collection[str] = ()
    most_rows = 0

    def clean_rows(self):
        rows = self.cleaned_data["rows"]
        if not sheets.are_rows(rows, self.columns, most_rows=self.most_rows):
            raise ValidationError(_("Choose the sheet once more."), code="rows")
        return [tuple(row) for row in rows]


def to_fill_in(title: str, columns, name: str) -> HttpResponse:
    """The answer with ``sheets.template``, as ``name``.xlsx."""
    response = HttpResponse(sheets.template(title, columns), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def report(lines: Collection, held: forms.Form | None, ignored=()) -> dict:
    """What a page says of the lines: how many become what, and what is still to do."""
    found = {str(outcome): [line for line in lines if line.outcome == outcome] for outcome in sheets.Outcome}
    todo = len(found["new"]) + len(found["changed"])
    return {"lines": lines, "found": found, "held": held, "ignored": ignored, "todo": todo}
