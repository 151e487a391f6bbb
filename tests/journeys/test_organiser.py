"""An organiser edits a session, previews and publishes it; the public agenda shows it. Protocol's four stand in public."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey


def test_from_a_draft_to_the_public_agenda(visitor):
    title = f"Edited {uuid.uuid4().hex[:8]}"
    organiser = sign_in(visitor(), "programme@example.org", then="/cms/")
    organiser.goto("/cms/snippets/agenda/session/")
    organiser.locator("main table tbody tr a[href*='/edit/']").first.click()
    field = organiser.locator("input[name=title_en]")
    before = field.input_value()
    field.fill(title)
    organiser.locator("button[name=action-publish], [data-workflow-action-name]").first.wait_for(state="attached")

    organiser.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").first.click()
    organiser.locator("button[name=action-publish]").first.click()
    organiser.wait_for_load_state()

    visit = visitor()
    visit.goto("/en/search/?q=" + title.split()[1])
    visit.get_by_role("link", name=title).first.click()
    expect(visit.locator("h1")).to_contain_text(title)
    assert before != title


def test_the_agenda_is_read_day_by_day_in_khmer(visitor):
    page = visitor(viewport={"width": 390, "height": 844})
    page.goto("/km/agenda/")

    page.locator(".tabs a").nth(1).click()

    expect(page.locator("main h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_four_memoranda_of_2024_stand_in_the_register(visitor):
    page = visitor()
    page.goto("/en/2024/agreements/")

    records = page.locator("main table tbody tr")
    expect(records).to_have_count(4)
    records.first.locator("a").click()
    expect(page.locator("main")).to_contain_text("Ministry of Post and Telecommunications")
