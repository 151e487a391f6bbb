"""The front page of an edition: what, when, where, register; then what the rooms hold."""

import datetime

import pytest
from django.utils import timezone

from forum.home import tree
from tests import pages
from tests.factories import agenda, exhibitors, home, mou
from tests.factories.cms import edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def forum():
    made = edition("next", venue_en="Hall of Examples", theme_en="Services for all")
    tree.open_edition(made)
    return made


def running(slug="now", **fields):
    """An edition whose first day is today."""
    today = timezone.localdate()
    return edition(slug, opens_on=today - datetime.timedelta(days=1), closes_on=today + datetime.timedelta(days=1), **fields)


def fill(forum, count, letter="A"):
    """Every room holds ``count`` of its things (more)."""
    zone = exhibitors.zone(exhibitors.hall(forum))
    speakers = [agenda.speaker(f"Speaker {number}", edition=forum) for number in range(count)]
    for number, booth in enumerate(exhibitors.booths(zone, count, letter)):
        exhibitors.booking(booth)
        agenda.session(
            forum, title_en=f"Talk {number}", at=agenda.moment(forum, hour=9 + number), speakers=[speakers[number]]
        )
        mou.memorandum(f"Memorandum {number}", signed=2, edition=forum)
        home.content_page(home.edition_page(forum), f"Page {letter}{number}")


def headings(page):
    return page.words("main h2")


@pytest.mark.parametrize(("language", "name"), [("en", "Digital Government Forum"), ("km", "វេទិការដ្ឋាភិបាលឌីជីថល")])
def test_it_says_what_in_both_languages(client, forum, language, name):
    page = pages.get(client, f"/{language}/")

    assert page.words("h1") == [name]
    assert page.tree.get("lang") == language


def test_it_says_when_and_where_and_how_to_register(client, forum):
    page = pages.get(client, "/en/next/")

    assert page.words(".hero__facts li") == [forum.dates, "Hall of Examples"]
    assert page.words(".hero .lead") == ["Services for all"]
    assert [link.get("href") for link in page.all(".hero a.button--accent")] == ["/en/next/register/"]


def test_an_edition_that_is_over_offers_no_registration(client):
    over = edition(
        "2024",
        opens_on=datetime.date(2024, 3, 11),
        closes_on=datetime.date(2024, 3, 13),
        registration_opens_at=None,
        is_current=False,
    )
    tree.open_edition(over)

    assert pages.get(client, "/en/2024/").all("a[href*=register]") == []


def test_empty_rooms_are_left_out(client, forum):
    assert headings(pages.get(client, "/en/next/")) == []


@pytest.mark.parametrize("address", ["/en/", "/en/next/"])
def test_each_room_shows_what_it_holds(client, forum, address):
    fill(forum, 1)

    page = pages.get(client, address)

    assert headings(page) == [
        "From the programme",
        "Speakers",
        "In the exhibition",
        "Memoranda of understanding",
        "In figures",
        "Good to know",
    ]
    assert page.words(".slot__title") == ["Talk 0"]
    assert page.words(".figures li") == [
        "1 session",
        "1 speaker",
        "1 exhibiting agency",
        "1 booth taken of 1",
        "1 memorandum signed",
    ]


def test_what_is_not_public_is_not_shown(client, forum):
    zone = exhibitors.zone(exhibitors.hall(forum))
    exhibitors.booking(exhibitors.booth(zone), exhibitors.agency("Held Agency"), "held")
    agenda.session(forum, title_en="Secret talk", published=False, at=agenda.moment(forum), speakers=[agenda.speaker()])
    mou.memorandum("Secret memorandum", signed=2, edition=forum, is_published=False)
    mou.memorandum("Unsigned memorandum", signed=1, edition=forum)
    home.content_page(home.edition_page(forum), "Secret page", live=False)

    assert headings(pages.get(client, "/en/next/")) == []


def test_while_it_runs_it_says_what_is_on_and_what_comes_next(client):
    forum, now = running(), timezone.now()
    tree.open_edition(forum)
    half = datetime.timedelta(minutes=30)
    agenda.session(forum, title_en="Over", at=now - 3 * half)
    agenda.session(forum, title_en="On now", at=now - half)
    agenda.session(forum, title_en="Next", at=now + half)
    agenda.slot(agenda.session(forum, title_en="Cancelled"), at=now - half, is_cancelled=True)

    page = pages.get(client, "/en/now/")

    assert headings(page)[:2] == ["Happening now", "Next"]
    assert page.words(".slot__title") == ["On now", "Next"]


def test_times_stand_on_the_editions_own_clock(client):
    forum = edition("tokyo", time_zone="Asia/Tokyo")
    tree.open_edition(forum)
    agenda.session(forum, at=agenda.moment(forum, hour=9))

    assert "09:00–10:00" in pages.get(client, "/en/tokyo/").words(".slot__place")[0]


def test_featured_sessions_go_first(client, forum):
    agenda.session(forum, title_en="Plain", at=agenda.moment(forum, 8))
    agenda.session(forum, title_en="Featured", at=agenda.moment(forum, 12), is_featured=True)

    assert pages.get(client, "/en/next/").words(".slot__title") == ["Featured"]


def test_an_edition_without_a_page_has_a_front_all_the_same(client, forum):
    edition("bare", name_en="Bare Forum", is_current=False)

    assert pages.get(client, "/en/bare/").words("h1") == ["Bare Forum"]


def test_before_the_first_edition_there_is_a_page_all_the_same(client):
    tree.plant()

    assert "There is no forum here yet." in client.get("/en/").content.decode()


def test_no_edition_no_page(client, forum):
    assert client.get("/en/none-such/").status_code == 404


@pytest.mark.parametrize(("address", "queries"), [("/en/", 24), ("/km/", 22), ("/en/next/", 26)])
def test_the_front_page_costs_the_same_however_much_there_is(client, forum, django_assert_num_queries, address, queries):
    fill(forum, 1)
    client.get(address)  # Wagtail keeps the roots of the site in the cache

    with django_assert_num_queries(queries):
        client.get(address)
    fill(forum, 2, "B")
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


def test_the_front_page_can_be_cached(client, forum):
    fill(forum, 1)

    response = client.get("/en/next/")

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_its_permanent_address_is_the_editions(client, forum):
    page = pages.get(client, "/en/")

    assert [link.get("href") for link in page.all("link[rel=canonical]")] == ["http://127.0.0.1:8000/en/next/"]
    assert {link.get("hreflang"): link.get("href") for link in page.all("link[rel=alternate]")} == {
        "en": "http://127.0.0.1:8000/en/next/",
        "km": "http://127.0.0.1:8000/km/next/",
    }


def test_a_demonstration_says_so(client):
    tree.open_edition(edition("demo-forum", is_demonstration=True))

    assert len(pages.get(client, "/en/").all(".demonstration")) == 1


def test_a_real_forum_does_not(client, forum):
    assert pages.get(client, "/en/").all(".demonstration") == []
