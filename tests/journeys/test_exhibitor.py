"""An exhibitor books a booth; the exhibition manager confirms it; another agency is told that it is taken."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, sign_in

pytestmark = pytest.mark.journey


def open_plan(page):
    """From the desk to the plan in which this agency may book."""
    page.goto("/en/desk/")
    page.locator("main a[href$='/booths/']").first.click()
    page.wait_for_url("**/booths/")


def test_from_the_desk_to_a_confirmed_booth(visitor):
    exhibitor = sign_in(visitor(), "exhibitor@example.org")
    open_plan(exhibitor)
    address = exhibitor.locator("main table a[href*='/booths/']", has_not_text="zzz").all()
    free = next(
        link.get_attribute("href") for link in address if "free" in link.locator("xpath=ancestor::tr").inner_text().lower()
    )
    exhibitor.goto(free)
    exhibitor.locator("main form button").last.click()
    expect(exhibitor).to_have_url(re.compile(r"/desk/agencies/[^/]+/$"))
    booth = free.rstrip("/").split("/")[-1].upper()
    expect(exhibitor.locator("main")).to_contain_text(booth)

    second = sign_in(visitor(**PHONE), "exhibitor2@example.org")
    open_plan(second)
    second.goto(f"{second.url}{free.rstrip('/').split('/')[-1]}/")
    expect(second.locator("main")).to_contain_text("Another agency has this booth.")

    manager = sign_in(visitor(), "exhibition@example.org", then="/cms/")
    manager.goto("/cms/snippets/exhibitors/booking/?q=" + booth)
    manager.locator("a[href*='/cms/exhibition/bookings/'][href$='/confirm/']").first.click()
    manager.locator("main form button.button, form button.button").last.click()
    exhibitor.goto("/en/desk/")
    expect(exhibitor.locator("main .tag--ok").first).to_be_visible()


def test_the_plan_and_the_table_stand_side_by_side_for_everybody(visitor):
    page = visitor(**PHONE)
    page.goto("/km/exhibition/")

    expect(page.locator("main svg").first).to_be_visible()
    expect(page.locator("main table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
