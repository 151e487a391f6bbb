"""Public pages are drawn once for everybody, and anew as soon as what they show has changed."""

import gzip

import pytest
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.urls import reverse

from agenda import scheduling
from cms import caching
from exhibitors import allocation
from forum.home import tree
from forum.visas.models import VisaDesk
from tests.factories import accounts, agenda, cms, exhibitors, home
from tests.factories import registration as people

QUERIES_OF_A_KEPT_PAGE = 1  # the version, in the database's cache


@pytest.fixture(autouse=True)
def kept_from_here_on(db, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:2], "cms.caching.PublicPages", *settings.MIDDLEWARE[2:]]
    caches["pages"].clear()
    cache.clear()


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """What the test did before waits for no commit any more."""

    def commit():
        connection.run_on_commit.clear()
        return django_capture_on_commit_callbacks(execute=True)

    return commit


@pytest.fixture
def edition():
    edition = cms.edition()
    tree.open_edition(edition)
    return edition


def kept() -> int:
    """So many pages."""
    return sum("registration" not in key and "kept-" not in key for key in caches["pages"]._cache)


def read(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/en/", "/km/", "/en/next/", "/en/next/agenda/", "/km/next/speakers/", "/en/next/exhibition/", "/en/next/agreements/",
     "/en/editions/", "/schedule.xml", "/en/next/agenda/agenda.ics", "/en/next/register/", "/en/next/register/sent/",
     "/km/next/register/link/"],
)  # fmt: skip
def test_the_second_reader_gets_the_same_page_for_one_query(client, edition, address, django_assert_num_queries):
    agenda.session(edition, at=agenda.moment(edition))
    first = client.get(address)

    with django_assert_num_queries(QUERIES_OF_A_KEPT_PAGE):
        second = client.get(address)

    for response in (first, second):
        del response["X-Request-ID"]  # each answer has its own
    assert (second.content, dict(second.items())) == (first.content, dict(first.items()))
    assert second.cookies == {}


def test_each_language_and_each_filter_is_a_page_of_its_own(client, edition):
    assert read(client, "/en/next/agenda/") != read(client, "/km/next/agenda/")
    assert read(client, "/en/next/agenda/?q=nothing") != read(client, "/en/next/agenda/")


def test_an_act_shows_at_once(client, edition, committing):
    session = agenda.session(edition, at=agenda.moment(edition), title_en="Opening")
    assert "Cancelled" not in read(client, "/en/next/agenda/")

    with committing():
        scheduling.cancel(slot=session.slot, user=accounts.user(is_superuser=True))

    assert "Cancelled" in read(client, "/en/next/agenda/")


def test_a_booking_shows_on_the_plan_at_once(client, edition, committing):
    booth = exhibitors.booth(exhibitors.zone(exhibitors.hall(edition)))
    before = read(client, "/en/next/exhibition/")
    manager = exhibitors.exhibition_manager()

    with committing():
        allocation.book(booth=booth, agency=exhibitors.agency(), user=manager)

    assert read(client, "/en/next/exhibition/") != before


def test_a_published_page_shows_at_once(client, edition, committing):
    page = home.content_page(home.edition_page(edition), title="Getting there")
    assert "Getting there" in read(client, page.url)

    page.title = "How to get there"
    with committing():
        page.save_revision().publish()

    assert "How to get there" in read(client, page.url)


def test_what_is_rolled_back_forgets_nothing(edition, committing):
    version = caching.touch()

    with committing(), transaction.atomic():
        edition.save()
        transaction.set_rollback(True)

    assert cache.get(caching.VERSION) == version


def test_many_changes_of_one_act_renew_the_version_once(edition, committing):
    with committing() as waiting:
        for number in range(3):
            agenda.track(f"Track {number}", edition=edition)

    assert len(waiting) == 1


def test_people_who_register_make_no_page_old(edition, committing):
    of = people.pass_type(edition)
    version = caching.touch()

    with committing():
        people.registration(of)

    assert cache.get(caching.VERSION) == version


def test_a_pass_that_is_changed_shows_in_the_form_at_once(client, edition, committing):
    of = people.pass_type(edition, name_en="Delegate")
    assert "Delegate" in read(client, "/en/next/register/")

    with committing():
        of.name_en = "Guest of the minister"
        of.save()

    assert "Guest of the minister" in read(client, "/en/next/register/")


def test_what_somebody_typed_into_a_form_is_never_kept(client, edition):
    people.pass_type(edition)
    client.post("/en/next/register/", {"name_latin": "SOK Dara"})

    assert "SOK Dara" not in read(client, "/en/next/register/")


def test_a_form_that_a_code_opened_is_never_kept(client, edition):
    code = people.access_code(people.pass_type(edition, slug="speaker", access="code"), uses=5)
    before = kept()

    assert "speaker" in read(client, f"/en/next/register/?code={code.code}")
    read(client, "/en/next/register/?code=WRONG")

    assert kept() == before


def test_what_an_edition_asks_on_own_pages_changes_on_them_at_once(client, edition, committing):
    registration = people.registration(people.pass_type(edition))
    address = reverse("registration:own", args=[registration.token])
    use = people.further_use(edition, label_en="My photo may stand in reports.")
    page = read(client, address)
    assert "My photo may stand in reports." in page and "visa" not in page

    with committing():
        use.delete()
        VisaDesk.objects.create(edition=edition, closes_on=edition.opens_on)

    page = read(client, address)
    assert "My photo may stand in reports." not in page and "visa" in page


def test_a_draft_seen_as_a_preview_is_never_kept_nor_hidden_by_what_is(client, edition):
    page = home.content_page(home.edition_page(edition), title="Getting there")
    read(client, page.url)
    page.title = "A secret draft"
    page.save_revision()
    client.force_login(accounts.user(is_superuser=True))

    draft = client.get(f"/cms/pages/{page.pk}/view_draft/").content.decode()

    assert "A secret draft" in draft
    assert "A secret draft" not in read(client, page.url)


def test_a_browser_that_has_the_page_is_told_so_in_a_few_bytes(client, edition):
    page = client.get("/en/next/agenda/")

    again = client.get("/en/next/agenda/", headers={"If-None-Match": page["ETag"]})

    assert (again.status_code, again.content, page["Cache-Control"]) == (304, b"", "no-cache")


def test_pages_travel_compressed_to_those_who_take_that(client, edition):
    plain = client.get("/en/next/agenda/")
    packed = client.get("/en/next/agenda/", headers={"Accept-Encoding": "br, gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert (plain["Vary"], packed["Vary"]) == ("Accept-Encoding", "Accept-Encoding")
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2


def test_head_says_what_get_would(client, edition):
    page, head = client.get("/en/next/agenda/"), client.head("/en/next/agenda/")

    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == page["ETag"]


@pytest.mark.parametrize("address", ["/en/next/search/?q=a", "/accounts/login/", "/en/nowhere/", "/healthz"])
def test_what_is_not_the_same_for_all_is_not_kept(client, edition, address):
    client.get(address)

    assert kept() == 0


def test_addresses_that_somebody_makes_long_are_not_kept(client, edition):
    read(client, f"/en/next/agenda/?q={'a' * caching.LONGEST_QUERY}")

    assert kept() == 0


def test_without_the_shared_cache_pages_are_drawn_and_none_is_kept(client, edition, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ConnectionError("the cache is down")

    monkeypatch.setattr(type(caches["default"]), "get", fail)

    read(client, "/en/next/agenda/")

    assert kept() == 0
    assert "cannot be read" in caplog.text


def test_another_host_gets_no_page_of_ours(client, edition):
    client.get("/en/next/agenda/")

    assert client.get("/en/next/agenda/", headers={"Host": "evil.example"}).status_code == 400


def test_what_a_form_asks_is_made_once_until_something_of_it_changes(edition, committing):
    made = []

    def ask():
        return caching.kept("form", lambda: made.append(1) or [edition.name_en])

    first = ask()
    first.append("written into by its caller")

    assert ask() == [edition.name_en]
    assert len(made) == 1

    with committing():
        edition.name_en = "Another Forum"
        edition.save()
    assert ask() == ["Another Forum"]


def test_without_the_shared_cache_everything_is_made_anew(edition, monkeypatch):
    monkeypatch.setattr(caching, "_version", lambda: None)
    made = iter(range(9))

    assert [caching.kept("form", lambda: next(made)) for _ in range(2)] == [0, 1]
