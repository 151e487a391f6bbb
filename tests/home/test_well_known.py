"""What crawlers, finders of holes and keepers of passwords ask for."""

import datetime

import pytest

from cms import checks


def in_days(days):
    """Counted when it is asked for: a run of all tests may pass midnight."""
    return datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days)


@pytest.fixture
def contact(settings):
    def write(days, contacts=("mailto:security@example.org", "https://example.org/report")):
        settings.SECURITY_CONTACT = list(contacts)
        settings.SECURITY_CONTACT_UNTIL = None if days is None else in_days(days)

    return write


def test_search_engines_are_spared_what_is_not_for_them(client):
    answer = client.get("/robots.txt")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "User-agent: *", "Disallow: /accounts/", "Disallow: /cms/", "Disallow: /onsite/", "Disallow: /*/desk/",
        "Disallow: /*/registration/", "Disallow: /*/search/",
    ]  # fmt: skip


def test_a_demonstration_is_in_no_search_engine(client, settings):
    settings.DEMO = True

    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_finders_of_holes_learn_whom_to_tell(client, contact):
    contact(100)

    assert client.get("/.well-known/security.txt").content.decode().splitlines() == [
        "Contact: mailto:security@example.org",
        "Contact: https://example.org/report",
        f"Expires: {in_days(100)}T23:59:59Z",
        "Preferred-Languages: en, km",
        "Canonical: http://127.0.0.1:8000/.well-known/security.txt",
    ]
    assert client.get("/security.txt")["Location"] == "/.well-known/security.txt"


@pytest.mark.parametrize(("days", "contacts"), [(-1, ["mailto:a@example.org"]), (None, ["mailto:a@example.org"]), (100, [])])
def test_no_contact_is_better_than_an_old_one(client, contact, days, contacts):
    contact(days, contacts)

    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("days", "says"),
    [(400, "cms.W002"), (100, None), (31, None), (29, "cms.W001"), (0, "cms.W001"), (-1, "cms.E001"), (None, "cms.E001")],
)
def test_a_check_says_in_time_that_the_contact_grows_old(contact, days, says):
    contact(days)

    assert [found.id for found in checks.security_contact()] == ([says] if says else [])


def test_without_a_contact_the_check_is_silent(contact):
    contact(None, [])

    assert checks.security_contact() == []


def test_keepers_of_passwords_find_where_to_change_one(client):
    answer = client.get("/.well-known/change-password")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/change/")


def test_other_well_known_addresses_are_not_there(client, db):
    assert client.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").status_code == 404
