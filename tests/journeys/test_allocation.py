"""From an application to a booth: an agency applies, organisers accept, propose and publish, the agency takes its offer
and pays for it."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, invite, join, send_statement, sign_in, word

pytestmark = pytest.mark.journey

MADE_WITHIN = 60_000  # milliseconds: the worker looks for proposals by itself, and the page loads itself again


def test_from_an_application_to_an_accepted_booth(visitor, tmp_path):
    manager = sign_in(visitor(), "exhibition@example.org", then="/cms/")
    exhibitor = join(visitor(**PHONE), invite(manager, f"Example {word().capitalize()} Agency"))
    exhibitor.get_by_role("link", name="Apply for a booth").click()
    exhibitor.locator("[name=wish_1]").fill("Start-up street")
    exhibitor.get_by_role("button", name="Submit the application").click()
    code = exhibitor.locator("main .code").first.inner_text()

    manager.goto(f"/cms/snippets/exhibitors/application/?q={code}")
    manager.locator("main tbody a", has_text="Decide").first.click()
    manager.get_by_label("Accept", exact=True).check()
    manager.locator("main form button.button").last.click()

    manager.goto("/cms/snippets/exhibitors/allocationrun/")
    manager.get_by_role("link", name="Propose booths").click()
    manager.locator("main form button.button").last.click()
    expect(manager.locator("main")).to_contain_text("have a booth", timeout=MADE_WITHIN)
    expect(manager.locator(".proposal__lines tbody tr").first).to_be_visible()
    manager.get_by_role("link", name="Publish as offers").click()
    manager.locator("main form button.serious").click()
    expect(manager.locator("body")).to_contain_text("The offers are on their way.")

    exhibitor.goto("/en/desk/")
    exhibitor.get_by_role("link", name="Accept or decline").click()
    exhibitor.locator("main form button").last.click()
    order, paid = exhibitor.locator("h1 .code").inner_text(), exhibitor.locator("main dd strong").first.inner_text()
    amount = re.search(r"[\d,.]+", paid)[0].replace(",", "")
    finance = sign_in(visitor(), "finance@example.org", then="/cms/payments/statement/")
    statement = f"Date,Credit,Details,Number\n{datetime.date.today()},{amount},booth {order},B-{order}\n"
    send_statement(finance, statement, tmp_path, is_dry=False)
    expect(finance.locator("main")).to_contain_text("What became of each line")

    exhibitor.goto("/en/desk/")
    expect(exhibitor.locator("main .card .tag--ok").first).to_be_visible()
    expect(exhibitor.locator("main")).to_contain_text("The booth is yours.")
