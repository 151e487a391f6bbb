"""An aide registers a minister and a deputy, receives their messages and acts for both from one page."""

import re
import time
import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PATIENCE, PHONE, agree, word

pytestmark = pytest.mark.journey


def register(page, language, name, khmer, contact, *, own="", receives="contact"):
    page.goto(f"/{language}/next/register/")
    page.locator("main input[name=pass_type][value=delegate]").check()
    page.locator("main select[name=honorific]").select_option("excellency")
    page.locator("main input[name=name_latin]").fill(name)
    page.locator("main input[name=name_km]").fill(khmer)
    expect(page.locator("main input[name=contact_email]")).to_be_hidden()
    page.locator(f"main input[name=receives][value={receives}]").check()
    page.locator("main input[name=email]").fill(own)
    page.locator("main input[name=contact_name]").fill("PICH Sophal")
    page.locator("main select[name=contact_role]").select_option("aide")
    page.locator("main input[name=contact_email]").fill(contact)
    agree(page)
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile("/register/sent/$"))


def letters_to(page, address) -> list:
    """The letters of the demonstration's letter box to this address, the newest first."""
    page.goto("/demo/mail/")
    return page.locator("main table tr", has_text=address).locator("a").all()


def wait_for_letters(page, address, number):
    deadline = time.monotonic() + PATIENCE
    while len(found := letters_to(page, address)) < number:
        assert time.monotonic() < deadline, f"{len(found)} of {number} letters came"
        page.wait_for_timeout(1_000)
    assert len(found) == number
    return found


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("km", True)])
def test_an_aide_acts_for_two(visitor, language, phone):
    page = visitor(**(PHONE if phone else {}))
    contact, minister = (f"{uuid.uuid4().hex[:10]}@example.org" for _person in range(2))
    first, second = f"KEO Minister{word()}", f"SAR Deputy{word()}"

    register(page, language, first, "កែវ សុវណ្ណ", contact, own=minister)
    wait_for_letters(page, contact, 1)[0].click()
    expect(page.locator("main")).to_contain_text("PICH Sophal")
    page.locator("main a[href*='/registration/']").first.click()
    expect(page.locator("main h1")).to_contain_text("កែវ សុវណ្ណ" if language == "km" else first)
    expect(page.locator("main")).to_contain_text(contact)

    register(page, language, second, "សរ ចាន់", contact)
    wait_for_letters(page, contact, 2)
    page.goto(f"/{language}/next/register/link/")
    page.locator("main input[name=email]").fill(contact)
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile("/register/sent/$"))
    wait_for_letters(page, contact, 3)[0].click()
    expect(page.locator("main a[href*='/registration/']").nth(1)).to_be_visible()
    page.locator("main a[href*='/acting/']").first.click()
    expect(page.locator("main .acting > li")).to_have_count(2)
    acting = page.url

    page.locator(".acting a", has_text=first).click()
    page.locator("main a[href$='/edit/']").click()
    expect(page.locator("main input[name=contact_email]")).to_have_value(contact)
    page.locator("main input[name=position]").fill("Minister of Examples")
    page.locator("main form button").last.click()
    expect(page.locator("main .facts").first).to_contain_text("Minister of Examples")

    page.goto(acting)
    page.locator(".acting a", has_text=second).click()
    page.locator("main a[href$='/withdraw/']").click()
    page.locator("main form button").last.click()
    page.goto(acting)
    expect(page.locator(".acting .tag--stop")).to_have_count(1)

    assert letters_to(page, minister) == []
    register(page, language, f"TEP Both{word()}", "ទេព រិទ្ធ", contact, own=minister, receives="both")
    wait_for_letters(page, minister, 1)
