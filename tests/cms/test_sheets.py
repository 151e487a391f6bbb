"""Sheets that people send: read as text, or refused with a sentence, in bounded memory."""

import io
import struct
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from cms import sheets

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def upload(content: bytes):
    return SimpleUploadedFile("names", content)


def xlsx(*rows, change=None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, **parts) -> bytes:
    """The same file with some of its parts replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], old.read(name)))
    return target.getvalue()


def with_strings(part: bytes) -> bytes:
    """As Excel itself writes: the words apart from the cells."""
    target = io.BytesIO(xlsx(["Name"]))
    types = (
        zipfile.ZipFile(target)
        .read("[Content_Types].xml")
        .replace(
            b"</Types>",
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            b'spreadsheetml.sharedStrings+xml"/></Types>',
        )
    )
    cell = b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>' % MAIN
    content = repacked(target.getvalue(), **{"[Content_Types]": types, "sheet1": cell})
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", part)
    return target.getvalue()


def refusal(content: bytes, most_rows=10) -> str:
    with pytest.raises(ValidationError) as refused:
        sheets.read(upload(content), most_rows=most_rows)
    return refused.value.code


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_however_excel_writes_it(delimiter, encoding):
    text = f"Name{delimiter}Khmer\r\nSOK Dara{delimiter}សុខ ដារ៉ា\r\n"

    assert sheets.read(upload(text.encode(encoding)), most_rows=10) == [(1, ["Name", "Khmer"]), (2, ["SOK Dara", "សុខ ដារ៉ា"])]


def test_blank_rows_count_for_the_numbers_alone():
    rows = sheets.read(upload(b"Name\n\n ,\nSOK Dara\n"), most_rows=1)

    assert rows == [(1, ["Name"]), (4, ["SOK Dara"])]


def test_cells_are_text_whatever_they_hold():
    row = ["=1+1", 12345678.0, 12.5, True, "  padded "]

    ((_number, cells),) = sheets.read(upload(xlsx(row)), most_rows=10)

    assert cells[:5] == ["=1+1", "12345678", "12.5", "True", "padded"]


@pytest.mark.parametrize("content", [xlsx(*[["Name"]] * 12), ("Name\n" * 12).encode()])
def test_too_many_rows_are_refused(content):
    assert refusal(content) == "rows"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * (sheets.MOST_BYTES + 1), "large"),
        ("សុខ ដារ៉ា".encode("utf-16-le")[:7] + b"\x00", "kind"),
        ("Name\nDésirée".encode("cp1252"), "encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 the old XLS", "kind"),
        (b"%PDF-1.7", "kind"),
        (b"PK\x03\x04 broken", "unreadable"),
        (repacked(xlsx(["Name"]), sheet1=b"<worksheet><not closed"), "unreadable"),
        (repacked(xlsx(["Name"]), workbook=b""), "unreadable"),
        (b'"' + b"x" * 200_000, "unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content, code):
    assert refusal(content) == code


def test_a_file_that_unpacks_to_far_more_is_refused_before_it_is_unpacked():
    bomb = repacked(xlsx(["Name"]), sheet1=b"<worksheet>" + b" " * 300_000_000)
    assert len(bomb) < sheets.MOST_BYTES

    tracemalloc.start()
    code = refusal(bomb)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert code == "large"
    assert peak < 20_000_000


def test_a_file_that_lies_about_its_size_is_read_no_further_than_it_says():
    bomb = bytearray(repacked(xlsx(["Name"]), sheet1=b"<worksheet>" + b" " * 100_000_000))
    while (place := bomb.find(struct.pack("<I", 100_000_011))) >= 0:
        bomb[place : place + 4] = struct.pack("<I", 5_000)

    tracemalloc.start()
    code = refusal(bytes(bomb))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert code == "unreadable"
    assert peak < 20_000_000


def test_words_kept_apart_from_their_cells_are_read():
    content = with_strings(b'<sst xmlns="%s"><si><t>SOK Dara</t></si></sst>' % MAIN)

    assert sheets.read(upload(content), most_rows=10)[0][1][0] == "SOK Dara"


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(9))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [{ENTITIES}]><x>&e8;</x>'.encode()


@pytest.mark.parametrize(
    "content",
    [repacked(xlsx(["Name"]), sheet1=BOMB), repacked(xlsx(["Name"]), workbook=BOMB), with_strings(BOMB)],
    ids=["sheet", "book", "words"],
)
def test_entities_that_grow_are_refused(content):
    assert refusal(content) == "unreadable"


def test_what_is_packed_in_unbounded_steps_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("xl/workbook.xml", b" " * 1_000_000)

    assert refusal(target.getvalue()) == "unreadable"


def test_a_row_numbered_beyond_all_sheets_takes_no_time():
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="4000000000"><c t="inlineStr"><is><t>Name</t></is></c></row></sheetData></worksheet>'
    )

    assert sheets.read(upload(repacked(xlsx(["Name"]), sheet1=far)), most_rows=10) == []


def test_the_template_is_read_back_with_its_headings_and_offers_its_choices():
    made = sheets.template("Names: [all]", [("Pass", "Which", ["Delegate", "Media"]), ("Name", "", [])])

    ((number, cells),) = sheets.read(upload(made), most_rows=10)

    assert (number, cells[:2]) == (1, ["Pass", "Name"])
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    (first, _second) = sheet.data_validations.dataValidation
    assert (first.formula1, first.prompt) == ("choices!$A$1:$A$2", "Which")
    assert sheet.column_dimensions["B"].number_format == "@"
