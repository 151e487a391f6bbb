"""The live board on a wall, which nobody touches all day."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey
LOOKS = 15_000  # milliseconds


def test_it_looks_again_by_itself_and_says_so_when_it_cannot(visitor):
    page = visitor(meant=("ERR_INTERNET_DISCONNECTED",))
    sign_in(page, "supervisor@example.org", then="/onsite/")
    page.clock.install()
    page.goto("/onsite/board/")
    late = page.get_by_text("No connection: these figures are old")
    expect(late).to_be_hidden()
    page.locator("#board summary").click()

    with page.expect_response("**/onsite/board/"):
        page.clock.run_for(LOOKS)
    expect(late).to_be_hidden()
    expect(page.locator("#board details")).to_have_attribute("open", "")

    page.context.set_offline(True)
    page.clock.run_for(LOOKS)
    expect(late).to_be_visible()
    expect(page.locator("#board details")).to_have_attribute("open", "")

    page.context.set_offline(False)  # it does not wait for its next turn
    expect(late).to_be_hidden()
    expect(page.locator("#board details")).to_have_attribute("open", "")
