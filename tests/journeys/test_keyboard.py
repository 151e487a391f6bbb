"""Everything that people come for, done without a mouse: each stop shows itself, in the order in which one reads."""

import re
import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.keyboard import Keyboard
from tests.journeys.steps import PASSWORD, PHONE

pytestmark = pytest.mark.journey

BOTH = pytest.mark.parametrize("language", ["en", "km"])


@pytest.fixture
def keyboard(visitor):
    def take(address, **options):
        page = visitor(reduced_motion="reduce", **options)  # a stop is in sight at once
        page.goto(address)
        return Keyboard(page)

    return take


def sign_in(keyboard, email):
    page = keyboard.page
    keyboard.type(page.locator("input[name=login]"), email)
    keyboard.type(page.locator("input[name=password]"), PASSWORD)
    keyboard.follow(page.locator("main form button").last)
    return keyboard


def open_letter(keyboard, part):
    page = keyboard.page
    page.goto("/demo/mail/")
    keyboard.follow(page.locator("main table a").first)
    keyboard.follow(page.locator(f"main a[href*='{part}']").first)


@pytest.mark.parametrize(("language", "screen"), [("en", {}), ("km", PHONE)], ids=["en-desktop", "km-phone"])
@pytest.mark.parametrize(
    "room", ["", "next/register/", "next/agenda/1/", "next/exhibition/A01/", "next/agreements/", "next/search/?q=a"]
)
def test_the_stops_of_a_page_show_themselves_in_reading_order_and_end(keyboard, language, screen, room):
    stops = keyboard(f"/{language}/{room}", **screen).stops()

    assert len(stops) > 10


@BOTH
def test_the_skip_link_leads_past_the_shell(keyboard, language):
    keys = keyboard(f"/{language}/next/agenda/")

    keys.to(keys.page.locator(".skip-link")).press("Enter").press("Tab")

    assert keys.page.locator("main :focus").count() == 1


@BOTH
def test_register_then_withdraw(keyboard, language):
    keys = keyboard(f"/{language}/next/register/", **PHONE)
    page = keys.page

    keys.to(page.locator("input[name=pass_type]").first).press("Space")
    keys.to(page.locator("select[name=honorific]")).press("ArrowDown")
    keys.type(
        page.locator("input[name=name_latin]"),
        f"KEO {uuid.uuid4().hex[:8].translate(str.maketrans('0123456789', 'ghijklmnop'))}",
    )
    keys.type(page.locator("input[name=email]"), f"{uuid.uuid4().hex[:10]}@example.org")
    keys.to(page.locator("input[name=agrees]")).press("Space")
    keys.follow(page.locator("main form button").last)
    expect(page).to_have_url(re.compile("/register/sent/$"))
    open_letter(keys, "/registration/")
    keys.follow(page.locator("a[href$='/withdraw/']"))
    keys.follow(page.locator("main form button"))

    expect(page.locator("main .tag--stop")).to_be_visible()


@BOTH
def test_a_form_that_comes_back_leads_to_what_is_wrong(keyboard, language):
    keys = keyboard(f"/{language}/next/register/link/")

    keys.follow(keys.page.locator("main form button"))
    keys.to(keys.page.locator(".error-summary a").first).press("Enter")

    expect(keys.page.locator("input[name=email]")).to_be_focused()


@BOTH
def test_the_programme_is_filtered(keyboard, language):
    keys = keyboard(f"/{language}/next/agenda/1/")
    page = keys.page

    keys.to(page.locator("select[name=track]")).press("ArrowDown")
    keys.follow(page.locator("main form button"))

    expect(page.locator("select[name=track]")).not_to_have_value("")
    keys.follow(page.locator(".slot__title a").first)
    expect(page).to_have_url(re.compile(r"/agenda/\w{6}/$"))


@BOTH
def test_a_booth_is_taken_from_the_plan_and_from_the_table(keyboard, language):
    keys = sign_in(keyboard(f"/accounts/login/?next=/{language}/desk/"), "exhibitor2@example.org")
    page = keys.page

    for place, shortcut in {"a.booth--free": None, "main tr:has(.tag--ok) a": "main a[href='#table']"}.items():
        keys.follow(page.locator("main a[href$='/booths/']").first)
        if shortcut:
            keys.to(page.locator(shortcut)).press("Enter")
        keys.follow(page.locator(place).first)
        booth = page.url.rstrip("/").rpartition("/")[2]
        keys.follow(page.locator("main form button"))
        expect(page.locator("main .tag--wait, main .tag--ok").first).to_be_visible()
        page.goto(f"/{language}/desk/")  # what costs something leads to its order instead
        keys.follow(page.locator("main .card", has_text=booth).locator("a[href$='/release/']"))
        keys.follow(page.locator("main form button"))
        expect(page.locator("main [role=status]")).to_be_visible()


@BOTH
def test_a_badge_is_found_and_printed(keyboard, language):
    keys = sign_in(keyboard("/accounts/login/?next=/onsite/badges/", locale=language), "desk@example.org")
    page = keys.page

    keys.type(page.locator("input[name=q]"), "a")
    with page.expect_navigation():
        keys.press("Enter")
    keys.follow(page.locator("main table tr:has(.tag--wait) a").first)  # a second print asks why
    expect(page.locator("main form button")).to_be_focused()
    with page.context.expect_event("response", lambda answer: answer.request.method == "POST") as answer:
        keys.press("Enter")

    assert answer.value.headers["content-type"] == "application/pdf"


@BOTH
def test_a_gate_takes_one_code_after_the_other(keyboard, language):
    keys = sign_in(keyboard("/accounts/login/?next=/onsite/", locale=language), "gate@example.org")
    page = keys.page

    keys.follow(page.locator("main .card a").first)
    for code in ("AAAA-1111", "BBBB-2222"):
        expect(page.locator("input[name=code]")).to_be_focused()
        page.keyboard.type(code)
        with page.expect_navigation():
            keys.press("Enter")
        expect(page.locator(".verdict--no")).to_be_visible()


def test_an_organiser_acts(keyboard):
    keys = sign_in(keyboard("/accounts/login/?next=/cms/"), "organiser@example.org")
    page, email = keys.page, f"{uuid.uuid4().hex[:10]}@example.org"
    lists = page.request.get(reverse("wagtailsnippets_exhibitors_agency:list")).text()
    page.goto(re.search(r'href="(/cms/[^"]+/invite/)"', lists)[1])

    keys.type(page.locator("main input[name=email]"), email)
    keys.follow(page.locator("main form button.button"))

    expect(page.locator("main table")).to_contain_text(email)
