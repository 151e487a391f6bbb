"""From an application to a booth: an agency applies, organisers accept, propose and publish, the agency takes its offer
and pays for it. And all that organisers do for it, from a hall in which nothing stands yet."""

import datetime
import re
import subprocess
import sys

import pytest
from lxml import html
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.journeys.steps import PHONE, enter_agency, invite, join, send_statement, sign_in, word

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


def test_from_an_empty_hall_to_a_published_allocation(visitor, environment, tmp_path):
    hall, zone, letter = f"Hall {word()}", f"Zone {word()}", word()[:3].upper()
    manager = sign_in(visitor(), "exhibition@example.org", then="/cms/")
    _build(manager, hall, zone, letter)
    applicants = [f"Example {word().capitalize()} Agency" for _ in range(3)]
    applications = [
        _apply_on_paper(manager, name, wish) for name, wish in zip(applicants, [f"{letter}02", zone, zone], strict=True)
    ]

    asked = "&".join(f"id={key}" for key in applications)
    manager.goto(f"/cms/exhibition/applications/decide/?{asked}")
    manager.get_by_label("Accept", exact=True).check()
    _confirm(manager)
    expect(manager.locator("body")).to_contain_text("3 applications decided.")
    manager.goto(f"/cms/exhibition/applications/{applications[1]}/pin/")
    manager.locator("[name=booth]").select_option(label=f"{letter}05")
    _confirm(manager)

    manager.goto("/cms/exhibition/proposals/new/")
    manager.locator("[name=seed]").fill("2026")
    _confirm(manager)
    expect(manager.locator("main")).to_contain_text("have a booth", timeout=MADE_WITHIN)
    proposal = manager.url
    got = [manager.locator(".proposal__lines tbody tr", has_text=name) for name in applicants]
    expect(got[0]).to_contain_text(f"{letter}02")
    expect(got[1]).to_contain_text("pinned")
    expect(got[2]).to_contain_text("wish 1")
    for act in ("Publish as offers", "Show how booths were given"):
        manager.goto(proposal)
        manager.get_by_role("link", name=act).click()
        _confirm(manager)

    anybody = visitor(**PHONE)
    anybody.goto("/en/next/exhibition/allocation/")
    expect(anybody.locator("main tr", has_text=applicants[0])).to_contain_text(f"{letter}02")
    expect(anybody.locator("main tr", has_text=applicants[1])).to_contain_text("kept for it by the organisers")
    anybody.goto(f"/en/next/exhibition/{letter}02/")
    expect(anybody.locator("main")).to_contain_text(zone)

    answer, question = tmp_path / "answer.json", tmp_path / "question.json"
    anybody.goto("/en/next/exhibition/allocation/")
    answer.write_bytes(anybody.request.get(anybody.locator("main a[download]").get_attribute("href")).body())
    manager.goto(proposal)
    question.write_bytes(manager.request.get(_link(manager, "/question.json")).body())
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_allocation", question, "--public", answer],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")


def _build(manager, hall, zone, letter):
    """A new hall of 30 × 20 metres with one zone, to which booths are given, and two lines of six booths back to back."""
    manager.goto("/cms/snippets/exhibitors/hall/add/")
    manager.locator("[name=edition]").select_option(index=1)  # the newest
    for name, typed in {"name_en": hall, "name_km": "សាលសាកល្បង", "width": "3000", "depth": "2000"}.items():
        manager.locator(f"[name={name}]").fill(typed)
    _save(manager)
    manager.goto("/cms/snippets/exhibitors/zone/add/")
    manager.locator("[name=hall]").select_option(label=hall)
    manager.locator("[name=name_en]").fill(zone)
    manager.locator("[name=by_application]").check()
    _save(manager)
    manager.goto("/cms/snippets/exhibitors/hall/")
    manager.goto(_link(manager, "/check/", hall))
    manager.goto(_link(manager, "/rows/"))
    manager.locator("[name=block]").fill(letter)
    manager.get_by_role("button", name="Show on the plan").click()
    expect(manager.locator("main section [role=status]")).to_contain_text("nothing would have to be mended")
    manager.get_by_role("button", name="Add 12 booths").click()
    expect(manager.locator("body")).to_contain_text(f"12 booths added: {letter}01 to {letter}12.")


def _apply_on_paper(manager, name, wish) -> int:
    """An application that came by letter; its number in the back office."""
    manager.goto(f"/cms/exhibition/agencies/{enter_agency(manager, name)}/apply/")
    manager.locator("[name=wish_1]").fill(wish)
    _confirm(manager)
    expect(manager.locator("body")).to_contain_text("The application is entered.")
    manager.goto(f"/cms/snippets/exhibitors/application/?q={name.split()[1]}")
    return int(re.search(r"id=([0-9]+)", _link(manager, "/applications/decide/"))[1])


def _link(manager, part, row="") -> str:
    """The first link to ``part``, in a ``row`` of a list, as the page was sent: Wagtail's scripts move menus about."""
    sent = html.fromstring(manager.request.get(manager.url).body())
    beginning = "//tr[contains(., $row)]" if row else ""
    return sent.xpath(f"{beginning}//a[contains(@href, $part)]/@href", part=part, row=row)[0]


def _save(manager):
    manager.locator("main form button[type=submit]").last.click()
    expect(manager.locator("body")).to_contain_text("created")


def _confirm(manager):
    with manager.expect_navigation():
        manager.locator("main form button.button:not(.button-secondary)").last.click()
