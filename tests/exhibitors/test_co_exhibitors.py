"""Those who share a booth stand beside its exhibitor wherever the public finds it: by an accepted application alone."""

import pytest

from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db

PLAN = "/en/next/exhibition/"
SHARED = "Example Cables\n  Example <Ropes> \nExample Cables\n"
NAMES = ["Example Cables", "Example <Ropes>"]


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def agency():
    return make.agency("Example Robots")


@pytest.fixture
def booth(edition, agency):
    booth = make.booth(make.zone(make.hall(edition)))
    make.booking(booth, agency)
    return booth


def words(client, address):
    return " ".join(get(client, address).words("main"))


def test_plan_table_and_the_page_of_the_booth_name_them(client, edition, agency, booth):
    make.application(edition, agency, "accepted", co_exhibitors=SHARED)

    page = get(client, PLAN)

    assert page.words("svg a title") == ["Booth A01, 9 m², taken, Example Robots, Example Cables, Example <Ropes>"]
    assert page.rows()[0][2] == "Example Robots · Example Cables · Example <Ropes>"
    assert all(name in words(client, f"{PLAN}A01/") for name in NAMES)
    assert [row[0] for row in get(client, f"{PLAN}?q=ropes").rows()] == ["A01"]


def test_directory_page_and_data_of_the_exhibitor_name_them(client, edition, agency, booth):
    make.application(edition, agency, "accepted", co_exhibitors=SHARED)

    assert "Co-exhibitors: Example Cables, Example <Ropes>" in words(client, f"{PLAN}agencies/")
    assert all(name in words(client, f"{PLAN}agencies/{agency.code}/") for name in NAMES)
    assert client.get(f"{PLAN}agencies.json").json()["exhibitors"][0]["co_exhibitors"] == NAMES
    assert "Example Cables; Example <Ropes>" in client.get(f"{PLAN}agencies.csv").content.decode()


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "waitlisted", "refused", "withdrawn"])
def test_nobody_is_named_by_an_application_that_is_not_accepted(client, edition, agency, booth, state):
    make.application(edition, agency, state, co_exhibitors=SHARED)

    for address in (PLAN, f"{PLAN}A01/", f"{PLAN}agencies/", f"{PLAN}agencies/{agency.code}/", f"{PLAN}agencies.json"):
        assert "Example Cables" not in client.get(address).content.decode()


def test_nor_by_one_for_another_forum_or_while_the_booth_is_held(client, edition, agency, booth):
    make.application(editions.edition(slug="before"), agency, "accepted", co_exhibitors=SHARED)
    held = make.agency("Quiet")
    make.booking(make.booth(booth.zone, "A02", x=300), held, "held")
    make.application(edition, held, "accepted", co_exhibitors="Example Secret")

    for address in (PLAN, f"{PLAN}A02/", f"{PLAN}agencies/", f"{PLAN}agencies.json"):
        said = client.get(address).content.decode()
        assert "Example Cables" not in said
        assert "Example Secret" not in said
