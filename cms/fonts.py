"""The packaged fonts: Noto Sans Khmer for both scripts, Noto Sans for the Latin letters it lacks (ơ, ư, ầ of Viet Nam)."""

import os
import tempfile
from functools import cache, lru_cache
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_khmer
from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from PIL import ImageFont

KHMER = fontpkg_noto_sans_khmer.ROOT / "files" / "NotoSansKhmer[wdth,wght].ttf"
LATIN = fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf"
# Latin letters, accents and punctuation of Noto Sans; it stands in for single letters, so it needs no kerning.
LATIN_CODES = (*range(0x20, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00), *range(0x2010, 0x2060))

MEASURED_AT = 200  # pixels: fine enough that rounding does not show


@cache
def khmer(weight: int) -> Path:
    """Noto Sans Khmer in one weight: 400 regular, 700 bold."""
    return _kept(f"khmer-{weight}.ttf", KHMER, weight, subset.Options(layout_features="*", glyph_names=True))


@cache
def latin(weight: int) -> Path:
    """The Latin letters of Noto Sans in one weight."""
    return _kept(f"latin-{weight}.ttf", LATIN, weight, subset.Options(layout_features=[]))


def prepare() -> None:
    """Make the fonts of paper now (two seconds), so that nobody waits for the first PDF."""
    for weight in (400, 700):
        khmer(weight)
        latin(weight)


def missing(text: str) -> str:
    """The characters of ``text`` that no packaged font can draw, each once: boxes on paper unless the machine has a font."""
    drawable = _codes(khmer(400)) | _codes(latin(400))
    return "".join(dict.fromkeys(sign for sign in text if sign.isprintable() and ord(sign) not in drawable))


@lru_cache(maxsize=4096)
def width(text: str, weight: int = 400) -> float:
    """How wide a line stands, as a multiple of its size. A letter that no packaged font has counts as a square."""
    known = "".join(sign for sign in text if ord(sign) in _codes(khmer(weight)))
    strange = [sign for sign in text if ord(sign) not in _codes(khmer(weight))]
    return _length(khmer(weight), known) + sum(
        _length(latin(weight), sign) if ord(sign) in _codes(latin(weight)) else 1.0 for sign in strange
    )


def _length(path, text):
    return _measure(path).getlength(text) / MEASURED_AT


@cache
def _measure(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, MEASURED_AT)


@cache
def _codes(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


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
        Path(unfinished.name).chmod(0o644)
        os.replace(unfinished.name, path)  # noqa: PTH105 - whole or not at all, whoever else is making it
    return path
