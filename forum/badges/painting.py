"""Fields of colour, the krama, the QR and a grey figure, as PDF operators in millimetres from the top left corner."""

from collections.abc import Iterable, Iterator
from functools import cache

from cms import qr
from forum.badges.shapes import SHAPES, Box, Paint, Shape

# The colours of the bands of passes: ground, and the lighter thread of its krama.
BANDS = {
    "indigo": ("#1d2566", "#a9aed0"),
    "romduol": ("#f0b429", "#f8da94"),
    "red": ("#b3261e", "#e0a19c"),
    "green": ("#14632f", "#93bda0"),
    "grey": ("#525a72", "#b2b6c2"),
}
INK, WHITE, BLACK, RED = "#171b2c", "#ffffff", "#000000", "#b3261e"
SILHOUETTE = ("#e3e6ef", "#9aa1b8")


def inks(shape: Shape) -> dict[str, tuple[float, ...]]:
    """What writes on dark ground and on light."""
    return {"dark": _parts(BLACK if shape.is_black else INK), "light": _parts(WHITE)}


def ink(name: str, ground: str, band: str, box: Box, *, is_back: bool = False) -> str:
    """What is read on the field of colour beneath a box of a shape: light or dark."""
    shape = SHAPES[name]
    colours = {"ground": ground, "band": BANDS[band][0], "black": BLACK}
    beneath = [
        colours[each.colour]
        for each in (shape.back_paints if is_back else shape.paints)
        if not each.is_krama and _covers(each.box, box)
    ]
    if not beneath:
        return "dark"
    return "light" if contrast(beneath[-1], WHITE) >= contrast(beneath[-1], INK) else "dark"


def _covers(field: Box, box: Box) -> bool:
    middle = box.top + box.height / 2
    return field.left <= box.left < field.left + field.width and field.top <= middle <= field.top + field.height


def contrast(one: str, other: str) -> float:
    """Of two colours, from 1 to 21 (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@cache
def paint(name: str, ground: str, accent: str, band: str, *, is_back: bool = False) -> str:
    """The colour fields and their krama, the same for every badge of a pass."""
    shape = SHAPES[name]
    colours = {"ground": (ground, accent), "band": BANDS[band], "black": (BLACK, WHITE)}
    paints = shape.back_paints if is_back else shape.paints
    return "\n".join(part for each in paints for part in _painted(each, *colours[each.colour]))


def _painted(paint: Paint, colour: str, thread: str) -> Iterator[str]:
    if not paint.is_krama:
        yield _fill(colour, [paint.box.edges])
        return
    # Three rows of the check of the cloth: threads of two colours, white where neither runs.
    left, top, width, height = paint.box.edges
    check = height / 3
    columns = [left + number * 2 * check for number in range(int(width / (2 * check)) + 1)]
    yield _fill(WHITE, [paint.box.edges])
    across = [(x, top, min(check, left + width - x), height) for x in columns]
    yield _fill(thread, [*across, (left, top + check, width, check)])
    yield _fill(colour, [(x, top + check, min(check, left + width - x), check) for x in columns])


def strip(shape: Shape) -> str:
    """The ground of the mark of what opens no door."""
    return _fill(BLACK if shape.is_black else RED, [shape.demonstration.edges])


def code(token: str, box: Box) -> str:
    """The modules of the QR; the white around it is its quiet zone."""
    rows = qr.matrix(token)
    module = box.width / (len(rows) + 2 * qr.QUIET)
    runs = [f"{x + qr.QUIET} {y} {length} 1 re" for y, row in enumerate(rows, qr.QUIET) for x, length in qr.dark_runs(row)]
    return f"{module:.5f} 0 0 {module:.5f} {box.left} {box.top} cm {_colour(BLACK)} {' '.join(runs)} f"


@cache
def silhouette(box: Box) -> str:
    """Where no photo is: head and shoulders of nobody."""
    light, dark = SILHOUETTE
    ground = _fill(light, [box.edges])
    # In a square of width 3 and height 4; a circle by four curves (their handles 0.5523 of its radius).
    scale = box.width / 3
    head = _oval(1.5, 1.45, 0.62, 0.74)
    shoulders = "0.35 4 m 0.35 3.05 0.8 2.55 1.5 2.55 c 2.2 2.55 2.65 3.05 2.65 4 c h"
    person = f"q {scale:.5f} 0 0 {scale:.5f} {box.left} {box.top} cm {_colour(dark)} {head} {shoulders} f Q"
    return f"{ground}\n{person}"


def _oval(x, y, wide, high) -> str:
    a, b = wide * 0.5523, high * 0.5523
    curves = [
        (x + wide, y + b, x + a, y + high, x, y + high),
        (x - a, y + high, x - wide, y + b, x - wide, y),
        (x - wide, y - b, x - a, y - high, x, y - high),
        (x + a, y - high, x + wide, y - b, x + wide, y),
    ]
    return f"{x + wide:g} {y:g} m " + " ".join(" ".join(f"{place:g}" for place in curve) + " c" for curve in curves) + " h"


def _fill(colour: str, rectangles: Iterable[tuple[float, float, float, float]]) -> str:
    """PDF operators: one path of rectangles in one colour."""
    path = " ".join(f"{x:g} {y:g} {width:g} {height:g} re" for x, y, width, height in rectangles)
    return f"{_colour(colour)} {path} f"


def _colour(colour: str) -> str:
    return "{:.3f} {:.3f} {:.3f} rg".format(*_parts(colour))


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
