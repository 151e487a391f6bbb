"""Steps that several journeys take."""

import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image

PASSWORD = "demonstration-2026"
PHONE = {"viewport": {"width": 390, "height": 844}}


def sign_in(page, email: str, then: str = "/en/desk/"):
    """Signs one of the demonstration's people in by the one door and goes on to ``then``."""
    page.goto(f"/accounts/login/?next={then}")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


def code_on(pdf: bytes, folder: Path) -> str:
    """What the QR on the first page of ``pdf`` says."""
    source = folder / "badge.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", source, folder / "badge"], check=True)
    (found,) = zxingcpp.read_barcodes(Image.open(folder / "badge.png"))
    return found.text
