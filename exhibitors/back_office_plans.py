"""The halls with who would stand where, as a proposal has it."""

from dataclasses import dataclass
from functools import lru_cache

from cms import fitting
from cms.fitting import MILLIMETRE
from cms.models import Edition
from exhibitors import plan
from exhibitors.models import Booth

# Centimetres of the hall: the edge within a booth, the line of its code, and the sizes of names.
EDGE, CODE, SIZES = 15, 80, (44, 30)
LEADING = 1.5  # Khmer needs it


@dataclass(frozen=True)
class Place:
    """A booth with the name that would stand there."""

    booth: Booth
    state: str  # proposed, taken or free
    name: str
    lines: list[tuple[int, str]]  # how far from the north wall, and what stands there
    size: float = SIZES[-1]

    @property
    def x(self) -> int:
        return self.booth.x + EDGE

    @property
    def code_line(self) -> int:
        return self.booth.y + CODE


def halls_of(edition: Edition, proposed: dict[int, str]) -> list[tuple[plan.Sheet, list[Place]]]:
    """The halls in which anybody is proposed, with all their booths; ``proposed`` are names by the keys of booths."""
    return [
        (sheet, [_place(stand, proposed.get(stand.booth.pk)) for stand in sheet.stands])
        for sheet in plan.sheets(plan.stands(edition))
        if any(stand.booth.pk in proposed for stand in sheet.stands)
    ]


def _place(stand, name: str | None) -> Place:
    state = "proposed" if name else "taken" if stand.booking else "free"
    name = name or (stand.booking.agency.name if stand.booking else "")
    booth = stand.booth
    room = booth.depth - CODE - 2 * EDGE
    if not name or room < LEADING * SIZES[-1]:
        return Place(booth, state, name, [])
    fitted = _fit(name, booth.width - 2 * EDGE, room)
    size = fitted.size / MILLIMETRE
    tops = (booth.y + CODE + EDGE + round(size * (1 + LEADING * number)) for number in range(len(fitted.lines)))
    return Place(booth, state, name, list(zip(tops, fitted.lines, strict=True)), size)


@lru_cache(maxsize=4_096)
def _fit(name: str, width: int, height: int) -> fitting.Fitted:
    """Measuring a name takes milliseconds, and the page of one proposal is read again and again."""
    return fitting.fit(name, width=width, height=height, sizes=[size * MILLIMETRE for size in SIZES], leading=LEADING)
