"""The plan of a hall on paper: what the screen shows, and an index in both languages."""

import io
import re
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse
from django.utils import translation

from cms import pdf_pages
from exhibitors import painting, printing
from tests.factories import accounts
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db

RIGHTS = ["wagtailadmin.access_admin", "exhibitors.view_hall", "exhibitors.view_booking"]
TOKENS = Path(__file__).resolve().parent.parent.parent / "static" / "css" / "tokens.css"


@pytest.fixture
def edition():
    return editions.edition(name_en="Forum", name_km="វេទិកា")


@pytest.fixture
def zone(edition):
    hall = make.hall(edition, name_en="Hall 1", name_km="សាល ១")
    return make.zone(hall, name_en="Public services", name_km="សេវាសាធារណៈ", colour="blue", pattern="waves")


def texts(page):
    return [line.text for line in page.lines]


def test_plan_names_hall_zone_booths_and_doors_in_both_languages(zone):
    make.booth(zone, "A01")
    make.booking(make.booth(zone, "A02", x=300), make.agency("Post", name_km="ប្រៃសណីយ៍"))
    make.structure(zone.hall, "exit", x=1_000, y=0, width=240, depth=20)
    make.structure(zone.hall, "exit", x=0, y=2_000, width=20, depth=240)
    make.structure(zone.hall, "stage", name_en="Main stage", name_km="ឆាកធំ", width=800, depth=400)

    plan, _names, _booths = printing.pages(zone.hall)

    said = texts(plan)
    assert said[:2] == ["វេទិកា · Forum", "សាល ១ · Hall 1"]
    assert {"A01", "A02", "Post", "ប្រៃសណីយ៍", "សេវាសាធារណៈ · Public services"} <= set(said)
    assert {"ឆាកធំ", "Main stage"} <= set(said)
    assert [said.count(words) for words in ("Emergency exit", "ច្រកចេញសង្គ្រោះបន្ទាន់ · Emergency exit")] == [1, 1]
    assert {"Emergency", "exit"} <= set(said), "in the west, on the narrow ground before the door"
    assert said[-1] == "1 / 3"


def test_legend_tells_what_the_sheet_shows(zone):
    make.booth(zone)
    make.structure(zone.hall, "pillar")

    (plan,) = printing.pages(zone.hall)

    assert texts(plan)[-7:-2] == [
        "អ្នកតាំងពិព័រណ៍ · exhibitor",
        "គ្មានអ្នកតាំងពិព័រណ៍នៅឡើយ · no exhibitor yet",
        "ជញ្ជាំង៖ ជ្រុងបិទ · wall: closed side",
        "សសរ · Pillar",
        "សេវាសាធារណៈ · Public services",
    ]


def test_index_has_every_confirmed_exhibitor_by_booth_in_both_languages(zone):
    _free, held, second, first = (make.booth(zone, code, x=300 * n) for n, code in enumerate(["A1", "A3", "A10", "A2"]))
    make.booking(held, make.agency("Quiet Agency"), "held")
    make.booking(second, make.agency("Open Agency"))
    make.booking(first, make.agency("Post", name_km="ប្រៃសណីយ៍"))

    _plan, _names, index = printing.pages(zone.hall)

    assert texts(index)[2:-2] == ["A2", "ប្រៃសណីយ៍", "Post", "A10", "Open Agency"]


def test_exhibitors_are_found_by_name_in_the_order_of_each_language(zone):
    first, second, third = make.booths(zone, 3)
    post = make.agency("Post", name_km="ប្រៃសណីយ៍")
    make.booking(third, post)
    make.booking(first, make.agency("Åland Academy", name_km="ហ"))
    make.booking(second, post)

    _plan, index, _booths = printing.pages(zone.hall)

    khmer, latin = ["ប្រៃសណីយ៍", "A02, A03", "ហ", "A01"], ["Åland Academy", "A01", "Post", "A02, A03"]
    assert texts(index)[2:-2] == ["ខ្មែរ", *khmer, "English", *latin]


def test_an_agency_without_a_khmer_name_stands_in_both_lists(zone):
    make.booking(make.booth(zone), make.agency("Post"))

    _plan, index, _booths = printing.pages(zone.hall)

    assert texts(index)[2:-2] == ["ខ្មែរ", "Post", "A01", "English", "Post", "A01"]


def test_co_exhibitors_and_pavilions_are_found_by_name_too(zone):
    pavilion = make.pavilion(zone.hall.edition, name_en="World Pavilion")
    agency = make.agency("Post")
    make.application(zone.hall.edition, agency, co_exhibitors="Savings Bank\nZoo", state="accepted")
    make.booking(make.booth(zone), agency)
    make.booth(zone, "A02", x=300, pavilion=pavilion)

    _plan, index, _booths = printing.pages(zone.hall)

    english = texts(index)[texts(index).index("English") + 1 : -2]
    assert english == ["Post", "A01", "Savings Bank", "A01", "World Pavilion", "A02", "Zoo", "A01"]


def test_index_by_name_holds_a_hundred_and_twenty_agencies_on_paper_and_goes_on(zone):
    names = [
        f"Department {number:03} of {'Exceedingly Long Administrative Designations ' * (number % 3)}"
        for number in range(120)
    ]
    for number, name in enumerate(names):
        make.booking(make.booth(zone, f"A{number:03}"), make.agency(name.strip(), name_km=f"នាយកដ្ឋាន{number:03}"))

    _plan, *indexes, _booths, _more = printing.pages(zone.hall)

    lines = [line for page in indexes for line in page.lines]
    assert len(indexes) == 3
    assert [sum(line.text == f"A{number:03}" for line in lines) for number in range(120)] == [2] * 120
    assert not any("…" in line.text for line in lines)
    assert min(line.size for line in lines) >= 7
    for page in indexes:
        for line in page.lines[2:-2]:
            left, right = pdf_pages.ends(line, "en")
            fits = line.left - 0.1 <= left and right <= line.left + line.width + 0.1
            assert (fits, line.top + line.height <= printing.BOTTOM) == (True, True)
        assert apart(page.lines[2:-2])


def apart(lines):
    """Whether no line of an index lies on another."""
    boxes = sorted((line.left, line.top, line.top + line.height) for line in lines)
    return all(left != other or bottom <= top + 0.01 for (left, _top, bottom), (other, top, _end) in pairwise(boxes))


def test_more_booths_than_a_line_takes_are_all_told(zone):
    agency = make.agency("Post")
    for booth in make.booths(zone, 60):
        make.booking(booth, agency)

    _plan, index, _booths = printing.pages(zone.hall)

    assert " ".join(texts(index)).count("A60") == 2


def test_who_is_not_on_the_public_plan_is_in_no_index(zone):
    make.booking(make.booth(zone, "A01"), make.agency("Quiet Agency"), "held")
    make.booking(make.booth(zone, "A02", is_published=False, x=300), make.agency("Hidden Agency"))
    make.booking(make.booth(make.zone(make.hall(zone.hall.edition)), "B01"), make.agency("Other Hall"))

    (plan,) = printing.pages(zone.hall)

    assert not {"Quiet Agency", "Hidden Agency", "Other Hall"} & set(texts(plan))


def test_who_holds_a_booth_is_not_printed(zone):
    make.booking(make.booth(zone), make.agency("Quiet Agency", name_km="ស្ងាត់"), "held")

    (plan,) = printing.pages(zone.hall)

    assert not {"Quiet Agency", "ស្ងាត់"} & set(texts(plan))


def test_index_goes_on_where_a_page_is_full(zone):
    most = printing.ROWS * printing.COLUMNS
    for number in range(most + 1):
        make.booking(make.booth(zone, f"A{number}", x=0, y=0), make.agency(f"Agency {number}"))

    plan, *_names, full, last = printing.pages(zone.hall)

    assert (texts(full)[-3], texts(last)[2:4]) == (f"Agency {most - 1}", [f"A{most}", f"Agency {most}"])
    assert (texts(plan)[-1], texts(last)[-1]) == ("1 / 5", "5 / 5")


def test_a_hall_without_booths_is_drawn_too(edition):
    hall = make.hall(edition, name_en="Empty")
    make.structure(hall, "entrance", x=0, y=0, width=300, depth=20)

    (plan,) = printing.pages(hall)

    assert "Empty" in texts(plan) and "Entrance" in texts(plan)


def test_names_stay_in_their_booths_or_are_left_to_the_index(zone):
    make.booking(make.booth(zone, "A01"), make.agency("Bureau of " + "Exceedingly Long Administrative Designations " * 4))
    make.booking(make.booth(zone, "A02", x=300), make.agency("Post"))

    plan, _names, index = printing.pages(zone.hall)

    sheet = [line for line in plan.lines if line.text in ("A01", "A02", "Post") or "Exceedingly" in line.text]
    assert [line.text for line in sheet] == ["A01", "A02", "Post"]
    assert any("Exceedingly" in text for text in texts(index))
    for line in sheet:
        left, right = pdf_pages.ends(line, "en")
        assert (left >= line.left, right <= line.left + line.width) == (True, True)


def test_names_are_not_broken_inside_a_word(zone):
    name = "Ministry of Labour and Vocational Training"
    make.booking(make.booth(zone, "A01"), make.agency(name, name_km="ក្រសួងការងារ និងបណ្តុះបណ្តាលវិជ្ជាជីវៈ"))
    make.booking(make.booth(zone, "A02", x=300), make.agency("Post and Telecommunications"))

    for page in printing.pages(zone.hall):
        latin = [word for text in texts(page) for word in text.split() if word.isascii() and word.isalpha()]
        known = set((name + " Post and Telecommunications").split())
        assert [word for word in latin if word not in known and any(word in whole for whole in known)] == []


@pytest.mark.parametrize("width", [1_000, 6_000, 40_000])
def test_all_words_stay_on_the_paper(edition, width):
    hall = make.hall(edition, width=width, depth=1_000)
    make.booking(make.booth(make.zone(hall)), make.agency(name_km="ក្រសួង"))
    for kind, x, y, wide, deep in [
        ("exit", 0, 500, 20, 200),
        ("entrance", width - 20, 500, 20, 200),
        ("exit", 0, 980, 300, 20),
    ]:
        make.structure(hall, kind, x=x, y=y, width=wide, depth=deep)

    for page in printing.pages(hall):
        for line in page.lines:
            left, right = pdf_pages.ends(line, "en")
            assert (left >= 0, right <= page.width, line.top >= 0, line.top + line.height <= page.height) == (True,) * 4


@pytest.mark.parametrize("count", [1, 3])
def test_plan_takes_as_many_queries_for_three_booths_as_for_one(zone, count, django_assert_num_queries):
    for booth in make.booths(zone, count):
        make.booking(booth)

    with django_assert_num_queries(4):
        printing.pages(zone.hall)


def test_colours_of_paper_are_those_of_the_screen():
    light = TOKENS.read_text().partition("@media")[0]
    assert {str(colour): code for colour, code in painting.COLOURS.items()} == dict(
        re.findall(r"--zone-(\w+): (#\w+);", light)
    )


def test_curves_of_a_pattern_are_drawn_as_they_bend():
    assert list(painting._strokes("M0 50Q25 10 50 50T100 50")) == [
        "0 50.00 m",
        "16.67 23.33 33.33 23.33 50.00 50.00 c",
        "66.67 76.67 83.33 76.67 100.00 50.00 c",
        "S",
    ]


def test_staff_who_see_halls_take_the_plan_as_pdf(client, zone):
    make.booking(make.booth(zone))
    client.force_login(accounts.user(*RIGHTS))

    response = client.get(reverse("exhibition_plan_paper", args=[zone.hall.pk]))

    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    assert response["Content-Disposition"] == 'inline; filename="plan-next-hall-1.pdf"'


def test_the_list_of_halls_leads_to_both_papers(client, zone):
    client.force_login(accounts.user(*RIGHTS))

    page = client.get(reverse("wagtailsnippets_exhibitors_hall:list")).content.decode()

    assert reverse("exhibition_plan_paper", args=[zone.hall.pk]) in page
    assert reverse("exhibition_fascia_signs", args=[zone.hall.pk]) in page


def test_titles_follow_the_language_of_the_reader(zone):
    make.booth(zone)

    with translation.override("km"):
        drawn = printing.render(zone.hall)

    with pikepdf.open(io.BytesIO(drawn)) as paper:
        assert (str(paper.Root.Lang), str(paper.docinfo.Title)) == ("km", "វេទិកា – សាល ១")
