"""The plan closer and further away, without any script."""

import pytest
from django.http import QueryDict

from exhibitors.zooming import Zoom
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db

PLAN = "/en/next/exhibition/"


@pytest.fixture
def zone():
    return make.zone(make.hall(editions.edition(), width=1_600, depth=1_600))


def sizes(page):
    return [(sheet.get("class").split(), sheet.get("width")) for sheet in page.all("svg.plan__sheet")]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", (["plan__sheet"], "400")),
        ("?zoom=0", (["plan__sheet", "plan__sheet--whole"], "400")),
        ("?zoom=1", (["plan__sheet", "plan__sheet--closer"], "400")),
        ("?zoom=4", (["plan__sheet", "plan__sheet--closer"], "1400")),
        ("?zoom=5", (["plan__sheet"], "400")),
        ("?zoom=-1", (["plan__sheet"], "400")),
        ("?zoom=%00", (["plan__sheet"], "400")),
        ("?zoom=²", (["plan__sheet"], "400")),
    ],
)
def test_plan_is_drawn_as_large_as_asked(client, zone, query, shown):
    make.booth(zone)

    assert sizes(get(client, PLAN + query)) == [shown]


@pytest.mark.parametrize(
    ("asked", "closer", "further"), [("", "2", "0"), ("zoom=0", "1", "0"), ("zoom=2", "3", "1"), ("zoom=4", "4", "3")]
)
def test_links_lead_one_step_closer_and_further(asked, closer, further):
    links = Zoom.asked(QueryDict(asked)).links

    assert links == {"closer": f"zoom={closer}", "further": f"zoom={further}", "whole": "zoom=0"}


def test_links_keep_the_filter_and_lead_to_their_hall(client, zone):
    make.booth(zone)

    page = get(client, f"{PLAN}?q=a01&zoom=2")

    assert [link.get("href") for link in page.all(".plan__zoom a")] == [
        "?q=a01&zoom=1#hall-1",
        "?q=a01&zoom=3#hall-1",
        "?q=a01&zoom=0#hall-1",
    ]
    assert [figure.get("id") for figure in page.all("figure.plan")] == ["hall-1"]


def test_a_zone_is_drawn_with_what_lies_around_it_and_a_way_back(client, zone):
    make.booth(zone, "A01")
    near, far = make.zone(zone.hall), make.zone(make.hall(zone.hall.edition))
    make.booth(near, "B01", x=900)
    make.booth(near, "B02", x=1_300)
    make.booth(far, "C01")

    page = get(client, f"{PLAN}?zone={zone.code}")

    assert page.words("svg a.booth .booth__code") == ["A01"]
    assert page.words("svg g.booth--mute .booth__code") == ["B01"]
    assert [link.get("href") for link in page.all(".plan__caption > a")] == [PLAN]
    assert [sheet.get("viewbox") for sheet in page.all("svg.plan__sheet")] == ["-200 -200 1300 1300"]


def test_plan_can_be_skipped_by_keyboard(client, zone):
    make.booth(zone)

    page = get(client, PLAN)

    (skip,) = [link.get("href") for link in page.all("figure.plan > a")]
    assert [landing.get("id") for landing in page.all("figure.plan > span[tabindex]")] == [skip.removeprefix("#")]
