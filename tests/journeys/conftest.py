"""A real browser on a real server: the demonstration forum, freshly made and then copied for each process of the run.

``SITE=http://127.0.0.1:8000`` walks the journeys on a site that runs already.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests import databases
from tests.conftest import ROOT
from tests.payments import fake_stripe

PATIENCE = 120  # seconds
PYTHON = [sys.executable, "-Wdefault"]
HERE = ("http://127.0.0.1", "http://localhost", "data:", "blob:")


@pytest.fixture(scope="session")
def stripe():
    """The stand-in for the card provider, which the site's server can reach."""
    with fake_stripe.running() as fake:
        yield fake


@pytest.fixture(scope="session")
def environment(stripe):
    """In which the site and its commands run: a folder of its own, and cards."""
    port, folder = _free_port(), tempfile.mkdtemp(prefix="vetika-journeys-")
    address = f"http://127.0.0.1:{port}"
    stripe.webhook = f"{address}/payments/stripe/"
    yield os.environ | {
        "BASE_URL": address,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "forum.settings",
        "STRIPE_API_BASE": stripe.base,
        "STRIPE_SECRET_KEY": fake_stripe.SECRET_KEY,
        "STRIPE_WEBHOOK_SECRET": fake_stripe.WEBHOOK_SECRET,
        "VAR_DIR": folder,
    }
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def site(request):
    """The address of a running demonstration, without a slash at its end."""
    if given := os.environ.get("SITE"):
        yield given.rstrip("/")
        return
    environment = request.getfixturevalue("environment")
    address, port = environment["BASE_URL"], environment["BASE_URL"].rpartition(":")[2]
    folder = request.getfixturevalue("tmp_path_factory").getbasetemp()
    _copy_prepared(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder, environment)
    server = subprocess.Popen([*PYTHON, "-m", "forum.serve", "--port", port], cwd=ROOT, env=environment)
    try:
        _wait_for(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def launch():
    """Starts a browser, with further arguments where it needs them."""
    # Without windows of its own where it is there: those cost a third of the processor's time.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        yield lambda *arguments: playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *arguments])


@pytest.fixture(scope="session")
def browser(launch):
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def visitor(browser, site):
    """Makes a stranger's own browser page, on a phone with ``viewport={"width": 390, "height": 844}``.

    Whatever the browser complains about fails the journey, but what is ``meant`` by words of it.
    """
    contexts, complaints = [], []

    def visit(meant=(), **options):
        contexts.append(browser.new_context(**({"base_url": site, "locale": "en-GB"} | options)))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        _listen(page, complaints, meant)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(visitor):
    return visitor()


def _listen(page, complaints: list[str], meant: tuple[str, ...]) -> None:
    """Collects errors of scripts, blocked content and requests to other hosts while a page is used."""

    def hear(said):
        if _is_trouble(said) and not any(words in said.text for words in meant):
            complaints.append(f"{page.url}: {said.text}")

    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", hear)
    page.on(
        "request",
        lambda asked: (
            asked.url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:")) or complaints.append(asked.url)
        ),
    )


def _is_trouble(said) -> bool:
    """Errors, but not that a form came back with its refusals: Chromium calls those answers a failed resource."""
    return said.type == "error" and "status of 409" not in said.text and "status of 422" not in said.text


def _copy_prepared(shared: Path, environment: dict) -> None:
    """One process prepares the demonstration, on a database that the other tests have migrated; each takes a copy."""
    prepared, unfinished = shared / "prepared", shared / "unfinished"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prepared.exists():
            unfinished.mkdir()
            if databases.IS_SQLITE:
                shutil.move(databases.copy("prepared"), unfinished / "vetika.sqlite3")
            environment_of_copy = environment | {"VAR_DIR": str(unfinished)}
            subprocess.run([*PYTHON, "manage.py", "prepare", "--demo"], cwd=ROOT, env=environment_of_copy, check=True)
            unfinished.rename(prepared)
    shutil.copytree(prepared, environment["VAR_DIR"], dirs_exist_ok=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"{address} did not answer within {PATIENCE} seconds")
