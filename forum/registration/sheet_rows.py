"""Rows of sheets that bring people in: understood by their headings, told apart, and reported one by one."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms import khmer, languages, sheets
from cms.sheets import Outcome, Row, Values

MOST_ROWS = 500


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
    """As ``sheets.understand``. ``headings`` says how each column is headed in the reader's language; either language is
    understood."""
    return sheets.understand(table, _known(headings), needed="name_latin", heading=headings()["name_latin"])


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


def language_of(values: Values, before: Model | None, known: dict[str, str]) -> str:
    """What the sheet says in words that are ``known``; blank leaves a person's language as it is."""
    word = values.get("language", "")
    return before.language if before and not word else known.get(khmer.fold(word), word)


def spoken() -> dict[str, str]:
    """What may be written for a language, folded; blank is the reader's."""
    words = {code: code for code in languages.CODES} | {khmer.fold(name): code for code, name in languages.OWN_NAMES.items()}
    for language in languages.CODES:
        with override(language):
            words |= {khmer.fold(_("English")): "en", khmer.fold(_("Khmer")): "km"}
    return words | {"": languages.current()}
