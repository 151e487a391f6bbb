"""The four uses in a real browser, against a running demonstration: ``make journeys`` starts one and names it."""

import os
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "demonstration-2026"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def site() -> str:
    """The address of the running demonstration."""
    if not (address := os.environ.get("JOURNEY_URL")):
        pytest.skip("JOURNEY_URL names no running demonstration; use make journeys")
    return address.rstrip("/")


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser, site):
    """Opens pages as separate people; afterwards no page may have broken its own Content-Security-Policy."""
    contexts, complaints = [], []

    def arrive(*, language="en", phone=False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = browser.new_context(base_url=site, viewport=size, locale=language, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(visitor):
    """Signs one of the demonstration's people in by the one door."""

    def enter(email: str, then: str = "/en/desk/", **how) -> Page:
        page = visitor(**how)
        page.goto(f"/accounts/login/?next={then}")
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit], main form button:not([type])").first.click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    return enter


def code_on(pdf: bytes, folder: Path) -> str:
    """What the QR on the first page of ``pdf`` says."""
    source = folder / "badge.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", source, folder / "badge"], check=True)
    found = zxingcpp.read_barcodes(Image.open(folder / "badge.png"))
    assert len(found) == 1
    return found[0].text
