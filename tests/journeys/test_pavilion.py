"""A pavilion: set up by an organiser, divided by its own, accepted by a member, and seen by the public."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, sign_in

pytestmark = pytest.mark.journey

NAME = "Pavilion of Example Payments"


def test_from_free_booths_to_a_member_in_public(visitor):
    organiser = sign_in(visitor(), "exhibition@example.org", then="/cms/")
    organiser.goto("/en/next/exhibition/?state=free")
    free = organiser.locator("main table a.code").all_inner_texts()[-2:]
    organiser.goto("/cms/snippets/exhibitors/pavilion/add/")
    organiser.locator("[name=edition]").select_option(index=1)
    organiser.locator("[name=name_en]").fill(NAME)
    organiser.locator("[name=organiser]").select_option(label="Example Payments Company")
    organiser.locator("[name=booths]").fill(", ".join(free))
    organiser.locator("main form button[type=submit]").last.click()
    expect(organiser.locator("main")).to_contain_text(NAME)

    head = sign_in(visitor(**PHONE), "exhibitor2@example.org")
    head.get_by_role("link", name="Open the pavilion").click()
    head.locator("main tr:has(.tag--ok) a").first.click()
    head.locator("[name=name]").fill("Example Software Company")
    head.locator("main form button").last.click()
    expect(head.locator("main")).to_contain_text("whose people now accept or decline it")
    assert head.evaluate("document.documentElement.scrollWidth") <= 390

    member = sign_in(visitor(), "exhibitor@example.org")
    member.get_by_role("link", name="Accept or decline").click()
    expect(member.locator("main")).to_contain_text("may see and complete your profile")
    member.locator("main form button").last.click()
    expect(member.locator("main")).to_contain_text(f"It stands in “{NAME}”.")

    head.goto(head.url)
    head.get_by_role("link", name="Example Software Company", exact=True).click()
    expect(head.locator("main")).to_contain_text("You stand in for Example Software Company")

    public = visitor()
    public.goto("/en/next/exhibition/?q=example+software")
    row = public.locator("main tbody tr", has_text=NAME)
    expect(row).to_have_count(1)
    expect(row).to_contain_text(f"Example Software Company · {NAME}")
