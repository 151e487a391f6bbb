"""Rows of sheets that bring people in: understood by their headings, told apart, and reported one by one."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms import khmer, languages
from cms.sheets import Outcome, Row

MOST_ROWS = 500
LONGEST = 300  # characters; longer than any of them may be, so what is cut is refused
Values = dict[str, str]


@dataclass
class Line:
    """What one row of a sheet does, or did."""

    number: int
    name: str
    outcome: Outcome
    reasons: list[str] = field(default_factory=list)
    person: dict = field(default_factory=dict)
    row_key: str = ""
    before: Model | None = None


def understand(table: list[Row], headings: Callable[[], dict[str, str]]) -> tuple[list[tuple[int, Values]], list[str]]:
    """The rows by the names of columns, and the headings that mean nothing here. ``headings`` says how each column is headed
    in the reader's language; either language is understood. Refuses with ``columns`` where the names are missing or one
    heading stands there twice."""
    known = _known(headings)
    first = table[0][1] if table else []
    columns = [known.get(khmer.fold(heading)) for heading in first]
    if "name_latin" not in columns:
        wanted = headings()["name_latin"]
        raise ValidationError(
            _("The first row must hold headings, among them “%(heading)s”.") % {"heading": wanted}, "columns"
        )
    if twice := [heading for heading, name in zip(first, columns, strict=True) if name and columns.count(name) > 1]:
        raise ValidationError(_("The heading “%(heading)s” stands there twice.") % {"heading": twice[0]}, "columns")
    ignored = [heading for heading, name in zip(first, columns, strict=True) if heading and not name]
    rows = [
        (number, {name: cell[:LONGEST] for name, cell in zip(columns, cells, strict=False) if name})
        for number, cells in table[1:]
    ]
    return rows, ignored


def _known(headings) -> dict[str, str]:
    known = {name: name for name in headings()}
    for language in languages.CODES:
        with override(language):
            known |= {khmer.fold(heading): name for name, heading in headings().items()}
    return known


def line_of(number: int, values: Values) -> Line:
    """Not judged yet. The same values make the same key, which tells nothing of them."""
    key = salted_hmac("registration.enrolling", json.dumps(values, sort_keys=True), algorithm="sha256").hexdigest()
    return Line(number, values.get("name_latin") or values.get("name_km", ""), Outcome.REFUSED, row_key=key)


def sentences(form) -> list[str]:
    """What a form says of one row, each with the heading it stands under."""
    return [
        _("%(label)s: %(words)s") % {"label": form.fields[name].label, "words": words} if name in form.fields else words
        for name, said in form.errors.items()
        for words in said
    ]


def spoken() -> dict[str, str]:
    """What may be written for a language, folded; blank is the reader's."""
    words = {code: code for code in languages.CODES} | {khmer.fold(name): code for code, name in languages.OWN_NAMES.items()}
    for language in languages.CODES:
        with override(language):
            words |= {khmer.fold(_("English")): "en", khmer.fold(_("Khmer")): "km"}
    return words | {"": languages.current()}


def are_rows(rows, columns: Iterable[str]) -> bool:
    """Whether what a page has held between a dry run and the doing is still what was read."""
    return isinstance(rows, list) and len(rows) <= MOST_ROWS and all(_is_row(row, set(columns)) for row in rows)


def _is_row(row, columns) -> bool:
    return (
        isinstance(row, list)
        and len(row) == 2
        and type(row[0]) is int
        and isinstance(row[1], dict)
        and set(row[1]) <= columns
        and all(isinstance(cell, str) and len(cell) <= LONGEST for cell in row[1].values())
    )
