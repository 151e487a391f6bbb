"""A person frames the photo of their badge; the part that they saw in the frame is the part that is kept."""

from io import BytesIO

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, register, word
from tests.journeys.test_accessibility import AXE, CUT_OR_WIDE, DESKTOP, NARROW, RULES

pytestmark = pytest.mark.journey

ORIENTATION = 0x0112
SIZE = (1600, 1200)
# Where the frame stands on the picture: left, top, right and lower edge, as shares.
SEEN = """() => {
    const sheet = document.querySelector(".cutter__picture").getBoundingClientRect();
    const frame = document.querySelector(".cutter__frame").getBoundingClientRect();
    return [(frame.left - sheet.left) / sheet.width, (frame.top - sheet.top) / sheet.height,
            (frame.right - sheet.left) / sheet.width, (frame.bottom - sheet.top) / sheet.height];
}"""


@pytest.fixture
def files(tmp_path):
    """A picture from a camera that lay on its side, whose red says how far to the right and whose green how far down; and
    a small one."""
    across, down = (Image.linear_gradient("L").rotate(turn).resize(SIZE) for turn in (90, 0))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    picture = Image.merge("RGB", (across, down, Image.new("L", SIZE)))
    picture.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "large.jpg", exif=exif, quality=95)
    picture.resize((320, 240)).save(tmp_path / "small.jpg")
    return tmp_path


def choose(page, file):
    page.locator("#id_photo").set_input_files(file)
    expect(page.locator(".cutter")).to_be_visible()


def keep(page, own) -> list[float]:
    """Sends the form; from where to where the stored photo shows the picture, as its colours say."""
    page.get_by_role("button", name="Keep this").click()
    page.wait_for_url(own)
    expect(page.locator("img.photo")).to_be_visible()
    stored = Image.open(BytesIO(page.request.get(page.locator("img.photo").get_attribute("src")).body()))
    assert stored.size == (480, 640)
    first, last = stored.getpixel((0, 0)), stored.getpixel((479, 639))
    return [channel / 255 for channel in (*first[:2], *last[:2])]


def about(shares):
    return pytest.approx(shares, abs=0.02)


def at_the_form(page) -> str:
    """Somebody whose pass asks for a photo opens its form; the address of their own page."""
    own = register(page, "opening", f"SOK {word()}")
    page.locator("main a[href$='/accreditation/']").first.click()
    page.get_by_label("Female").check()
    page.get_by_label("Birth date").fill("1980-05-17")
    page.get_by_label("Nationality").select_option("KH")
    page.get_by_label("Passport").check()
    page.get_by_label("Number of the document").fill("N0123456")
    return own


def test_the_part_framed_by_keyboard_and_by_hand_is_the_part_that_is_kept(visitor, files):
    page = visitor(**PHONE, has_touch=True, reduced_motion="reduce")
    own = at_the_form(page)
    keep_what = page.locator("fieldset#id_keep")
    expect(keep_what).to_be_visible()
    choose(page, files / "large.jpg")
    expect(keep_what).to_be_hidden()
    assert page.evaluate(SEEN) == about([0.21875, 0, 0.78125, 1])  # as much as there is, from the middle

    page.locator("#id_photo").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".cutter__frame")).to_be_focused()
    for key in ["-"] * 12 + ["+"] * 2 + ["ArrowRight"] * 20 + ["Shift+ArrowUp"] + ["ArrowDown"] * 3:
        page.keyboard.press(key)
    seen = page.evaluate(SEEN)
    assert seen == about([0.527, 0.173, 0.873, 0.787])
    assert keep(page, own) == about(seen)

    page.goto(f"{own}accreditation/")
    choose(page, files / "large.jpg")
    page.get_by_label("Size of the frame").press("Home")
    seen = page.evaluate(SEEN)
    assert seen[2] - seen[0] == pytest.approx(240 / 1600, abs=0.005), "no smaller than a badge can show"
    page.get_by_label("From left to right").press("Home")
    page.get_by_label("From the top down").press("End")
    assert page.evaluate(SEEN) == about([0, 1 - 320 / 1200, 240 / 1600, 1])
    page.locator(".cutter__stage").scroll_into_view_if_needed()
    box = page.locator(".cutter__frame").bounding_box()
    sheet = page.locator(".cutter__picture").bounding_box()
    page.mouse.move(box["x"] + box["width"], box["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 50, box["y"] - 20, steps=4)
    page.mouse.up()
    page.mouse.move(box["x"] + 30, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 30 + sheet["width"] / 2, box["y"] - 20, steps=4)
    page.mouse.up()
    seen = page.evaluate(SEEN)
    assert seen[0] == pytest.approx(0.5, abs=0.02) and seen[2] - seen[0] > 0.25 and seen[3] < 0.95
    assert keep(page, own) == about(seen)


def test_two_fingers_change_the_size_of_the_frame_and_it_stays_in_the_picture(visitor, files):
    page = visitor(**PHONE, has_touch=True, reduced_motion="reduce")
    at_the_form(page)
    choose(page, files / "large.jpg")
    page.locator(".cutter__stage").scroll_into_view_if_needed()
    sheet, tools = page.locator(".cutter__picture").bounding_box(), page.context.new_cdp_session(page)
    x, y = sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 2

    def touch(kind, *points):
        tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", (x - 80, y))
    touch("touchStart", (x - 80, y), (x + 80, y))
    touch("touchMove", (x - 40, y), (x + 40, y))
    touch("touchEnd")
    assert page.evaluate(SEEN) == about([0.359, 0.25, 0.641, 0.75])

    touch("touchStart", (x, y))
    touch("touchMove", (x - 400, y - 400))
    touch("touchEnd")
    assert page.evaluate(SEEN) == about([0, 0, 0.281, 0.5])


def test_a_picture_that_is_too_small_is_told_before_it_is_sent(visitor, files):
    page = visitor()
    at_the_form(page)
    choose(page, files / "large.jpg")

    page.locator("#id_photo").set_input_files(files / "small.jpg")

    expect(page.get_by_role("status")).to_contain_text("too small for a badge: at least 240 by 320 pixels")
    expect(page.locator(".cutter")).to_be_hidden()
    assert page.locator("[name=frame_left]").input_value() == ""
    page.locator("#id_photo").set_input_files([])
    expect(page.locator(".cutter-small")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "km"])
def test_axe_finds_nothing_on_the_frame_and_it_fits_the_narrowest_screen(browser, site, files, language):
    context = browser.new_context(base_url=site, locale=language, reduced_motion="reduce")
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    register(page, "opening", f"SOK {word()}", language)
    page.locator("main a[href$='/accreditation/']").first.click()
    choose(page, files / "large.jpg")
    found = []

    for size, colours in ((PHONE["viewport"], "light"), (DESKTOP, "dark"), (NARROW, "light")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=colours)
        found += page.evaluate(AXE, [{"include": [["html"]]}, {"runOnly": RULES, "resultTypes": ["violations"]}])
    found += page.evaluate(CUT_OR_WIDE)
    context.close()

    assert found == []
