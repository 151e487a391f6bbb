"""An agency's focal point names three people, one by a link, puts another in the place of one, and prints the letters."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, agree, sign_in, word

pytestmark = pytest.mark.journey


def go_to_the_delegation(page):
    sign_in(page, "exhibitor@example.org", then="/en/desk/")
    page.locator("main a[href*='/delegation']").first.click()
    return page.url


def row_of(page, name):
    return page.locator("main tbody tr", has_text=name)


def test_from_names_to_letters(visitor):
    page, mark = visitor(), word()
    desk = go_to_the_delegation(page)

    page.get_by_role("link", name="Type several names").click()
    for number, (name, email) in enumerate([(f"MEAS One{mark}", ""), (f"MEAS Two{mark}", f"two-{mark}@example.org")]):
        page.locator(f"[name=form-{number}-pass_type]").select_option("exhibitor")
        page.locator(f"[name=form-{number}-name_latin]").fill(name)
        page.locator(f"[name=form-{number}-email]").fill(email)
    page.locator("[name=form-2-name_latin]").fill("MEAS 3")
    agree(page)
    page.locator("main form button").last.click()
    expect(page.locator("[name=form-2-name_latin]")).to_have_value("MEAS 3")
    expect(page.locator("main .errorlist").first).to_be_visible()
    page.goto(desk)
    expect(row_of(page, f"MEAS One{mark}")).to_be_visible()
    expect(row_of(page, f"MEAS Two{mark}")).to_contain_text(f"two-{mark}@example.org")

    page.get_by_role("link", name="Send links").click()
    page.locator("main select[name=pass_type]").select_option("exhibitor")
    page.locator("main button").last.click()
    link = page.locator("main code").last.inner_text()
    third = visitor(**PHONE)
    third.goto(link)
    third.locator("main input[name=name_latin]").fill(f"MEAS Three{mark}")
    third.locator("main input[name=email]").fill(f"three-{mark}@example.org")
    agree(third)
    third.locator("main form button").last.click()
    third.wait_for_url(lambda url: url != link)
    assert "name_latin" not in third.request.get(link).text()  # it serves once

    page.goto(desk)
    expect(row_of(page, f"MEAS Three{mark}")).to_be_visible()
    page.get_by_role("link", name=f"Replace MEAS Two{mark}").click()
    page.locator("main input[name=name_latin]").fill(f"MEAS Four{mark}")
    page.locator("main input[name=email]").fill("")
    agree(page)
    page.locator("main form button").last.click()
    expect(row_of(page, f"MEAS Four{mark}")).to_be_visible()
    expect(row_of(page, f"MEAS Two{mark}")).to_have_count(0)

    letter = page.request.get(row_of(page, f"MEAS One{mark}").get_by_role("link", name="Letter (PDF)").get_attribute("href"))
    letters = page.request.get(page.get_by_role("link", name="All these letters (PDF)").get_attribute("href"))
    assert [answer.body()[:5] for answer in (letter, letters)] == [b"%PDF-", b"%PDF-"]
    assert len(letters.body()) > len(letter.body())

    page.get_by_role("link", name=f"Withdraw MEAS Four{mark}").click()
    page.locator("main form button").last.click()
    expect(row_of(page, f"MEAS Four{mark}")).to_have_count(0)
