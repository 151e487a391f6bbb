"""Lists taken out as files: safe to open, Khmer intact, times on the organisers' clock."""

import csv
import io

import openpyxl
import pytest
from django.utils.timezone import localtime

from cms import overrides
from tests.factories import accounts
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
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


def test_csv_holds_no_formula_and_keeps_khmer(client, person):
    content = exported(client, "csv")

    assert content.startswith("\ufeff".encode())
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert {"សុខ ដារ៉ា", '\'=HYPERLINK("http://e.example","x")', "'@SUM(1)", "+855 12 345 678"} <= set(row.values())
    assert f"{localtime(person.registered_at):%Y-%m-%d %H:%M:%S}" in row.values()


def test_xlsx_holds_text_where_somebody_typed_a_formula(client, person):
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx"))).active

    cells = {cell.value: cell.data_type for cell in sheet[2]}
    assert cells['=HYPERLINK("http://e.example","x")'] == "s"
    assert "សុខ ដារ៉ា" in cells
    assert localtime(person.registered_at).replace(tzinfo=None, microsecond=0) in cells


@pytest.mark.parametrize("typed", ["=1", "@A1", "+A1", "-A1+1", "\t=1", "\r=1", "+cmd|' /C calc'!A0"])
def test_what_would_be_calculated_is_marked(typed):
    assert overrides.FORMULA.match(typed)


@pytest.mark.parametrize("typed", ["+855 12 345 678", "-5", "+1 (202) 555-0100", "2027-02-03", "a=b", "ឯកឧត្តម"])
def test_numbers_and_words_stay(typed):
    assert not overrides.FORMULA.match(typed)
