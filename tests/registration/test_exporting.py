"""Registrations as a file: a column for each question, safe to open, streamed in as many queries for many as for few."""

import csv
import io

import openpyxl
import pytest

from forum.registration import answering
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/registration/registration/"


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    return client


def fill(edition, people=1):
    of = edition.pass_types.first() or make.pass_type(edition)
    tea = edition.questions.filter(kind="choices").first() or make.question(
        edition, "choices", label_en="Drinks", choices=["tea", "milk"]
    )
    text = edition.questions.filter(kind="text").first() or make.question(edition, label_en="Topic")
    for _person in range(people):
        answering.keep(make.registration(of=of), {tea: ["tea", "milk"], text: "=1+1 សុខ"})


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_csv_has_a_column_for_each_question_and_no_formula(organiser):
    edition = cms.edition()
    fill(edition)
    make.registration(of=edition.pass_types.get())

    found = rows(organiser.get(LIST, {"export": "csv"}))

    assert [(row["Drinks"], row["Topic"]) for row in found] == [("Tea, Milk", "'=1+1 សុខ"), ("", "")]


def test_xlsx_has_them_too(organiser):
    fill(cms.edition())

    sheet = openpyxl.load_workbook(io.BytesIO(organiser.get(LIST, {"export": "xlsx"}).getvalue())).active

    found = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (found["Drinks"].value, found["Topic"].value, found["Topic"].data_type) == ("Tea, Milk", "=1+1 សុខ", "s")


def test_a_list_of_one_edition_has_the_questions_of_that_one(organiser):
    here, elsewhere = cms.edition(), cms.edition(slug="other")
    fill(here)
    make.question(elsewhere, label_en="Elsewhere?")

    (row,) = rows(organiser.get(LIST, {"export": "csv", "edition": here.pk}))

    assert "Topic" in row and "Elsewhere?" not in row


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_of_many_costs_the_queries_of_one(organiser, django_assert_num_queries, kind):
    edition = cms.edition()
    fill(edition)
    organiser.get(LIST, {"export": kind}).getvalue()

    with django_assert_num_queries(QUERIES):
        organiser.get(LIST, {"export": kind}).getvalue()
    fill(edition, people=3)
    with django_assert_num_queries(QUERIES):
        organiser.get(LIST, {"export": kind}).getvalue()


QUERIES = 14
