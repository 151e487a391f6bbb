"""A full pass: somebody waits, somebody withdraws, the place is offered by mail and taken."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, open_letter, register, sign_in, word

pytestmark = pytest.mark.journey


def make_pass_of_one_place(office, slug):
    """As an organiser does: a quota of one place, and a pass with a waiting list that draws on it."""
    office.goto("/cms/snippets/registration/quota/add/")
    choose_edition(office)
    office.locator("[name=name]").fill(f"Places {slug}")
    office.locator("[name=size]").fill("1")
    office.locator("footer button[type=submit]").first.click()
    office.wait_for_url("**/quota/")
    office.goto("/cms/snippets/registration/passtype/add/")
    choose_edition(office)
    office.locator("[name=slug]").fill(slug)
    office.locator("[name=name_en]").fill(f"Pass {slug}")
    office.locator("[name=has_waiting_list]").check()
    office.locator("[name=quotas]").select_option(label=f"Places {slug} (next)")
    office.locator("footer button[type=submit]").first.click()
    office.wait_for_url("**/passtype/")


def choose_edition(office):
    office.locator("#id_edition-chooser .unchosen [data-chooser-action-choose]").click()
    office.locator(".modal-body a[data-chooser-modal-choice]", has_text="demonstration").first.click()
    expect(office.locator("#id_edition")).not_to_have_value("")


def test_who_waits_is_offered_the_place_of_who_withdraws(visitor):
    slug = f"small-{word()}"
    make_pass_of_one_place(sign_in(visitor(), "organiser@example.org", then="/cms/"), slug)
    first, second = visitor(), visitor(**PHONE)
    register(first, slug, f"KEO First{word()}")
    expect(first.locator("main .tag--ok").first).to_be_visible()

    own = register(second, slug, f"KEO Second{word()}")
    expect(second.locator("main")).to_contain_text("You are number 1 on the waiting list.")
    first.locator("main a[href$='/withdraw/']").click()
    first.locator("main form button").last.click()
    assert open_letter(second, "A place for you") == own
    second.get_by_role("button", name="Take this place").click()

    expect(second.locator("main .tag--ok").first).to_be_visible()
    expect(second.locator("main a[href$='badge.pdf']")).to_be_visible()
