"""Tables that people send: XLSX and CSV, read as text in bounded memory, whatever is in them; and templates to fill in.

A sheet comes from somebody else's program, often with an older one behind it. What cannot be read is refused with a sentence
that says what to do; a formula is text like any other.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cms import dates, khmer

MOST_BYTES = 2_000_000
MOST_UNPACKED = 8_000_000  # bytes; some twenty times what a thousand people take
MOST_PARTS = 200
COLUMNS = 40
CELL = 1_000  # characters
EXCEL_ROWS = 1_048_576  # its own most: a row numbered beyond it is no row
TEMPLATE_ROWS = 1_001
DELIMITERS = ",;\t"
# Others unpack their data in steps that zipfile does not bound.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

LONGEST = 300  # characters of a value; longer than any of them may be, so what is cut is refused

Row = tuple[int, list[str]]  # its number in the sheet, from 1, and its cells
Values = dict[str, str]  # by the names of columns


class Outcome(StrEnum):
    """What a row of a sheet that is brought in does, or did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


def read(file, *, most_rows: int) -> list[Row]:
    """The rows that hold anything. ``file`` is an upload; refuses with codes ``large``, ``rows``, ``kind``, ``encoding`` and
    ``unreadable``."""
    if file.size > MOST_BYTES:
        raise ValidationError(
            _("This file is too large: at most %(size)s MB.") % {"size": dates.digits(str(MOST_BYTES // 1_000_000))}, "large"
        )
    content = file.read(MOST_BYTES + 1)
    cells = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    rows = []
    for number, row in enumerate(cells, start=1):
        if not any(row):
            continue
        if len(rows) > most_rows:  # one more is the row of headings
            count = dates.digits(str(most_rows))
            raise ValidationError(_("This sheet has more than %(count)s rows. Send it in parts.") % {"count": count}, "rows")
        rows.append((number, row))
    return rows


def _xlsx(content: bytes) -> Iterator[list[str]]:
    _refuse_bomb(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=EXCEL_ROWS, max_col=COLUMNS, values_only=True):
            yield [_text(value) for value in row]
    except Exception as trouble:  # the reader meets a foreign file with any error there is
        raise _unreadable() from trouble


def _refuse_bomb(content):
    """What unpacks to more than a sheet needs. zipfile yields no more than a part says of itself, so saying is binding."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as trouble:
        raise _unreadable() from trouble
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ValidationError(_("This file holds far more than a sheet of names. Copy the rows into a new one."), "large")
    if any(part.compress_type not in PACKED for part in parts):
        raise _unreadable()


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_text(value) for value in row[:COLUMNS]]
    except csv.Error as trouble:
        raise _unreadable() from trouble


def _decoded(content):
    """UTF-8, or UTF-16 as Excel writes “Unicode text”. What is older has lost Khmer letters already or garbles names."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")) or b"\x00" in content:
            raise ValidationError(_("This is neither XLSX nor CSV. Save the sheet as XLSX and send that."), "kind")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValidationError(
            _("This CSV file is in an old encoding in which names would be garbled. Save it as “CSV UTF-8” or as XLSX."),
            "encoding",
        ) from None


def _unreadable():
    return ValidationError(_("This file cannot be read. Open it, save it as XLSX once more, and send that."), "unreadable")


def _text(value) -> str:
    """What stands in a cell as one writes it; a telephone number that became a number keeps its digits."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime | datetime.date):
        value = value.isoformat()
    return str(getattr(value, "text", value))[:CELL].strip()


def understand(
    table: list[Row], known: Mapping[str, str], *, needed: str, heading: str
) -> tuple[list[tuple[int, Values]], list[str]]:
    """The rows by the names of columns, and the headings that mean nothing here. ``known`` says which column each heading
    means, folded. Refuses with ``columns`` where the column ``needed``, under its ``heading``, is missing or one stands
    there twice."""
    first = table[0][1] if table else []
    columns = [known.get(khmer.fold(heading)) for heading in first]
    if needed not in columns:
        raise ValidationError(
            _("The first row must hold headings, among them “%(heading)s”.") % {"heading": heading}, "columns"
        )
    if twice := [heading for heading, name in zip(first, columns, strict=True) if name and columns.count(name) > 1]:
        raise ValidationError(_("The heading “%(heading)s” stands there twice.") % {"heading": twice[0]}, "columns")
    ignored = [heading for heading, name in zip(first, columns, strict=True) if heading and not name]
    rows = [
        (number, {name: cell[:LONGEST] for name, cell in zip(columns, cells, strict=False) if name})
        for number, cells in table[1:]
    ]
    return rows, ignored


def are_rows(rows, columns: Iterable[str], *, most_rows: int) -> bool:
    """Whether what a page has held between a dry run and the doing is still what was understood."""
    return isinstance(rows, list) and len(rows) <= most_rows and all(_is_row(row, set(columns)) for row in rows)


def _is_row(row, columns) -> bool:
    return (
        isinstance(row, list)
        and len(row) == 2
        and type(row[0]) is int
        and isinstance(row[1], dict)
        and set(row[1]) <= columns
        and all(isinstance(cell, str) and len(cell) <= LONGEST for cell in row[1].values())
    )


def template(title: str, columns: Iterable[tuple[str, str, list[str]]]) -> bytes:
    """An empty XLSX to fill in: (heading, what it means, the values to choose from) for each column. The meaning appears
    beside a cell that is being filled; columns are text, so that no reference or telephone number loses its zeros."""
    book = openpyxl.Workbook()
    sheet, choices = book.active, book.create_sheet("choices")
    choices.sheet_state = "hidden"
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", title)[:31]
    sheet.freeze_panes = "A2"
    for number, (heading, meaning, values) in enumerate(columns, start=1):
        letter = get_column_letter(number)
        cell = sheet.cell(1, number, heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].width = 26
        sheet.column_dimensions[letter].number_format = "@"
        for place, value in enumerate(values, start=1):
            choices.cell(place, number, value)
        hint = DataValidation(
            type="list" if values else None,
            formula1=f"choices!${letter}$1:${letter}${len(values)}" if values else None,
            allow_blank=True,
            prompt=meaning[:255] or None,
            showInputMessage=bool(meaning),
            showErrorMessage=False,  # another spelling is understood too, or reported
        )
        hint.add(f"{letter}2:{letter}{TEMPLATE_ROWS}")
        sheet.add_data_validation(hint)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
