"""Signs of booths: one for each fascia, in both languages, within its edges."""

import io
import shutil
import subprocess
from itertools import pairwise

import pikepdf
import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from cms import pdf_pages
from exhibitors import signs
from tests.factories import accounts
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db

RIGHTS = ["wagtailadmin.access_admin", "exhibitors.view_booking"]
LONG_EN = "Ministry of Land Management, Urban Planning, Construction and Whatever Else Has To Be Built " * 2
LONG_KM = "ក្រសួងរៀបចំដែនដី នគរូបនីយកម្ម និងសំណង់ " * 4


@pytest.fixture
def zone():
    return make.zone(make.hall(editions.edition(), name_en="Hall 1"))


def written(zone):
    return [[line.text for line in page.lines] for page in signs.pages(zone.hall)]


def test_a_sign_has_the_code_and_the_khmer_name_above_the_latin(zone):
    make.booking(make.booth(zone), make.agency("Open Agency", name_km="ទីភ្នាក់ងារ"))

    ((code, above, beneath),) = [page.lines for page in signs.pages(zone.hall)]

    assert [line.text for line in (code, above, beneath)] == ["A01", "ទីភ្នាក់ងារ", "Open Agency"]
    assert above.top < beneath.top
    assert above.size > beneath.size


def test_without_a_khmer_name_the_latin_one_has_all_the_height(zone):
    make.booking(make.booth(zone, "A01"), make.agency("Open Agency"))
    make.booking(make.booth(zone, "A02", x=300), make.agency("Open Academy", name_km="បណ្ឌិត្យសភា"))

    alone, together = signs.pages(zone.hall)

    assert alone.lines[-1].size > together.lines[-1].size


def test_each_open_side_has_its_sign_and_raw_space_none(zone):
    make.booking(make.booth(zone, "A03", x=600), make.agency("In-line"))
    make.booking(make.booth(zone, "A02", x=300, kind="corner", open_sides="ES"), make.agency("Corner"))
    make.booking(make.booth(zone, "A01", fitting="raw"), make.agency("Builder"))

    assert written(zone) == [["A02", "Corner"], ["A02", "Corner"], ["A03", "In-line"]]


def test_only_who_is_confirmed_in_this_hall_has_a_sign(zone):
    other = make.zone(make.hall(zone.hall.edition))
    for number, state in enumerate(["held", "released", "lapsed"]):
        make.booking(make.booth(zone, f"A0{number}", x=300 * number), state=state)
    make.booking(make.booth(other, "B01"))

    assert written(zone) == []


@pytest.mark.parametrize(
    "names",
    [
        {"name_en": LONG_EN.strip(), "name_km": LONG_KM.strip()},
        {"name_en": "W" * 200, "name_km": "ក" * 200},
        {"name_en": "ITU"},
        {"name_en": LONG_EN.strip()},
    ],
)
def test_no_letter_leaves_the_sign_or_its_own_part_of_it(zone, names):
    make.booking(make.booth(zone, "WWW-000-WW"), make.agency(**names))

    (page,) = signs.pages(zone.hall)

    code, *said = [(*pdf_pages.ends(line, "en"), line.top, line.top + line.height) for line in page.lines]
    assert (code[0] >= 0, code[1] <= signs.CODE) == (True, True)
    for left, right, top, bottom in said:
        assert (left > signs.CODE, right <= signs.WIDTH, top >= 0, bottom <= signs.HEIGHT) == (True,) * 4
    assert all(before[3] <= after[2] + 0.01 for before, after in pairwise(said)), "none on another"


def logo(size):
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, "PNG")
    return ContentFile(written.getvalue(), name="logo.png")


@pytest.mark.parametrize(
    ("size", "seen"),
    [((2_000, 500), (700, 175)), ((500, 500), (220, 220)), ((300, 600), (110, 220)), ((120, 80), (120, 80))],
)
def test_a_logo_stands_whole_at_the_edge_and_no_coarser_than_a_millimetre(zone, size, seen):
    make.booking(make.booth(zone), make.agency(name_en="Post", name_km="ប្រៃសណីយ៍", logo=logo(size)))

    ((picture,),) = [page.pictures for page in signs.pages(zone.hall)]

    assert (round(picture.width), round(picture.height)) == seen
    assert picture.left + picture.width == pytest.approx(signs.WIDTH - signs.EDGE)
    assert picture.top + picture.height / 2 == pytest.approx(signs.HEIGHT / 2)


@pytest.mark.parametrize(
    "names",
    [
        {"name_en": "Post", "name_km": "ប្រៃសណីយ៍"},
        {"name_en": "Ministry of Land Management, Urban Planning and Construction", "name_km": LONG_KM.strip()[:42]},
        {"name_en": LONG_EN.strip(), "name_km": LONG_KM.strip()},
    ],
)
def test_no_name_is_smaller_for_a_logo_nor_beneath_it(zone, names):
    booking = make.booking(make.booth(zone), make.agency(**names))
    (without,) = signs.pages(zone.hall)
    booking.agency.logo.save("logo.png", logo((1_000, 600)))

    (page,) = signs.pages(zone.hall)

    assert page.lines == without.lines
    reach = max(pdf_pages.ends(line, "en")[1] for line in page.lines)
    assert all(picture.left > reach and picture.height >= signs.LEAST_LOGO for picture in page.pictures)


def test_a_name_that_takes_the_whole_sign_leaves_no_room_for_a_logo(zone):
    make.booking(make.booth(zone), make.agency(name_en=LONG_EN.strip(), logo=logo((1_000, 600))))

    assert [page.pictures for page in signs.pages(zone.hall)] == [[]]


def test_a_sign_is_drawn_without_a_logo_that_is_lost(zone):
    make.booking(make.booth(zone), agency := make.agency(name_en="Post", logo=logo((1_000, 600))))
    agency.logo.storage.delete(agency.logo.name)

    assert [page.pictures for page in signs.pages(zone.hall)] == [[]]


@pytest.mark.parametrize("count", [1, 3])
def test_signs_take_one_query_however_many(zone, count, django_assert_num_queries):
    for booth in make.booths(zone, count):
        make.booking(booth)

    with django_assert_num_queries(1):
        assert len(signs.pages(zone.hall)) == count


def test_a_page_is_the_sign_in_its_true_size(client, zone):
    make.booking(make.booth(zone), make.agency("Open Agency", name_km="ទីភ្នាក់ងារ"))
    client.force_login(accounts.user(*RIGHTS))

    response = client.get(reverse("exhibition_fascia_signs", args=[zone.hall.pk]))

    assert response["Content-Disposition"] == 'inline; filename="signs-next-hall-1.pdf"'
    with pikepdf.open(file := io.BytesIO(response.content)) as paper:
        (page,) = paper.pages
        assert [round(float(edge) / 72 * 25.4) for edge in page.mediabox] == [0, 0, 2_900, 290]
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-", "-"], input=file.getvalue(), capture_output=True, check=True)
        assert set(done.stdout.decode().split()) == {"A01", "ទីភ្នាក់ងារ", "Open", "Agency"}


def test_a_hall_without_signs_says_so(client, zone):
    make.booking(make.booth(zone), state="held")
    client.force_login(accounts.user(*RIGHTS))

    response = client.get(reverse("exhibition_fascia_signs", args=[zone.hall.pk]))

    assert response.url == reverse("wagtailsnippets_exhibitors_hall:list")
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "There is no sign to print: nobody’s booth with a fascia is confirmed in this hall."
    ]


def test_nobody_else_prints_signs(client, zone):
    client.force_login(accounts.user("wagtailadmin.access_admin", "exhibitors.view_hall"))

    response = client.get(reverse("exhibition_fascia_signs", args=[zone.hall.pk]))

    assert (response.status_code, response.url) == (302, "/cms/")
