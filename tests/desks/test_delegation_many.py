"""Many people at once on the delegation's desk: typed in the grid, or brought by a sheet after its dry run."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from forum.registration.models import Places, Registration
from tests.factories import exhibitors
from tests.factories import registration as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db
HEADINGS = ["Full name in Latin letters", "Position"]


@pytest.fixture
def delegation():
    return make.delegation(exhibitors.agency("Ministry of Examples"), delegate=5, media=1)


@pytest.fixture
def focal(client, delegation):
    user = exhibitors.member(delegation.agency, email="focal@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def desk(delegation):
    return f"/en/desk/agencies/{delegation.agency.code}/next/delegation/"


def names():
    return list(Registration.objects.order_by("pk").values_list("name_latin", flat=True))


def grid(*rows):
    typed = {"form-TOTAL_FORMS": 10, "form-INITIAL_FORMS": 0}
    for number in range(10):
        row = {"pass_type": "", "name_latin": ""} | (rows[number] if number < len(rows) else {})
        typed |= {f"form-{number}-{name}": value for name, value in row.items()}
    return typed


def test_the_grid_offers_ten_rows(client, focal, desk):
    page = get(client, f"{desk}grid/")

    assert len(page.all("tbody tr")) == 10
    assert page.words("thead th") == [
        "No.", "Pass", "Form of address", "Title before the name", "Full name in Latin letters", "Full name in Khmer",
        "Position", "E-mail address", "Telephone",
    ]  # fmt: skip


def test_names_typed_are_registered_and_blank_rows_are_nobody(client, focal, desk):
    rows = [{"pass_type": "delegate", "name_latin": "SOK Dara"}, {}, {"pass_type": "media", "name_latin": "CHAN Bopha"}]

    response = client.post(f"{desk}grid/", grid(*rows), follow=True)

    assert response.redirect_chain == [(desk, 302)]
    assert "2 people are registered." in response.content.decode()
    assert names() == ["SOK Dara", "CHAN Bopha"]
    assert {person.language for person in Registration.objects.all()} == {"en"}


def test_good_rows_are_saved_and_bad_ones_stay_typed_with_what_is_wrong(client, focal, desk):
    rows = [
        {"pass_type": "delegate", "name_latin": "SOK Dara"},
        {"pass_type": "delegate", "name_latin": "", "position": "Director"},
        {"pass_type": "media", "name_latin": "CHAN Bopha"},
        {"pass_type": "media", "name_latin": "KEO Vanna"},
        {"pass_type": "", "name_latin": "LIM Sophea"},
    ]

    response = client.post(f"{desk}grid/", grid(*rows))

    page = Page(response)
    assert response.status_code == 422
    assert names() == ["SOK Dara", "CHAN Bopha"]
    assert "2 people are registered." in response.content.decode()
    written = [row.get("value") for row in page.all("input[name$=name_latin]")]
    assert written[:5] == [None, None, None, "KEO Vanna", "LIM Sophea"]
    rows = page.all("tbody tr")
    wrong = [number for number, row in enumerate(rows) if "This field is required." in row.text_content()]
    assert wrong == [1, 4]
    assert "Your delegation has no place of this pass left." in rows[3].text_content()
    assert [row.get("value") for row in page.all("input[name$=position]")][1] == "Director"


def test_with_one_pass_alone_a_blank_row_is_nobody_though_the_pass_is_chosen(client, focal, desk):
    Places.objects.filter(pass_type__slug="media").delete()
    blank = {"pass_type": "delegate"}

    response = client.post(f"{desk}grid/", grid({"pass_type": "delegate", "name_latin": "SOK Dara"}, *[blank] * 9))

    assert response.status_code == 302
    assert names() == ["SOK Dara"]


def test_with_one_pass_alone_rows_that_were_registered_come_back_blank_and_quiet(client, focal, desk):
    Places.objects.filter(pass_type__slug="media").delete()
    rows = [{"pass_type": "delegate", "name_latin": "SOK Dara"}, {"pass_type": "delegate", "name_latin": "សុខ"}]

    page = Page(client.post(f"{desk}grid/", grid(*rows)))

    assert names() == ["SOK Dara"]
    first, second = page.all("tbody tr")[:2]
    assert "This field is required." not in first.text_content()
    assert "Write this name in Latin letters." in second.text_content()
    assert [row.get("value") for row in page.all("input[name$=name_latin]")][:2] == [None, "សុខ"]


def sheet(*rows, headings=HEADINGS):
    book = openpyxl.Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("names.xlsx", target.getvalue())


def held(response):
    (field,) = Page(response).all("input[name=rows]")
    return {"rows": field.get("value")}


@pytest.fixture
def one_pass():
    Places.objects.filter(pass_type__slug="media").delete()


def test_a_sheet_first_says_what_it_would_do_and_does_it_then(client, focal, desk, one_pass):
    response = client.post(f"{desk}sheet/", {"sheet": sheet(["SOK Dara", "Director"], ["សុខ", ""], ["CHAN Bopha", ""])})

    page = Page(response)
    assert page.words(".figures strong") == ["2", "0", "0", "1"]
    assert page.words("table:first-of-type td")[:3] == [
        "3", "សុខ", "mistake Full name in Latin letters: Write this name in Latin letters.",
    ]  # fmt: skip
    assert names() == []

    response = client.post(f"{desk}sheet/", held(response))

    page = Page(response)
    assert page.words("h1") == ["What the sheet did"]
    assert page.words(".figures strong") == ["2", "0", "0", "1"]
    assert names() == ["SOK Dara", "CHAN Bopha"]

    response = client.post(f"{desk}sheet/", {"sheet": sheet(["SOK Dara", "Director"], ["សុខ", ""], ["CHAN Bopha", ""])})
    assert Page(response).words(".figures strong") == ["0", "0", "2", "1"]
    assert not Page(response).all("input[name=rows]")


def test_columns_that_were_not_read_are_named(client, focal, desk, one_pass):
    response = client.post(f"{desk}sheet/", {"sheet": sheet(["SOK Dara", "M"], headings=[HEADINGS[0], "Size of shirt"])})

    assert "Size of shirt" in response.content.decode()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("names.csv", "Nom\nDésirée".encode("cp1252")), "old encoding"),
        (SimpleUploadedFile("names.xlsx", b"PK\x03\x04"), "cannot be read"),
        (SimpleUploadedFile("names.csv", b""), "must hold headings"),
        ("", "required"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(client, focal, desk, file, sentence):
    if file:
        file.seek(0)

    response = client.post(f"{desk}sheet/", {"sheet": file})

    assert response.status_code == 422
    (errors,) = Page(response).words(".field .errors, .field .errorlist")
    assert sentence in errors


@pytest.mark.parametrize(
    "rows",
    ["no json", "{}", "[1]", "[[1, 2]]", '[["1", {}]]', '[[1, {"state": "x"}]]', '[[1, {"name_latin": 1}]]',
     json.dumps([[1, {}]] * 501), json.dumps([[1, {"name_latin": "x" * 301}]])],
)  # fmt: skip
def test_rows_that_no_page_of_ours_sent_do_nothing(client, focal, desk, rows):
    assert client.post(f"{desk}sheet/", {"rows": rows}).status_code == 422
    assert names() == []


def test_after_the_time_no_sheet_is_taken(client, focal, delegation, desk, one_pass):
    delegation.closes_at = timezone.now()
    delegation.save()

    page = get(client, f"{desk}sheet/")
    client.post(f"{desk}sheet/", {"rows": '[[2, {"name_latin": "SOK Dara"}]]'})

    assert not page.all("main input")
    assert names() == []


def test_the_template_is_a_sheet_that_is_understood(client, focal, desk):
    response = client.get(f"{desk.replace('/en/', '/km/')}sheet/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    row = {cell.value: "" for cell in book.active[1]}
    assert len(row) == 9
    values = ["7", "Media", "ឯកឧត្តម", "SOK Dara", "សុខ ដារ៉ា", "Director", "dara@example.org", "012345678", "ខ្មែរ"]
    for column, value in enumerate(values, start=1):
        book.active.cell(2, column, value)
    target = io.BytesIO()
    book.save(target)

    client.post(f"{desk}sheet/", held(client.post(f"{desk}sheet/", {"sheet": SimpleUploadedFile("x", target.getvalue())})))

    person = Registration.objects.get()
    assert (person.external_key, person.pass_type.slug, person.honorific, person.name_km, person.phone, person.language) == (
        "7", "media", "excellency", "សុខ ដារ៉ា", "+855 12 345 678", "km",
    )  # fmt: skip


@pytest.mark.parametrize("page", ["grid/", "sheet/", "sheet/template.xlsx"])
@pytest.mark.parametrize("who", ["stranger", "focal point of another agency", "colleague"])
def test_nobody_else_names_anybody(client, delegation, desk, who, page):
    if who == "focal point of another agency":
        client.force_login(exhibitors.member(make.delegation(exhibitors.agency("Other Ministry")).agency))
    elif who == "colleague":
        client.force_login(exhibitors.member(delegation.agency, role="colleague"))

    rows = grid({"pass_type": "delegate", "name_latin": "SOK Dara"})
    for response in (client.get(desk + page), client.post(desk + page, rows | {"rows": "[]"})):
        assert response.status_code in ({302} if who == "stranger" else {404, 405})
    assert names() == []
