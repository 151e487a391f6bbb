"""The site's search: everything public of one edition, in either script."""

import pytest

from tests import pages
from tests.factories import agenda, exhibitors, home, mou
from tests.factories.cms import edition

ODD = ["'", '"', "%", "_", "\\", "\x00", "a\x00b", "   ", "", "' OR 1=1 --", "ស្ត្រី\u200b", "x" * 5000, "(", "*", "🙂"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def forum():
    return edition("next")


def exhibitor(forum, **names):
    zone = exhibitors.zone(exhibitors.hall(forum))
    booth = exhibitors.booth(zone, f"A{forum.booths.count()}")
    return exhibitors.booking(booth, exhibitors.agency(**names)).agency


def found(client, words, language="en", forum="next"):
    response = client.get(f"/{language}/{forum}/search/", {"q": words})
    assert response.status_code == 200
    return pages.Page(response).words("main .names a")


def test_it_finds_in_every_room(client, forum):
    home.content_page(home.edition_page(forum), "Data page")
    agenda.session(forum, title_en="Data talk", speakers=[agenda.speaker("Data Speaker", edition=forum)])
    exhibitor(forum, name_en="Data Agency")
    mou.memorandum("Data memorandum", edition=forum)

    assert found(client, "data") == ["Data page", "Data talk", "Data Speaker", "Data Agency", "Data memorandum"]


def test_it_finds_khmer_however_it_is_typed(client, forum):
    exhibitor(forum, name_en="Ministry", name_km="ក្រសួងកិច្ចការនារី")

    assert found(client, "កិច្ចការ\u200bនារី", "km") == ["ក្រសួងកិច្ចការនារី"]


def test_it_finds_words_inside_a_pages_body(client, forum):
    home.content_page(home.edition_page(forum), body=[{"type": "text", "value": "<p>Take the river bus.</p>"}])

    assert found(client, "RIVER bus") == ["Getting there"]


def test_what_is_not_public_is_not_found(client, forum):
    page = home.edition_page(forum)
    home.content_page(page, "Secret page", live=False)
    agenda.session(
        forum, title_en="Secret talk", published=False, speakers=[agenda.speaker("Secret Speaker", edition=forum)]
    )
    exhibitors.agency("Secret Agency")
    mou.memorandum("Secret memorandum", edition=forum, is_published=False)

    assert found(client, "secret") == []


def test_other_editions_are_not_searched(client, forum):
    other = edition("2024", is_current=False)
    agenda.session(other, title_en="Old talk")
    home.content_page(home.edition_page(other), "Old page")
    home.edition_page(forum)

    assert found(client, "old") == []
    assert found(client, "old", forum="2024") == ["Old page", "Old talk"]


def test_pages_are_found_in_the_readers_language(client, forum):
    home.content_page(home.edition_page(forum, "en"), "Map")
    home.content_page(home.edition_page(forum, "km"), "Map ផែនទី", slug="map")

    assert found(client, "map", "km") == ["Map ផែនទី"]


@pytest.mark.parametrize("words", ODD)
def test_odd_words_find_nothing_and_break_nothing(client, forum, words):
    agenda.session(forum, title_en="Data talk")

    assert found(client, words) == []


def test_what_was_typed_is_shown_as_text(client, forum):
    page = client.get("/en/next/search/", {"q": "<b>data</b>"}).content.decode()

    assert "<b>data" not in page
    assert "“&lt;b&gt;data&lt;/b&gt;”" in page


def test_the_short_address_leads_to_the_current_edition(client, forum):
    response = client.get("/en/search/?q=data")

    assert (response.status_code, response["Location"]) == (302, "/en/next/search/?q=data")


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_however_much_is_found(client, forum, django_assert_num_queries, count):
    for number in range(count):
        home.content_page(home.edition_page(forum), f"Data page {number}")
        agenda.session(forum, title_en=f"Data {number}", at=agenda.moment(forum, 9 + number))
        exhibitor(forum, name_en=f"Data Agency {number}")
        mou.memorandum(f"Data memorandum {number}", edition=forum)
    found(client, "data")

    with django_assert_num_queries(17):  # one of them counts the search
        assert len(found(client, "data")) == 4 * count
