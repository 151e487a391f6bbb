"""The first page on a phone with a weak connection."""

import pytest

from tests.journeys.steps import PHONE

pytestmark = pytest.mark.journey


def fetched(page, address) -> dict[str, int]:
    """Everything that came over the line for one page, with its size in bytes."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return {answer.url: answer.request.sizes()["responseBodySize"] for answer in answers}


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_first_page_is_light_and_asks_no_other_host(visitor, site, language):
    loads = fetched(visitor(**PHONE), f"/{language}/")

    assert sum(loads.values()) < 150_000
    assert [address for address in loads if not address.startswith(site)] == []


def test_an_english_page_loads_no_khmer_letters(visitor):
    """A page on which everything is in English but the switch."""
    loads = fetched(visitor(), "/accounts/login/?language=en")

    assert [address for address in loads if "khmer-khmer" in address] == []


@pytest.mark.parametrize(
    "address", ["/en/", "/km/", "/en/agenda/", "/km/register/", "/en/exhibition/agencies/", "/en/search/"]
)
def test_the_narrowest_phone_needs_no_scrolling_sideways(visitor, address):
    page = visitor()
    page.set_viewport_size({"width": 320, "height": 640})

    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
