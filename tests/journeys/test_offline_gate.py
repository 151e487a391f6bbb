"""A gate on a telephone, with the network cut: it decides, keeps what it did across a reload, and tells it once."""

import io
import json
import os
import re
import subprocess
import sys

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image

from cms import qr
from cms.management.commands import build_assets
from tests.conftest import ROOT
from tests.journeys.steps import PHONE
from tests.journeys.test_accessibility import AXE, RULES

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif("SITE" in os.environ, reason="needs the database of the site"),
]

CUT = ("net::ERR_INTERNET_DISCONNECTED",)
RUN = """
import django, json, sys
django.setup()
from tests.journeys import gates
print(json.dumps(getattr(gates, sys.argv[1])(*sys.argv[2:])))
"""


@pytest.fixture
def ask(site, environment):
    """Asks the site's database, as its commands do."""

    def run(*words):
        command = [sys.executable, "-c", RUN, *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def world(ask):
    return ask("prepare")


def pair(page, world, number=0):
    """A telephone that holds the link becomes the device; somebody takes it over."""
    page.goto(f"/onsite/device/pair/{world['links'][number]}/")
    page.locator("main form button").click()
    page.wait_for_selector("body[data-ready]")
    page.locator("#staff").select_option(world["guard"])
    page.locator("#pin").fill("295817")
    page.locator("#pin-form button").click()
    page.wait_for_selector("#scanning", state="visible")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    return page


def scan(page, typed):
    """As a hardware scanner types; what the screen says."""
    verdict = page.locator("#verdict")
    if verdict.is_visible():
        verdict.click()
    page.locator("#code").fill(typed)
    page.locator("#code").press("Enter")
    verdict.wait_for(state="visible")
    return verdict.get_attribute("data-verdict")


def wait_until_waiting(page, count):
    """The verdict is shown first; how many scans wait is counted once they are safe on the disk."""
    page.wait_for_selector(f"#waiting[data-count='{count}']", state="attached", timeout=30_000)


def day_of(world):
    """Twenty scans, and what the gate has to say."""
    valid, serials = world["valid"], world["serials"]
    slip = ("C" if serials[9][0] != "C" else "D") + serials[9][1:]
    return [
        (valid[0], "admitted"),
        (valid[1], "admitted"),
        (valid[0], "again"),
        (world["invalid"][0], "invalid"),
        (world["invalid"][1], "invalid"),
        (world["zone"][0], "zone"),
        (world["zone"][1], "zone"),
        (world["pass-day"][0], "pass-day"),
        (world["pass-day"][1], "pass-day"),
        (world["forged"][0], "forged"),
        (world["forged"][1], "forged"),
        (world["edition-before"][0], "edition"),
        (world["edition-before"][1], "edition"),
        (valid[2], "admitted"),
        (serials[2], "again"),
        (serials[3].lower(), "admitted"),
        (slip, "mistyped"),
        ("nonsense", "unknown"),
        (world["own-page"], "desk"),
        (world["excepted"][0], "admitted"),
    ]


def test_a_gate_without_a_network_decides_keeps_and_tells(visitor, world, ask):
    page = pair(visitor(meant=CUT, **PHONE), world)
    day, late = day_of(world), ask("issue", world["edition"])
    assert page.locator("#alone").is_hidden()

    page.context.set_offline(True)
    said = [scan(page, typed) for typed, _verdict in day[:12]]
    assert page.locator("#alone").is_visible()
    wait_until_waiting(page, 12)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    said += [scan(page, typed) for typed, _verdict in day[12:]]
    assert said == [verdict for _typed, verdict in day]
    assert scan(page, late) == "admitted", "signed by us, though printed after the last sync"
    wait_until_waiting(page, 21)
    assert ask("scans", world["edition"]) == []

    page.context.set_offline(False)
    page.reload()
    wait_until_waiting(page, 0)

    refusals = [verdict if verdict != "admitted" else "" for verdict in [*said, "admitted"]]
    device = "Telephone Hall east"
    assert ask("scans", world["edition"]) == [[refusal, "", True, device, "Bopha"] for refusal in refusals]
    assert page.locator("#alone").is_hidden()
    assert scan(page, world["valid"][0]) == "again"
    assert len(ask("scans", world["edition"])) == 22, "and this one was asked"


def test_one_badge_that_two_gates_let_in_without_a_network_is_flagged(visitor, world, ask):
    gates = [pair(visitor(meant=CUT, **PHONE), world, number) for number in range(2)]
    for page in gates:
        page.context.set_offline(True)

    assert [scan(page, world["valid"][5]) for page in gates] == ["admitted", "admitted"]
    for page in gates:
        page.context.set_offline(False)
        page.reload()
        wait_until_waiting(page, 0)

    recorded = ask("scans", world["edition"])
    assert sorted((refusal, flag) for refusal, flag, *_ in recorded) == [("", ""), ("", "again")]
    assert [scan(page, world["valid"][5]) for page in gates] == ["again", "again"]


def test_one_gate_hears_who_came_in_by_the_other_and_knows_it_without_a_network(visitor, world):
    east, west = (pair(visitor(meant=CUT, **PHONE), world, number) for number in range(2))
    assert scan(east, world["valid"][6]) == "admitted"

    west.reload()
    west.wait_for_selector("body[data-ready]")
    west.context.set_offline(True)

    assert scan(west, world["valid"][6]) == "again"


def test_a_revoked_device_forgets_everybody(visitor, world, ask):
    page = pair(visitor(meant=("status of 403",), **PHONE), world)
    assert re.search(r"1\d people loaded", page.locator("#loaded").inner_text())
    ask("revoke", world["edition"])

    page.reload()

    page.wait_for_selector("h1:has-text('This device is not paired')")
    page.wait_for_selector("body[data-ready]")
    kept = """async () => {
        const asked = indexedDB.open("gate");
        const open = await new Promise((done) => { asked.onsuccess = () => done(asked.result) });
        const rows = open.transaction("kept").objectStore("kept").getAllKeys();
        return new Promise((done) => { rows.onsuccess = () => done(rows.result) });
    }"""
    assert page.evaluate(kept) == []


def test_a_gate_without_a_network_shows_the_face_of_a_guest_of_honour(visitor, world):
    page = pair(visitor(meant=CUT, **PHONE), world)
    page.context.set_offline(True)

    assert scan(page, world["honoured"]) == "admitted"
    page.locator("#photo").wait_for(state="visible")
    seen = page.evaluate("[...document.getElementById('photo').getContext('2d').getImageData(240, 320, 1, 1).data]")
    assert all(abs(one - other) < 8 for one, other in zip(seen, world["face"], strict=False))

    assert scan(page, world["valid"][7]) == "admitted"
    assert page.locator("#photo").is_hidden()


def test_axe_finds_nothing_on_a_gate(browser, site, world):
    context = browser.new_context(base_url=site, locale="km", **PHONE)
    context.add_init_script(AXE_SCRIPT)
    page, found = context.new_page(), []

    def look():
        found.extend(page.evaluate(AXE, [{"include": [["html"]]}, {"runOnly": RULES, "resultTypes": ["violations"]}]))

    page.goto(f"/onsite/device/pair/{world['links'][0]}/")
    look()
    pair(page, world)
    look()
    for typed in (world["valid"][8], "nonsense"):
        scan(page, typed)
        look()
    page.locator("#verdict").click()
    page.locator("#change").click()
    page.locator("#pin").wait_for(state="visible")
    look()
    context.close()

    assert found == []


@pytest.fixture
def camera(tmp_path, world, site, launch):
    """A browser whose camera sees the badge of somebody who may come in."""
    film = tmp_path / "badge.y4m"
    film.write_bytes(filmed(world["valid"][7]))
    seen = f"--use-file-for-fake-video-capture={film}"
    browser = launch("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", seen)
    yield browser.new_page(base_url=site, **PHONE)
    browser.close()


def filmed(text) -> bytes:
    """Three grey pictures of a QR (YUV4MPEG2, 4:2:0)."""
    width, height = 640, 480
    picture = Image.new("L", (width, height), 200)
    code = Image.open(io.BytesIO(qr.png(text, scale=6))).convert("L")
    picture.paste(code, ((width - code.width) // 2, (height - code.height) // 2))
    frame = b"FRAME\n" + picture.tobytes() + bytes([128]) * (width * height // 2)
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3


@pytest.mark.skipif(not build_assets.READER.exists(), reason="the packaged reader could not be fetched")
def test_a_badge_is_read_by_the_camera_where_the_browser_has_no_reader(camera, world, ask):
    page = pair(camera, world)

    page.locator("#camera").click()

    page.locator("#verdict").wait_for(state="visible", timeout=20_000)
    assert page.locator("#verdict").get_attribute("data-verdict") == "admitted"
    assert page.locator("#name-en").inner_text().endswith("Sok Dara 7")
    assert [row[0] for row in ask("scans", world["edition"])] == [""]
