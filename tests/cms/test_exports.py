"""Lists taken out as files: safe to open, Khmer intact, times on the organisers' clock."""

import csv
import io

import openpyxl
import pytest
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st

from cms import exports
from tests.factories import accounts
from tests.factories import registration as make

LIST = "/cms/snippets/registration/registration/"


@pytest.fixture
def person():
    return make.registration(
        name_latin="SOK Dara", name_km="សុខ ដារ៉ា", agency_name='=HYPERLINK("http://e.example","x")', position="@SUM(1)",
        phone="+855 12 345 678",
    )  # fmt: skip


def exported(client, kind) -> bytes:
    client.force_login(accounts.user(is_superuser=True))
    answer = client.get(LIST, {"export": kind})
    return answer.getvalue()


@pytest.mark.django_db
def test_csv_holds_no_formula_and_keeps_khmer(client, person):
    content = exported(client, "csv")

    assert content.startswith("\ufeff".encode())
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert {"សុខ ដារ៉ា", '\'=HYPERLINK("http://e.example","x")', "'@SUM(1)", "+855 12 345 678"} <= set(row.values())
    assert f"{localtime(person.registered_at):%Y-%m-%d %H:%M:%S}" in row.values()


@pytest.mark.django_db
def test_xlsx_holds_text_where_somebody_typed_a_formula(client, person):
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx"))).active

    cells = {cell.value: cell.data_type for cell in sheet[2]}
    assert cells['=HYPERLINK("http://e.example","x")'] == "s"
    assert "សុខ ដារ៉ា" in cells
    assert localtime(person.registered_at).replace(tzinfo=None, microsecond=0) in cells


@pytest.mark.parametrize("typed", ["=1", "@A1", "+A1", "-A1+1", "\t=1", "\r=1", "+cmd|' /C calc'!A0", "\n=1", "＝1+1"])
def test_what_would_be_calculated_is_marked(typed):
    assert exports.FORMULA.match(typed)


@pytest.mark.parametrize("typed", ["+855 12 345 678", "-5", "+1 (202) 555-0100", "2027-02-03", "a=b", "ឯកឧត្តម"])
def test_numbers_and_words_stay(typed):
    assert not exports.FORMULA.match(typed)


CELLS = st.one_of(st.text(max_size=40), st.none(), st.booleans(), st.integers(-(10**9), 10**9))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_a_workbook_gives_back_what_was_put_in(rows):
    content = b"".join(exports.stream_xlsx(["A", "ខ"], rows))

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]] == ["A", "ខ"]
    found = [[cell.value for cell in sheet[number]] for number in range(2, len(rows) + 2)]
    assert found == [[as_read(value) for value in row] for row in rows]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "b"}


def as_read(value):
    """XML has no control characters, and knows one kind of line's end."""
    if isinstance(value, str):
        return exports.NO_XML.sub("", value).replace("\r\n", "\n").replace("\r", "\n") or None
    return value


def test_a_cell_longer_than_excel_bears_is_cut():
    content = b"".join(exports.stream_xlsx(["A"], [["ក" * 40_000]]))

    assert len(openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value) == exports.CELL


@pytest.mark.parametrize("stream", [exports.stream_csv, exports.stream_xlsx])
def test_a_file_is_written_while_its_rows_are_read(stream):
    read = []

    def rows():
        for number in range(exports.AT_ONCE * 3):
            read.append(number)
            yield [number]

    parts = stream(["Number"], rows())
    next(parts)

    assert len(read) == exports.AT_ONCE
    assert b"".join(parts)


def test_a_heading_is_no_formula_either():
    content = b"".join(exports.stream_csv(["=1+1"], [["a"]]))

    assert content.decode("utf-8-sig") == "'=1+1\r\na\r\n"
