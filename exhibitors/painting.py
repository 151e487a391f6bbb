"""The ground of the plan on paper, as PDF operators in millimetres from the top left corner."""

import re
from collections.abc import Iterable, Iterator

from exhibitors.models import Structure, Zone
from exhibitors.plan import TILE, Area, Sheet, Stand

# As on the screen by day; see ``static/css/tokens.css``.
COLOURS = {
    Zone.Colour.BLUE: "#2456b8",
    Zone.Colour.TEAL: "#0b6e6e",
    Zone.Colour.GREEN: "#2e6b1f",
    Zone.Colour.AMBER: "#945700",
    Zone.Colour.ROSE: "#b0305f",
    Zone.Colour.VIOLET: "#6b3fa0",
}
INK, PAPER, TAKEN, PLAIN = "#171b2c", "#ffffff", "#dcdee4", "#525a72"
STRUCTURES = {
    Structure.Kind.WALL: PLAIN,
    Structure.Kind.PILLAR: PLAIN,
    Structure.Kind.ENTRANCE: "#f0b429",
    Structure.Kind.EXIT: "#14632f",
    Structure.Kind.STAGE: "#e9e7de",
}
TINT, THREAD = 0.9, 0.55  # how much white is in a zone's ground, and in its pattern
STEP = re.compile(r"([MLHVQTZh])([^A-Za-z]*)")


class Scale:
    """From centimetres of the hall to millimetres of the paper."""

    def __init__(self, sheet: Sheet, left: float, top: float, width: float, height: float):
        self.by = min(width / sheet.width, height / sheet.depth)
        self.left = left + (width - sheet.width * self.by) / 2 - sheet.left * self.by
        self.top = top + (height - sheet.depth * self.by) / 2 - sheet.top * self.by

    def place(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x * self.by, self.top + y * self.by

    def rectangle(self, thing) -> tuple[float, float, float, float]:
        """Left, top, width and height of a booth, a structure or an area."""
        return (*self.place(thing.x, thing.y), thing.width * self.by, thing.depth * self.by)


def ground(sheet: Sheet, scale: Scale) -> str:
    """All of a sheet but its words."""
    corner, (wide, deep) = scale.place(0, 0), (sheet.hall.width * scale.by, sheet.hall.depth * scale.by)
    parts = [f"{line(PLAIN, 0.5)} {_box(*corner, wide, deep)} S"]
    for area in sheet.areas:
        parts += zone(area, scale.rectangle(area), scale.by)
    for stand in sheet.stands:
        parts += booth(stand, scale)
    for fixture in sheet.fixtures:
        parts += structure(fixture.structure.kind, scale.rectangle(fixture.structure))
    return "\n".join(parts)


def zone(area: Area, rectangle: tuple[float, ...], by: float) -> Iterator[str]:
    """Its ground with its pattern, at the scale ``by`` (millimetres to the centimetre)."""
    colour = COLOURS.get(area.zone.colour, PLAIN)
    yield f"{fill(_light(colour, TINT))} {_box(*rectangle)} f"
    if area.tile:
        left, top, width, height = rectangle
        tile = TILE * by
        strokes, wide = " ".join(_strokes(area.tile)), 22 if area.zone.pattern == Zone.Pattern.DOTS else 8
        yield f"q {_box(*rectangle)} W n {line(_light(colour, THREAD), wide)} 1 J"
        for row in range(int(height / tile) + 1):
            for column in range(int(width / tile) + 1):
                yield f"q {_numbers(by, 0, 0, by, left + column * tile, top + row * tile)} cm {strokes} Q"
        yield "Q"
    yield f"{line(colour, 0.25)} {_box(*rectangle)} S"


def booth(stand: Stand, scale: Scale) -> Iterator[str]:
    left, top, width, height = scale.rectangle(stand.booth)
    yield f"{fill(TAKEN if stand.exhibitor else PAPER)} {line(PLAIN, 0.1)} {_box(left, top, width, height)} B"
    if stand.walls:
        strokes = " ".join(_strokes(stand.walls))
        yield f"q {_numbers(scale.by, 0, 0, scale.by, left, top)} cm {line(INK, 0.35 / scale.by)} {strokes} Q"


def structure(kind: str, rectangle: tuple[float, ...]) -> Iterator[str]:
    yield f"{fill(STRUCTURES[kind])} {line(INK, 0.15)} {_box(*rectangle)} B"


def fill(colour: str) -> str:
    return f"{_numbers(*_parts(colour))} rg"


def line(colour: str, width: float) -> str:
    return f"{_numbers(*_parts(colour))} RG {_numbers(width)} w"


def _strokes(path: str) -> Iterator[str]:
    """A small SVG path, as the plan has them, in PDF operators; curves bent once become curves bent twice."""
    x = y = bend_x = bend_y = 0.0
    for step, written in STEP.findall(path):
        values = [float(value) for value in written.replace(",", " ").split()]
        if step == "Z":
            yield "h"
        elif step in "QT":
            bend_x, bend_y = values[:2] if step == "Q" else (2 * x - bend_x, 2 * y - bend_y)
            to_x, to_y = values[-2:]
            first = (x + 2 / 3 * (bend_x - x), y + 2 / 3 * (bend_y - y))
            second = (to_x + 2 / 3 * (bend_x - to_x), to_y + 2 / 3 * (bend_y - to_y))
            yield f"{_numbers(*first, *second, to_x, to_y)} c"
            x, y = to_x, to_y
        else:
            x, y = _moved(step, values, x, y)
            yield f"{_numbers(x, y)} {'m' if step == 'M' else 'l'}"
    yield "S"


def _moved(step, values, x, y):
    if step == "H":
        return values[0], y
    if step == "h":
        return x + values[0], y
    if step == "V":
        return x, values[0]
    return values[0], values[1]


def _light(colour, share) -> str:
    """With so much white in it."""
    return "#" + "".join(f"{round(255 * (part + (1 - part) * share)):02x}" for part in _parts(colour))


def _parts(colour: str) -> Iterable[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def _box(left, top, width, height) -> str:
    return f"{_numbers(left, top, width, height)} re"


def _numbers(*values) -> str:
    return " ".join(f"{value:.4g}" if abs(value) < 1 else f"{value:.2f}" for value in values)
