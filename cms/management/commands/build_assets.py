"""Makes the fonts of the web (small WOFF2 files out of the packaged font) and of paper; lays out a packaged script."""

import shutil
import sys
from io import BytesIO
from pathlib import Path

import fontpkg_noto_sans_khmer as packaged
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from cms import fonts, languages

# Apart, so that an English page fetches no Khmer letters; the same ranges stand in static/css/site.css.
# The switch on English pages says ខ្មែរ: those five letters alone are a file of 2 kB.
FILES = {
    "noto-sans-khmer-latin.woff2": [*range(0x20, 0x250), *range(0x2C6, 0x2DD), *range(0x1E00, 0x1F00),
                                    *range(0x2000, 0x2070), *range(0x20A0, 0x20C0), 0x2122],
    "noto-sans-khmer-khmer.woff2": [0x20, 0x25CC, 0x200B, 0x200C, 0x200D, *range(0x1780, 0x1800), *range(0x19E0, 0x1A00)],
    "noto-sans-khmer-switch.woff2": sorted({ord(letter) for letter in languages.OWN_NAMES["km"]}),
}  # fmt: skip
# Where .ci/reader puts what reads QR codes; it may be absent.
READER = Path(sys.prefix) / "share" / "jsqr"


class Command(BaseCommand):
    help = "Build the fonts of the web (VAR_DIR/assets) and of paper (VAR_DIR/fonts); files up to date stay."

    def handle(self, **options):
        folder = settings.VAR_DIR / "assets" / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        (source,) = (packaged.ROOT / "files").glob("*.ttf")
        for name, letters in FILES.items():
            if is_stale(folder / name, source):
                build(source, letters, folder / name)
                self.stdout.write(f"{name}: {(folder / name).stat().st_size // 1024} kB")
        shutil.copyfile(packaged.ROOT / "LICENSE", folder / "LICENSE")
        fonts.prepare()
        lay_out_reader(settings.VAR_DIR / "assets" / "js")


def lay_out_reader(folder: Path) -> None:
    """With its licence beside it."""
    if READER.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(READER / "dist" / "jsQR.js", folder / "jsQR.js")
        shutil.copyfile(READER / "LICENSE", folder / "jsQR-LICENSE.txt")


def is_stale(target: Path, source: Path) -> bool:
    """Whether the file is missing, or older than the font or than what stands above."""
    changed_at = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
    return not target.exists() or target.stat().st_mtime < changed_at


def build(source: Path, letters: list[int], target: Path) -> None:
    """A WOFF2 of these code points with all weights, at the normal width."""
    narrowed = BytesIO()  # written and read again: the subsetter wants the tables as they stand in a file
    instancer.instantiateVariableFont(TTFont(source), {"wdth": 100}).save(narrowed)
    font = TTFont(narrowed)
    options = subset.Options(flavor="woff2", layout_features=["*"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.flavor = "woff2"
    growing = target.with_suffix(".part")
    font.save(growing)
    growing.rename(target)
