"""The code of one's own page, on a telephone that has lost its network."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE
from tests.journeys.test_attendee import open_letter, register

pytestmark = pytest.mark.journey


def test_once_opened_the_code_opens_without_a_network_and_nothing_else_does(visitor):
    page = visitor(meant=("ERR_INTERNET_DISCONNECTED",), **PHONE)
    register(page, "en", "SOK Veasna", "សុខ វាសនា")
    open_letter(page)
    own = page.url
    page.get_by_role("link", name="Show the code large").click()
    expect(page.locator("#kept")).to_be_visible()
    code = page.locator("h1").inner_text()

    page.context.set_offline(True)
    page.reload()

    expect(page.locator("h1")).to_have_text(code)
    box = page.locator("svg.qr").bounding_box()
    assert box["width"] > 0.85 * PHONE["viewport"]["width"], "the style is there, too"
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(own)


def test_a_code_that_is_no_longer_good_is_not_kept(visitor):
    page = visitor(meant=("ERR_FAILED",), **PHONE)
    register(page, "en", "SOK Vuthy", "សុខ វុទ្ធី")
    open_letter(page)
    own = page.url
    page.get_by_role("link", name="Show the code large").click()
    expect(page.locator("#kept")).to_be_visible()
    code = page.url

    page.goto(f"{own}withdraw/")
    page.locator("main form button").last.click()
    page.goto(code)
    expect(page).to_have_url(own)

    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_FAILED"):
        page.goto(code)
