"""Text in a box on paper: the largest size at which it fits, and the lines it breaks into."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cms import fonts, khmer

MILLIMETRE = 72 / 25.4  # points
# The packaged fonts are measured a little wide, so that rounding in the layout cannot push a letter out.
ROOM = 1.01
# A break inside a phrase, and still more inside a word, has to win so much in size to be worth it.
WORTH = {"space": 1.0, "word": 1.4, "letter": 2.5}
LETTER = re.compile(
    r"(?:[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b4-\u17d3\u17dd])*|.)[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of text and the size, in points, at which they stay inside their box."""

    lines: tuple[str, ...]
    size: float
    leading: float
    weight: int
    # The whole text, where only its beginning stays inside.
    cut: str = ""

    @property
    def height(self) -> float:
        """Millimetres."""
        return len(self.lines) * self.size * self.leading / MILLIMETRE


def fit(
    text: str,
    *,
    width: float,
    height: float,
    sizes: Sequence[float],
    leading: float,
    weight: int = 400,
    words_stay_whole: bool = False,
) -> Fitted:
    """The text in a box of ``width`` and ``height`` (millimetres), at the largest of ``sizes`` (points, falling) that keeps
    it inside; ``leading`` is the height of a line as a multiple of the size. What is too long at the last ends in "…"."""
    if not text.strip():
        return Fitted((), sizes[-1], leading, weight)
    room = (width * MILLIMETRE / ROOM, height * MILLIMETRE)
    found = [
        (fitted.size / WORTH[grain], fitted)
        for grain in WORTH
        if not (words_stay_whole and grain == "letter")
        if (fitted := _largest(_pieces(text, grain), *room, sizes, leading, weight))
    ]
    if not found:
        return replace(_shortened(_pieces(text, "letter"), *room, sizes[-1], leading, weight), cut=text)
    return max(found, key=lambda scored: scored[0])[1]


def _pieces(text: str, grain: str) -> list[tuple[str, str]]:
    """(what joins it to the piece before, piece): parts that a line break may stand between."""
    return [
        ("" if place or not number else " ", piece)
        for number, phrase in enumerate(text.split())
        for place, piece in enumerate(_parts(phrase, grain))
    ]


def _parts(phrase: str, grain: str) -> list[str]:
    if grain == "space":
        return [phrase]
    if grain == "word":
        return [word for word in khmer.split_lines(phrase).split("\u200b") if word]
    return LETTER.findall(phrase)


def _largest(pieces, width, height, sizes, leading, weight) -> Fitted | None:
    for size in sizes:
        lines = list(_lines(pieces, width / size, weight))
        if len(lines) * leading * size <= height and all(fonts.width(line, weight) * size <= width for line in lines):
            return Fitted(tuple(lines), size, leading, weight)
    return None


def _lines(pieces, width: float, weight: int) -> Iterator[str]:
    """As many pieces to a line as its width (a multiple of the size) takes."""
    line, reach = "", 0.0
    for joint, piece in pieces:
        length = fonts.width(piece, weight)
        if line and reach + (fonts.width(joint, weight) if joint else 0) + length > width:
            yield line
            line, reach = piece, length
        else:
            reach += length + (fonts.width(joint, weight) if joint and line else 0)
            line += (joint if line else "") + piece
    yield line


def _shortened(pieces, width, height, size, leading, weight) -> Fitted:
    most = max(1, int(height / (leading * size)))
    while len(lines := list(_lines([*pieces, ("", "…")], width / size, weight))) > most:
        pieces = pieces[: -max(1, len(pieces) // 20)]
    return Fitted(tuple(lines), size, leading, weight)
