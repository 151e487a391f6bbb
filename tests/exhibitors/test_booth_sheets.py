"""Booths as a sheet: what is written out comes in again, row by row, and changes nothing."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from cms import sheets
from exhibitors import booth_sheets
from exhibitors.models import Booth
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

HEAD = "code,hall,zone,block,x,y,width,depth,kind,open_sides,fitting,power,is_accessible,is_on_route,is_published\n"
A1 = "A1,Hall 1,Front,A,0,0,300,300,inline,S,shell,2000,no,yes,yes\n"


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition, name_en="Hall 1"), name_en="Front")


@pytest.fixture
def root(client):
    user = make.person("root@example.org", is_superuser=True)
    client.force_login(user)
    return user


def upload(text):
    return SimpleUploadedFile("booths.csv", text.encode())


def rows(text):
    return booth_sheets.understand(sheets.read(upload(text), most_rows=booth_sheets.MOST_ROWS))[0]


def told(edition, text):
    return [(line.name, str(line.outcome), line.reasons) for line in booth_sheets.plan(edition=edition, rows=rows(text))]


def bring_in(edition, text, user=None):
    return booth_sheets.carry_out(lines=booth_sheets.plan(edition=edition, rows=rows(text)), user=user)


def address(edition, end="booths/"):
    return f"/cms/exhibition/editions/{edition.pk}/{end}"


def test_new_booths_come_in_as_the_sheet_says_and_the_history_says_so(edition, zone, root):
    bring_in(edition, HEAD + A1, root)

    booth = Booth.objects.get()
    assert (booth.code, booth.zone, booth.edition, booth.block, booth.power) == ("A1", zone, edition, "A", 2_000)
    assert (booth.is_accessible, booth.is_on_route, booth.is_published) == (False, True, True)
    assert list(ModelLogEntry.objects.values_list("action", "object_id", "user")) == [
        ("exhibitors.bring_in", str(booth.pk), root.pk)
    ]


def test_the_same_sheet_again_changes_nothing(edition, zone, root):
    bring_in(edition, HEAD + A1, root)

    assert told(edition, HEAD + A1) == [("A1", "same", [])]
    bring_in(edition, HEAD + A1, root)
    assert (Booth.objects.count(), ModelLogEntry.objects.count()) == (1, 1)


def test_a_booth_is_found_by_its_code_and_keeps_what_the_sheet_does_not_say(edition, zone):
    booth = make.booth(zone, "A1", power=2_000, block="A", fitting="raw")

    assert told(edition, "Code,Power\nA1,3000\n") == [("A1", "changed", [])]
    bring_in(edition, "Code,Power\nA1,3000\n")

    booth.refresh_from_db()
    assert (booth.power, booth.block, booth.fitting) == (3_000, "A", "raw")


def test_bad_rows_say_why_and_never_stop_good_ones(edition, zone):
    bad = [
        "A2,Hall 2,Front,A,0,0,300,300,inline,S,shell,0,no,no,yes\n",
        "A3,Hall 1,Front,A,5900,0,300,300,inline,S,shell,0,no,no,yes\n",
        "A4,Hall 1,Front,A,0,0,300,300,island,S,shell,0,no,no,yes\n",
        "A5,Hall 1,Front,A,x,0,300,300,inline,S,shell,0,no,no,yes\n",
        "A6,Hall 1,Front,A,0,0,300,300,inline,S,shell,0,perhaps,no,yes\n",
        "a 7,Hall 1,Front,A,0,0,300,300,inline,S,shell,0,no,no,yes\n",
    ]

    lines = bring_in(edition, HEAD + "".join(bad) + A1 + A1)

    assert [(line.number, line.name, str(line.outcome), line.reasons) for line in lines] == [
        (2, "A2", "refused", ["There is no zone “Front” in a hall “Hall 2”."]),
        (3, "A3", "refused", ["The booth reaches beyond the walls of the hall."]),
        (4, "A4", "refused", ["The open sides do not fit the type of booth."]),
        (5, "A5", "refused", ["x: Enter a whole number."]),
        (6, "A6", "refused", ["is_accessible: write yes or no."]),
        (7, "a 7", "refused", ["code: Use capital Latin letters, digits and hyphens."]),
        (8, "A1", "new", []),
        (9, "A1", "refused", ["The same code stands in row 8."]),
    ]
    assert list(Booth.objects.values_list("code", flat=True)) == ["A1"]


def test_booths_and_zones_of_another_edition_are_not_touched(edition, zone):
    other = make.zone(make.hall(editions.edition("other"), name_en="Hall 1"), name_en="Front")
    make.booth(other, "A1", power=1)

    bring_in(edition, HEAD + A1)

    assert sorted(Booth.objects.values_list("edition__slug", "power")) == [("next", 2_000), ("other", 1)]


def test_who_was_quicker_meanwhile_wins(edition, zone):
    lines = booth_sheets.plan(edition=edition, rows=rows(HEAD + A1))
    make.booth(zone, "A1", power=1)

    (line,) = booth_sheets.carry_out(lines=lines, user=None)

    assert (str(line.outcome), line.reasons) == ("refused", ["Another booth of this edition has this code."])
    assert Booth.objects.get().power == 1


def test_what_is_written_out_comes_in_again_and_is_the_same(client, root, edition):
    odd = make.zone(make.hall(edition, name_en="=Hall, “1”"), name_en="-A")
    make.booth(odd, "A1", kind="corner", open_sides="NW", fitting="raw", power=9_000, is_accessible=True, block="P")
    make.booth(odd, "A2", x=300, is_published=False, is_on_route=True)

    written = b"".join(client.get(address(edition, "booths.csv")).streaming_content).decode()
    assert [outcome for _code, outcome, _reasons in told(edition, written)] == ["same", "same"]

    Booth.objects.all().delete()
    bring_in(edition, written)
    assert b"".join(client.get(address(edition, "booths.csv")).streaming_content).decode() == written


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("zone\nFront\n", "The first row must hold headings, among them “code”."),
        ("code,x,x\nA1,1,2\n", "The heading “x” stands there twice."),
        ("", "The first row must hold headings, among them “code”."),
    ],
)
def test_a_sheet_without_codes_or_with_a_heading_twice_is_refused_beside_its_field(client, root, edition, text, sentence):
    response = client.post(address(edition), {"sheet": upload(text)})

    assert (response.status_code, sentence in response.content.decode()) == (422, True)


def test_staff_see_what_a_sheet_would_do_and_then_do_it(client, root, edition, zone):
    dry = Page(client.post(address(edition), {"sheet": upload(HEAD + A1 + "A2,,,,,,,,,,,,,,\n")}))
    assert dry.words(".listing td")[:3] == ["2", "A1", "new"]
    assert dry.words(".listing td")[4:7] == ["3", "A2", "refused"]
    assert Booth.objects.count() == 0

    done = Page(client.post(address(edition), {"rows": dry.all("input[name=rows]")[0].get("value")}))
    assert done.words(".listing td")[:3] == ["2", "A1", "new"]
    assert Booth.objects.get().code == "A1"


@pytest.mark.parametrize("held", ["", "{}", "[[1]]", '[[2, {"pk": "1"}]]', '[["2", {"code": "A1"}]]', "[" * 200])
def test_what_is_sent_back_changed_is_refused(client, root, edition, held):
    response = client.post(address(edition), {"rows": held})

    assert (response.status_code, Booth.objects.count()) == (422, 0)


def test_a_sheet_to_fill_in_comes_in_again(client, root, edition, zone):
    content = client.get(address(edition, "booths.xlsx")).content

    table = sheets.read(SimpleUploadedFile("booths.xlsx", content), most_rows=10)

    assert booth_sheets.understand(table) == ([], [])


def test_the_list_leads_to_the_sheet(client, root, edition):
    links = [link.get("href") for link in get(client, "/cms/snippets/exhibitors/booth/").all("a")]

    assert address(edition) in links


@pytest.mark.parametrize("count", [1, 3])
def test_rows_that_change_nothing_cost_no_query(edition, zone, count, django_assert_num_queries):
    for booth in make.booths(zone, count):
        assert booth.pk
    text = "code,power\n" + "".join(f"A0{number + 1},0\n" for number in range(count))

    with django_assert_num_queries(2):
        booth_sheets.plan(edition=edition, rows=rows(text))


def test_what_the_page_holds_is_what_was_read(edition):
    held = json.loads(json.dumps(rows(HEAD + A1)))

    assert sheets.are_rows(held, booth_sheets.COLUMNS, most_rows=booth_sheets.MOST_ROWS)
    assert not sheets.are_rows([[2, {"code": "A" * 301}]], booth_sheets.COLUMNS, most_rows=booth_sheets.MOST_ROWS)
