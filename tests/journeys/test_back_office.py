"""The back office works whole under its strict policy: any word of the browser's console fails these walks."""

import uuid

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey

CHOICE = ".modal-body a[data-chooser-modal-choice]"


@pytest.fixture
def office(visitor):
    page = sign_in(visitor(), "organiser@example.org", then="/cms/")
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def choose(page, field: str, number: int = 0):
    page.locator(f"#{field}-chooser .unchosen [data-chooser-action-choose]").click()
    page.locator(CHOICE).nth(number).click()
    expect(page.locator(f"#{field}")).not_to_have_value("")


def test_a_memorandum_is_entered_with_parties_chosen_and_signed(office):
    title = f"Memorandum {uuid.uuid4().hex[:8]}"
    office.goto("/cms/snippets/mou/memorandum/add/")
    office.locator("#id_title_en").fill(title)

    choose(office, "id_parties-0-agency", 0)
    choose(office, "id_parties-1-agency", 1)
    office.locator("#id_parties-ADD").click()
    choose(office, "id_parties-2-agency", 2)
    office.locator("#inline_child_parties-2 [data-inline-panel-child-move-up]").click()
    office.locator("footer button[type=submit]").first.click()

    office.get_by_role("link", name="Memoranda").or_(office.locator("main")).first.wait_for()
    office.goto(f"/cms/snippets/mou/memorandum/?q={title.split()[1]}")
    expect(office.locator("main table tbody tr")).to_have_count(1)


def test_a_page_is_written_with_text_and_a_picture_and_previewed(office, tmp_path):
    Image.new("RGB", (600, 400), "teal").save(tmp_path / "hall.jpg")
    title = f"The hall {uuid.uuid4().hex[:8]}"
    office.goto("/cms/images/add/")
    office.locator("#id_title").fill(title)
    office.locator("#id_file").set_input_files(tmp_path / "hall.jpg")
    office.locator("footer button[type=submit]").first.click()
    office.wait_for_url("**/cms/images/")

    office.goto("/cms/pages/usage/home/contentpage/")
    office.locator("main table a[href$='/edit/']").first.click()
    office.locator(".c-sf-add-button").last.click()
    office.get_by_role("option", name="Text").first.click()
    office.locator(".public-DraftEditor-content").last.click()
    office.keyboard.type("Written under a strict policy.")
    office.keyboard.press("Enter")
    office.locator(".c-sf-add-button").last.click()
    office.get_by_role("option", name="Picture").first.click()
    office.locator(".image-chooser .unchosen button:visible").last.click()
    office.locator(CHOICE, has_text=title).first.click()
    office.locator("[name$='-alt_text']").last.fill("A hall")
    office.get_by_role("button", name="Toggle preview").click()

    preview = office.frame_locator("iframe").first
    expect(preview.locator("body")).to_contain_text("Written under a strict policy.")


@pytest.mark.parametrize(
    "address",
    ["reports/site-history/", "snippets/agenda/session/", "snippets/registration/registration/", "images/", "pages/"],
)
def test_lists_open_their_filters(office, address):
    office.goto(f"/cms/{address}")

    buttons = office.get_by_role("button", name="Show filters")
    if buttons.count():
        buttons.first.click()
        expect(office.get_by_text("Filter by").first).to_be_visible()


def test_every_first_page_of_the_menu_opens_without_a_complaint(office):
    office.goto("/cms/")
    items = office.locator("#wagtail-sidebar a[href^='/cms/'], [data-wagtail-sidebar] a[href^='/cms/']")
    addresses = {item.get_attribute("href") for item in items.all()}

    for address in sorted(addresses - {"/cms/logout/"}):
        assert office.goto(address).status == 200, address
