"""What the look promises: contrast, small files, no Khmer letters on English pages, nothing inline."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

STYLES = settings.BASE_DIR / "static" / "css"
MAIL = "mail"  # letters carry their own style: mail programs know no other


def templates():
    rooms = ("cms", "agenda", "exhibitors", "forum")
    return chain.from_iterable((settings.BASE_DIR / room).rglob("*.html") for room in rooms)


def tokens(theme: str) -> dict[str, str]:
    """The colours of ``light`` or ``dark``."""
    light, _, dark = (STYLES / "tokens.css").read_text().partition("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return colours | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if theme == "dark" else {})


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


READ = [
    *((ink, paper) for ink in ("ink", "ink-2", "link", "stop") for paper in ("paper", "paper-2")),
    *((state, f"{state}-paper") for state in ("ok", "wait", "stop", "info")),
    *(("ink", f"{state}-paper") for state in ("ok", "wait", "stop", "info")),
    ("on-ground", "ground"),
    ("accent", "ground"),
    ("on-ground", "button"),
    ("on-accent", "accent"),
    ("on-ground", "signal"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), READ)
def test_text_stands_out_from_its_ground(theme, ink, paper):
    colours = tokens(theme)

    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "paper-2"])
def test_the_mark_of_the_keyboard_stands_out(theme, paper):
    colours = tokens(theme)

    assert contrast(colours["focus"], colours[paper]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "paper-2"])
def test_the_colours_of_zones_stand_out(theme, paper):
    colours = tokens(theme)
    zones = [name for name in colours if name.startswith("zone-")]

    assert len(zones) == 6
    assert {name for name in zones if contrast(colours[name], colours[paper]) < 4.5} == set()


def test_colours_are_named_in_one_file():
    other = [path.name for path in STYLES.glob("*.css") if path.name != "tokens.css" and _names_colours(path)]

    assert other == []


def _names_colours(path: Path) -> bool:
    """Black and white are no colours: paper prints them, and a QR needs them."""
    return bool(re.search(r"#(?!fff\b|000\b|ffffff\b|000000\b)[0-9a-f]{3,8}\b(?=[;\s,)])", path.read_text()))


def test_the_styles_of_the_site_are_small():
    """Those of the back office come to staff alone, with Wagtail's, which are many times as large; a gate's, the live
    board's and those of the frame of a photo to these alone."""
    alone = {"back_office.css", "board.css", "gate.css", "photo.css"}
    public = [path for path in STYLES.glob("*.css") if path.name not in alone]

    assert sum(path.stat().st_size for path in public) < 26_500


def test_english_pages_load_no_khmer_letters_until_one_appears():
    faces = re.findall(r"@font-face \{(.*?)\}", (STYLES / "site.css").read_text(), re.S)
    ranges = {
        re.search(r"([\w-]+\.woff2)", face)[1]: re.search(r"unicode-range: (.*?);", face)[1]
        for face in faces
        if "unicode-range" in face
    }

    assert sorted(ranges) == ["noto-sans-khmer-khmer.woff2", "noto-sans-khmer-latin.woff2"]
    assert "U+1780-17FF" in ranges["noto-sans-khmer-khmer.woff2"]
    assert not re.search(r"U\+0|U\+20", ranges["noto-sans-khmer-khmer.woff2"])
    assert "U+17" not in ranges["noto-sans-khmer-latin.woff2"]


def test_khmer_is_neither_spaced_nor_slanted():
    style = (STYLES / "site.css").read_text()

    assert "italic" not in style
    assert "text-transform" not in style
    assert re.search(r":lang\(km\) \{[^}]*letter-spacing: normal", style)


def test_no_template_holds_inline_style_or_script():
    inline = re.compile(r"\sstyle=|<style|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\ssrc=)", re.I)
    found = [str(path.relative_to(settings.BASE_DIR)) for path in templates() if MAIL not in path.parts]

    assert [name for name in found if inline.search((settings.BASE_DIR / name).read_text())] == []


def test_no_template_asks_another_host():
    foreign = re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.I)

    assert [path.name for path in templates() if foreign.search(path.read_text())] == []
