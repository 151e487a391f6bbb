"""An agency from the letter that invites it to a booth that is ready: everything on the desk, on a telephone."""

import io
import re

import pytest
from lxml import html
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, invite, join, sign_in, word

pytestmark = pytest.mark.journey


def test_from_the_invitation_to_a_ready_booth(visitor):
    name = f"Example {word().capitalize()} Agency"
    manager = sign_in(visitor(), "exhibition@example.org", then="/cms/")
    exhibitor = join(visitor(**PHONE), invite(manager, name))

    booth = _book(exhibitor)
    manager.goto(f"/cms/snippets/exhibitors/booking/?q={booth}")
    manager.locator("a[href*='/cms/exhibition/bookings/'][href$='/confirm/']").first.click()
    manager.locator("main form button.button, form button.button").last.click()

    exhibitor.goto("/en/desk/")
    exhibitor.get_by_role("link", name="See what is due").click()
    expect(exhibitor.locator("h1")).to_have_text("What is due")
    exhibitor.wait_for_load_state()
    due = exhibitor.url
    for place in _places(exhibitor):
        exhibitor.goto(place)
        _see_to(exhibitor, place)
        exhibitor.goto(due)
    expect(exhibitor.locator("main .tag--ok").first).to_be_visible()
    assert exhibitor.evaluate("document.documentElement.scrollWidth") <= 390

    _approve(manager, name)
    exhibitor.goto(due)
    expect(exhibitor.locator("main")).to_contain_text("Everything is done. Your booth is ready.")
    manager.goto("/cms/exhibition/readiness/")
    expect(manager.locator("main tr", has_text=name)).to_contain_text("ready")


def _book(page) -> str:
    """The first booth that is free; its code."""
    page.goto("/en/desk/")
    page.locator("main a[href$='/booths/']").first.click()
    page.locator("main tr:has(.tag--ok) a").first.click()
    booth = page.url.rstrip("/").split("/")[-1].upper()
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile(r"/desk/agencies/[^/]+/$"))
    return booth


def _places(page) -> list[str]:
    """Where something is to be done, each once."""
    links = page.locator("main tbody a").evaluate_all("all => all.map(link => link.href)")
    return list(dict.fromkeys(links))


def _see_to(page, place):
    if place.endswith("/profile/"):
        page.locator("[name=about_en]").fill("Made-up software for made-up bodies.")
        page.locator("[name=about_km]").fill("កម្មវិធីសម្រាប់ការបង្ហាញ។")
        page.locator("[name=new_logo]").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": _logo()})
        page.locator("main form button").last.click()
    elif "/documents/" in place:
        paper = {"name": "paper.png", "mimeType": "image/png", "buffer": _logo()}
        page.locator("main [name=file]").set_input_files(paper)
        page.locator("main form:has([name=file]) button").last.click()
    elif "/times/" in place:
        for kind in ("build_up", "tear_down"):
            page.locator(f"main [name={kind}]").first.check()
        page.locator("main form button").last.click()
    else:
        page.locator("main [name=themes]").first.check()
        page.locator("main form:has([name=themes]) button").last.click()
        page.get_by_role("link", name="Add a product").click()
        page.locator("[name=name_en]").fill("Example Ledger")
        page.locator("main form button").last.click()
    page.wait_for_load_state()


def _approve(manager, name):
    """Every document of the agency that waits for the organisers."""
    while links := _to_decide(manager, name):
        manager.goto(links[0])
        manager.locator("[name=to][value=approved]").check()
        with manager.expect_navigation():
            manager.locator("main form button.button, form button.button").last.click()


def _to_decide(manager, name) -> list[str]:
    """As the list was sent: Wagtail's scripts take its menus out of the rows."""
    sent = manager.request.get("/cms/snippets/exhibitors/sentdocument/?state=sent").body()
    return html.fromstring(sent).xpath("//tr[contains(., $name)]//a[contains(@href, '/decide/')]/@href", name=name)


def _logo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (480, 240), "navy").save(written, "PNG")
    return written.getvalue()
