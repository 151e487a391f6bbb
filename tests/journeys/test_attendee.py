"""An attendee registers and gets a badge; staff find, print and scan it."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, agree, code_on, sign_in

pytestmark = pytest.mark.journey


def register(page, language, name, khmer):
    page.goto(f"/{language}/")
    page.locator("a[href*='/register/']").first.click()
    page.locator("input[name=pass_type]").first.check()
    page.locator("select[name=honorific]").select_option("mr")
    page.locator("input[name=name_latin]").fill(name)
    page.locator("input[name=name_km]").fill(khmer)
    page.locator("input[name=agency_name]").fill("Ministry of Post and Telecommunications")
    page.locator("input[name=email]").fill(f"{uuid.uuid4().hex[:10]}@example.org")
    agree(page)
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile("/register/sent/$"))


def open_letter(page):
    """The latest letter of the demonstration's letter box, and from it the own page."""
    page.goto("/demo/mail/")
    page.locator("main table a").first.click()
    page.locator("main a[href*='/registration/']").first.click()


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("km", True)])
def test_from_the_front_page_to_the_gate(visitor, tmp_path, language, phone):
    name = f"SOK Dara{uuid.uuid4().hex[:6].translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    page = visitor(**(PHONE if phone else {}))

    register(page, language, name, "សុខ ដារ៉ា")
    open_letter(page)
    expect(page.locator("h1")).to_contain_text("សុខ ដារ៉ា" if language == "km" else name)
    badge = page.request.get(page.locator("a[href$='badge.pdf']").get_attribute("href"))
    assert badge.headers["content-type"] == "application/pdf"
    serial = code_on(badge.body(), tmp_path)

    desk = sign_in(visitor(), "desk@example.org", then="/onsite/badges/")
    desk.goto("/onsite/badges/")
    desk.locator("input[name=q]").fill(name.split()[1])
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name=name).click()
    printed = desk.request.post(
        desk.url,
        form={"csrfmiddlewaretoken": desk.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")},
        headers={"Referer": desk.url},
    )
    assert code_on(printed.body(), tmp_path) == serial
    desk.reload()
    expect(desk.locator("main .tag--ok").first).to_be_visible()

    gate = sign_in(visitor(), "gate@example.org", then="/onsite/")
    gate.goto("/onsite/")
    gate.locator("main .card a").first.click()
    gate.locator("input[name=code]").fill(serial)
    gate.keyboard.press("Enter")
    expect(gate.locator(".verdict--yes")).to_contain_text(name)
    gate.locator("input[name=code]").fill(serial)
    gate.keyboard.press("Enter")
    expect(gate.locator(".verdict--no")).to_contain_text(name)


def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(visitor):
    page = visitor()
    page.goto("/en/register/")

    page.locator("input[name=name_latin]").fill("សុខ")
    page.locator("input[name=email]").fill("kept@example.org")
    page.locator("main form button").last.click()

    expect(page.locator("main")).to_contain_text("Write this name in Latin letters.")
    expect(page.locator("input[name=email]")).to_have_value("kept@example.org")


def test_what_is_typed_stays_when_the_language_is_changed(visitor):
    page = visitor(**PHONE)
    page.goto("/km/next/register/")
    page.locator("input[name=pass_type][value=media]").check()
    page.locator("select[name=honorific]").select_option("ms")
    page.locator("input[name=name_km]").fill("សុខ ដារ៉ា")
    asked = page.locator("textarea").first.get_attribute("data-after")
    page.locator(f"input[name={asked}][value=yes]").check()
    page.locator("textarea").first.fill("Word by word")

    page.locator(".languages a[lang=en]").click()

    expect(page).to_have_url(re.compile("/en/next/register/"))
    expect(page.locator("input[name=pass_type][value=media]")).to_be_checked()
    expect(page.locator("select[name=honorific]")).to_have_value("ms")
    expect(page.locator("input[name=name_km]")).to_have_value("សុខ ដារ៉ា")
    expect(page.locator("textarea").first).to_be_visible()
    expect(page.locator("textarea").first).to_have_value("Word by word")
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(page.locator("input[name=name_km]")).to_have_value("")
