"""Steps that several journeys take."""

import re
import subprocess
import time
import uuid
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import expect

PASSWORD = "demonstration-2026"
NEW_PASSWORD = "five-lotus-ponds"
PATIENCE = 150  # seconds: the clock of the worker goes round every minute
PHONE = {"viewport": {"width": 390, "height": 844}}


def sign_in(page, email: str, then: str = "/en/desk/"):
    """Signs one of the demonstration's people in by the one door and goes on to ``then``."""
    page.goto(f"/accounts/login/?next={then}")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


def enter_agency(manager, name: str) -> int:
    """An organiser enters a private agency; its number in the back office."""
    manager.goto("/cms/snippets/exhibitors/agency/add/")
    manager.locator("[name=name_en]").fill(name)
    manager.locator("[name=kind]").select_option("private")
    manager.locator("main form button[type=submit]").last.click()
    expect(manager.locator("main")).to_contain_text(name)
    manager.goto(f"/cms/snippets/exhibitors/agency/?q={name.split()[1]}")
    edit = manager.locator("main a[href*='/agency/edit/']").first.get_attribute("href")
    return int(re.search(r"/edit/([0-9]+)/", edit)[1])


def invite(manager, name: str) -> str:
    """An organiser enters a private agency and invites its first person; whose address that is."""
    manager.goto(f"/cms/exhibition/agencies/{enter_agency(manager, name)}/invite/")
    email = f"{word()}@example.org"
    manager.locator("[name=email]").fill(email)
    manager.locator("main form button.button, form button.button").last.click()
    return email


def join(page, email: str):
    """Opens the letter with the invitation and an account, and stands at the desk."""
    for _second in range(PATIENCE):
        page.goto("/demo/mail/")
        letter = page.locator("main tr", has_text=email).locator("a").first
        if letter.count():
            break
        page.wait_for_timeout(1_000)
    letter.click()
    page.locator("main a[href*='/invitation/']").first.click()
    page.locator("[name=first_name]").fill("Sok")
    page.locator("[name=last_name]").fill("Example")
    page.wait_for_load_state()
    for field in page.locator("main input[type=password]").all():
        field.fill(NEW_PASSWORD)
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile("/desk/"))
    return page


def code_on(pdf: bytes, folder: Path) -> str:
    """What the QR on the first page of ``pdf``, a badge or a letter, says, besides the one by which a letter is checked."""
    source = folder / "badge.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", source, folder / "badge"], check=True)
    codes = [code.text for code in zxingcpp.read_barcodes(Image.open(folder / "badge.png"))]
    (found,) = [text for text in codes if "/verify/" not in text]
    return found


def register(page, pass_type: str, name: str, language: str = "en") -> str:
    """Somebody registers for a pass and opens the own page from the letter; its address."""
    page.goto(f"/{language}/next/register/")
    page.locator(f"main input[name=pass_type][value={pass_type}]").check()
    page.locator("main input[name=name_latin]").fill(name)
    page.locator("main input[name=email]").fill(f"{uuid.uuid4().hex[:10]}@example.org")
    agree(page)
    page.locator("main form button").last.click()
    page.wait_for_url("**/register/sent/")
    return open_letter(page)


def agree(page):
    """Sets the tick for every privacy notice of the page's forms."""
    page.wait_for_load_state()
    for tick in page.locator("main input[name$=agrees]").all():
        tick.check()


def open_letter(page, subject: str = "") -> str:
    """The newest letter of the demonstration's letter box, or the newest with ``subject``, and from it the page that it
    leads to; its address."""
    deadline = time.monotonic() + PATIENCE
    letter = page.locator("main table a", has_text=subject).first
    while True:
        page.goto("/demo/mail/")
        if letter.count():
            break
        assert time.monotonic() < deadline, f"no letter {subject!r} came"
        page.wait_for_timeout(1_000)
    letter.click()
    page.locator("main a[href*='/registration/']").first.click()
    return page.url


def send_statement(page, content, folder, *, is_dry):
    """Finance reads a statement of the bank, or only looks what it would settle."""
    file = folder / "statement.csv"
    file.write_text(content)
    page.locator("select[name=format]").select_option(index=1)
    page.locator("input[name=file]").set_input_files(file)
    page.locator("input[name=dry_run]").set_checked(is_dry)
    page.get_by_role("button", name="Read the file").click()


def word() -> str:
    """Six letters that nobody else has."""
    return uuid.uuid4().hex[:6].translate(str.maketrans("0123456789", "ghijklmnop"))
