"""QR codes: error correction M, quiet zone of four modules, one fixed mask."""

from functools import lru_cache
from html import escape
from io import BytesIO

import segno
from PIL import Image

QUIET = 4  # modules of white around the code (ISO/IEC 18004)
# Trying all eight masks for the prettiest costs most of the time a code takes; readers read every mask.
MASK = 2
INK = bytes.maketrans(b"\x00\x01", b"\xff\x00")


@lru_cache(maxsize=256)
def matrix(text: str) -> tuple[bytes, ...]:
    """The modules row by row, 1 for dark, without the quiet zone."""
    return tuple(bytes(row) for row in _code(text).matrix)


def svg(text: str, label: str) -> str:
    """An SVG element on white ground for a page; ``label`` is read to those who do not see it."""
    rows = matrix(text)
    size = len(rows) + 2 * QUIET
    return (
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"'
        f' role="img" aria-label="{escape(label)}"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{"".join(_runs(rows))}"/></svg>'
    )


def png(text: str, scale: int = 8) -> bytes:
    """A black and white picture, ``scale`` pixels to the module. By Pillow: segno's own takes ten times as long."""
    rows = matrix(text)
    size = len(rows) + 2 * QUIET
    side, edge = bytes(QUIET), bytes(QUIET * size)
    modules = edge + b"".join(side + row + side for row in rows) + edge
    drawn = Image.frombytes("L", (size, size), modules.translate(INK))
    picture = BytesIO()
    large = drawn.resize((size * scale, size * scale), Image.Resampling.NEAREST)
    large.convert("1", dither=Image.Dither.NONE).save(picture, "PNG")
    return picture.getvalue()


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", mask=MASK, micro=False, boost_error=False)


def _runs(rows):
    """One rectangle for each unbroken run of dark modules."""
    for y, row in enumerate(rows, QUIET):
        for x, length in dark_runs(row):
            yield f"M{x + QUIET} {y}h{length}v1h-{length}z"


def dark_runs(row: bytes):
    """(start, length) of each unbroken run of dark modules in a row."""
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end - start
        start = row.find(1, end)
