"""The floor plan under fingers, keys and mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE

pytestmark = pytest.mark.journey

PLAN = "/en/exhibition/"


def width(page) -> int:
    return round(page.locator(".plan__sheet").first.bounding_box()["width"])


def scrolled(page) -> int:
    return page.locator(".plan__scroll").first.evaluate("scroll => scroll.scrollLeft")


def on(page) -> str:
    return page.evaluate("document.activeElement.querySelector('.booth__code')?.textContent")


def test_buttons_show_the_plan_closer_in_place_and_whole_again(page):
    page.goto(PLAN)
    whole, address = width(page), page.url

    page.get_by_role("button", name="Closer").first.click()
    closer = width(page)
    page.get_by_role("button", name="Closer").first.press(" ")
    closest = width(page)
    page.get_by_role("button", name="Further away").first.click()
    back = width(page)
    page.get_by_role("button", name="Whole hall").first.click()

    assert whole < closer < closest
    assert (back, width(page)) == (closer, whole)
    assert page.url == address


def test_keys_go_from_booth_to_booth_and_closer(page):
    page.goto(PLAN)
    page.locator("a.booth[href$='/A01/']").focus()

    walked = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"):
        page.keyboard.press(key)
        walked.append(on(page))
    whole = width(page)
    page.keyboard.press("+")

    assert walked == ["A02", "A08", "A07", "A01", "B21", "A01"]
    assert (width(page) > whole, on(page)) == (True, "A01")


def test_the_mouse_pushes_the_plan_and_opens_no_booth_by_that(page):
    page.goto(f"{PLAN}?zoom=3")
    booth = page.locator("a.booth").nth(4)
    booth.scroll_into_view_if_needed()
    box, before = booth.bounding_box(), scrolled(page)
    address = page.url

    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 20, steps=4)
    page.mouse.up()

    assert (scrolled(page) - before, page.url) == (80, address)
    page.locator("a.booth").nth(4).click()
    expect(page).to_have_url(re.compile(r"/exhibition/[A-Z]\d+/$"))


def test_two_fingers_on_a_phone_and_a_wheel_with_ctrl_show_it_closer(visitor):
    page = visitor(**PHONE, has_touch=True)
    page.goto(PLAN)
    scroll = page.locator(".plan__scroll").first
    scroll.scroll_into_view_if_needed()
    first, y = width(page), scroll.bounding_box()["y"] + 60
    fingers = page.context.new_cdp_session(page)

    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80)):
        points = [{"x": 180 - apart, "y": y, "id": 0}, {"x": 180 + apart, "y": y, "id": 1}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    pinched = width(page)
    page.mouse.move(180, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, 100)
    page.keyboard.up("Control")

    assert pinched == pytest.approx(2 * first, rel=0.02)
    expect(page.locator(".plan__sheet").first).not_to_have_css("width", f"{pinched}px")
    assert first < width(page) < pinched


def test_without_scripts_links_do_the_same(visitor):
    page = visitor(java_script_enabled=False)
    page.goto(PLAN)
    whole = width(page)

    page.get_by_role("link", name="Closer").first.click()

    expect(page).to_have_url(re.compile(r"zoom=2#hall-1$"))
    assert width(page) > whole
    page.get_by_role("link", name="Whole hall").first.click()
    assert width(page) == whole
