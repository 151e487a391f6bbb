"""Ways to pay: by bank transfer with the invoice and finance's statement, and by card on the provider's page."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, open_letter, register, send_statement, sign_in, word
from tests.payments.fake_stripe import DECLINED

pytestmark = pytest.mark.journey
PASS = "industry"  # the pass of the demonstration that costs something


def go_to_the_order(page, language="en") -> tuple[str, str]:
    """Somebody registers for a pass that costs something; the own page and the reference of the order."""
    own = register(page, PASS, f"CHEA Payer{word()}", language)
    page.locator("main form[action$='/pay/'] button").click()
    return own, page.locator("h1 .code").inner_text()


def test_a_place_is_paid_by_bank_transfer(visitor, tmp_path):
    page = visitor(**PHONE)
    own, code = go_to_the_order(page)
    expect(page.locator("main")).to_contain_text(re.compile(r"Kept for you until .+ \d\d:\d\d"))
    expect(page.locator("main")).to_contain_text("By bank transfer")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.locator("main input[name=name]").fill("Example Ministry")
    page.locator("main form[action*='/invoice/'] button").click()
    invoice = page.locator("main a[href$='.pdf']", has_text="Invoice")
    paper = page.request.get(invoice.get_attribute("href"))
    assert (paper.headers["content-type"], paper.body()[:5]) == ("application/pdf", b"%PDF-")

    statement = f"Date,Credit,Details,Number\n{datetime.date.today()},150.00,forum {code.lower()},B-{code}\n"
    finance = sign_in(visitor(), "finance@example.org", then="/cms/payments/statement/")
    finance.goto("/cms/payments/statement/")
    send_statement(finance, statement, tmp_path, is_dry=True)
    expect(finance.locator("main")).to_contain_text(f"Settles {code}")
    page.reload()
    expect(page.locator("main .tag--wait")).to_be_visible()
    send_statement(finance, statement, tmp_path, is_dry=False)
    expect(finance.locator("main")).to_contain_text("What became of each line")
    send_statement(finance, statement, tmp_path, is_dry=False)
    expect(finance.locator("main")).to_contain_text("Known already")

    page.reload()
    expect(page.locator("main .tag--ok")).to_have_text("Paid")
    receipt = page.locator("main a[href$='.pdf']", has_text="Receipt")
    assert page.request.get(receipt.get_attribute("href")).body()[:5] == b"%PDF-"
    page.goto(own)
    expect(page.locator("main .tag--ok")).to_have_text("Confirmed")
    expect(page.locator("main a[href$='badge.pdf']")).to_be_visible()
    open_letter(page, f"Paid: order {code}")
    expect(page.locator("h1")).to_contain_text(code)


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("km", True)])
def test_a_place_is_paid_by_card_after_one_was_declined(visitor, stripe, language, phone):
    if not stripe.webhook:
        pytest.skip("the site that runs already has a card provider of its own")
    page = visitor(**(PHONE if phone else {}))
    own, _code = go_to_the_order(page, language)
    order = page.url

    pay = page.locator("main form[action$='/card/'] button")
    pay.click()
    page.locator("input[name=card]").fill(DECLINED)
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(order)
    expect(page.locator("main .tag--wait")).to_be_visible()

    pay.click()
    page.locator("input[name=card]").fill("4242424242424242")
    page.get_by_role("button", name="Pay").click()
    expect(page).to_have_url(order)
    wait_for_the_message(page)
    expect(pay).to_have_count(0)
    expect(page.locator("main a[href$='.pdf']")).to_have_count(1)
    page.goto(own)
    expect(page.locator("main a[href$='badge.pdf']")).to_be_visible()


def wait_for_the_message(page):
    """The payer is back before the provider's message is: the page only reads, so it is looked at again."""
    for _time in range(20):
        if page.locator("main .tag--ok").count():
            return
        page.wait_for_timeout(300)
        page.reload()
    raise AssertionError("the order was not paid")
