"""Logo, products and themes on the exhibitor's desk."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from exhibitors.models import Agency, Product
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

NOTHING = {"about_en": "", "about_km": "", "website": ""}


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def desk(agency):
    return f"/en/desk/agencies/{agency.code}/"


@pytest.fixture
def member(client, agency):
    user = make.member(agency, email="manager@example.org")
    client.force_login(user)
    return user


def picture(name="logo.png"):
    written = BytesIO()
    Image.new("RGB", (90, 30), "teal").save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue(), "image/png")


def test_a_logo_is_sent_with_the_profile_and_taken_away_there(client, member, edition, desk):
    assert "Show no logo" not in get(client, f"{desk}profile/").words("form")[0]

    page = Page(client.post(f"{desk}profile/", NOTHING | {"new_logo": picture()}, follow=True))

    agency = Agency.objects.get()
    assert [img.get("src") for img in page.all("main img")] == [agency.shown_logo.url]
    assert [img.get("alt") for img in page.all("main img")] == ["Ministry of Examples"]
    client.post(f"{desk}profile/", NOTHING | {"without_logo": "on"})
    assert get(client, desk).all("main img") == []


def test_what_is_no_picture_is_refused_beside_the_field_and_the_profile_is_kept(client, member, edition, desk):
    file = SimpleUploadedFile("logo.png", b"<svg></svg>", "image/png")

    page = Page(client.post(f"{desk}profile/", NOTHING | {"about_en": "We open data.", "new_logo": file}))

    assert "Only JPEG, PNG, WebP and GIF pictures are taken." in page.tree.text_content()
    assert page.words("textarea")[0] == "We open data."
    assert Agency.objects.get().about_en == ""


def test_a_product_is_added_changed_and_removed(client, member, edition, desk):
    showing = f"{desk}next/showing/"
    assert [link.get("href") for link in get(client, desk).all("a[href$='/showing/']")] == [showing]
    words = {"name_en": "Portal", "name_km": "", "about_en": "Data.", "about_km": "", "link": ""}

    page = Page(client.post(f"{showing}new/", words, follow=True))

    product = Product.objects.get()
    assert page.words(".card > *") == ["Portal", "Data.", "Khmer is missing", "Edit Portal Remove Portal"]
    client.post(f"{showing}{product.code}/", words | {"name_km": "វិបផតថល"})
    assert Product.objects.get().name_km == "វិបផតថល"
    assert get(client, f"{showing}{product.code}/remove/").words("h1") == ["Remove “Portal”?"]
    page = Page(client.post(f"{showing}{product.code}/remove/", follow=True))
    assert page.words(".notice--ok")[-1] == "The product has been removed."
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"about_en": "Kept."}, "Write the name in English, in Khmer or in both."),
        ({"name_en": "x" * 101, "about_en": "Kept."}, "Ensure this value has at most 100 characters (it has 101)."),
        ({"name_en": "Portal", "link": "javascript:alert(1)", "about_en": "Kept."}, "Enter a valid URL."),
    ],
)
def test_a_product_that_cannot_stand_is_refused_and_nothing_typed_is_lost(client, member, edition, desk, typed, said):
    response = client.post(f"{desk}next/showing/new/", typed)

    page = Page(response)
    assert response.status_code == 422
    assert said in page.tree.text_content()
    assert page.words("textarea")[0] == "Kept."
    assert not Product.objects.exists()


def test_a_thirteenth_product_is_refused_and_not_offered(client, member, agency, edition, desk):
    for number in range(12):
        make.product(agency, edition, f"Product {number}")

    response = client.post(f"{desk}next/showing/new/", {"name_en": "One more"})

    assert "You show 12 products already; remove one first." in Page(response).tree.text_content()
    page = get(client, f"{desk}next/showing/")
    assert page.all("a[href$='/new/']") == []
    assert "That is as many as a page can hold." in page.tree.text_content()


def test_themes_are_chosen_among_those_of_the_forum(client, member, agency, edition, desk):
    health, _trade = make.theme(edition, "Health"), make.theme(edition, "Trade")
    make.theme(editions.edition("other"), "Elsewhere")
    page = get(client, f"{desk}next/showing/")
    assert [box.get("value") for box in page.all("input[type=checkbox]")] == [theme.code for theme in edition.themes.all()]

    page = Page(client.post(f"{desk}next/showing/", {"themes": [health.code]}, follow=True))

    assert page.words(".notice--ok") == ["The themes have been saved."]
    assert [box.get("value") for box in page.all("input[checked]")] == [health.code]


def test_too_many_themes_are_refused_beside_the_field_and_stay_ticked(client, member, edition, desk):
    codes = [make.theme(edition).code for _number in range(6)]

    response = client.post(f"{desk}next/showing/", {"themes": codes})

    page = Page(response)
    assert (response.status_code, len(page.all("input[checked]"))) == (422, 6)
    assert "Choose 5 themes at most." in page.tree.text_content()


def test_a_colleague_looks_and_is_refused(client, agency, edition, desk):
    product = make.product(agency, edition)
    client.force_login(make.member(agency, role="colleague"))

    page = get(client, f"{desk}next/showing/")

    assert page.all("main form, main .card a") == []
    assert get(client, f"{desk}next/showing/{product.code}/").all("main form") == []
    for address in ("", "new/", f"{product.code}/", f"{product.code}/remove/"):
        assert client.post(f"{desk}next/showing/{address}", {"name_en": "Ours"}).status_code == 403
    assert Product.objects.get().name_en == "Open data portal"


def test_people_of_another_agency_find_nothing(client, agency, edition, desk):
    product = make.product(agency, edition)
    other = make.agency("Others")
    client.force_login(make.member(other))
    theirs = f"/en/desk/agencies/{other.code}/next/showing/"

    for address in ("", "new/", f"{product.code}/", f"{product.code}/remove/"):
        assert client.get(f"{desk}next/showing/{address}").status_code == 404
    for address in (f"{product.code}/", f"{product.code}/remove/"):
        assert client.post(theirs + address, {"name_en": "Ours"}).status_code == 404


def test_a_forum_that_is_over_is_only_looked_at(client, member, agency, desk):
    past = editions.edition("past", opens_on="2024-03-11", closes_on="2024-03-13")
    product = make.product(agency, past)

    for rest in ("", "new/", f"{product.code}/", f"{product.code}/remove/"):
        page = get(client, f"{desk}past/showing/{rest}")
        assert page.words("main .notice") == ["This forum is over; what was shown there stays as it was."]
        assert page.all("main form, main .card a") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_products_as_for_one(
    client, member, agency, edition, desk, count, django_assert_num_queries
):
    for number in range(count):
        make.product(agency, edition, f"Product {number}")
        make.theme(edition, by=[agency])
    client.get(f"{desk}next/showing/")

    with django_assert_num_queries(8):
        client.get(f"{desk}next/showing/")
