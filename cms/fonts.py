"""The packaged fonts: Noto Sans Khmer for both scripts, Noto Sans for the Latin letters it lacks (ơ, ư, ầ of Viet Nam)."""

import os
import tempfile
from functools import cache
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_khmer
from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

KHMER = fontpkg_noto_sans_khmer.ROOT / "files" / "NotoSansKhmer[wdth,wght].ttf"
LATIN = fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf"
# Latin letters, accents and punctuation of Noto Sans; it stands in for single letters, so it needs no kerning.
LATIN_CODES = (*range(0x20, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00), *range(0x2010, 0x2060))


@cache
def khmer(weight: int) -> Path:
    """Noto Sans Khmer in one weight: 400 regular, 700 bold."""
    return _kept(f"khmer-{weight}.ttf", KHMER, weight, subset.Options(layout_features="*", glyph_names=True))


@cache
def latin(weight: int) -> Path:
    """The Latin letters of Noto Sans in one weight."""
    return _kept(f"latin-{weight}.ttf", LATIN, weight, subset.Options(layout_features=[]))


@cache
def drawable() -> frozenset[int]:
    """The codes of all characters that these fonts can draw."""
    codes = set()
    for path in (khmer(400), latin(400)):
        with TTFont(path, lazy=True) as font:
            codes |= font.getBestCmap().keys()
    return frozenset(codes)


def missing(text: str) -> str:
    """The characters of ``text`` that no packaged font can draw, each once: boxes on paper unless the machine has a font."""
    return "".join(dict.fromkeys(sign for sign in text if sign.isprintable() and ord(sign) not in drawable()))


def _kept(name: str, variable: Path, weight: int, options: subset.Options) -> Path:
    """A font of one weight, made once per machine: a variable one costs every document some 50 ms of CPU, and its bytes
    carry the time."""
    path = settings.VAR_DIR / "fonts" / name
    if not path.exists() or path.stat().st_mtime < variable.stat().st_mtime:
        path.parent.mkdir(parents=True, exist_ok=True)
        subsetter = subset.Subsetter(options)
        with (
            subset.load_font(variable, options) as font,
            tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as unfinished,
        ):
            subsetter.populate(unicodes=font.getBestCmap() if variable == KHMER else LATIN_CODES)
            subsetter.subset(font)
            instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True, static=True).save(unfinished)
        os.replace(unfinished.name, path)  # noqa: PTH105 - whole or not at all, whoever else is making it
    return path
