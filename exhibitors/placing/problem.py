"""What is asked: applications, booths and rules. Lengths are whole centimetres, power is watts, gains are whole points."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

PAIRS = ("near", "apart", "rivals")


class Rule(StrEnum):
    """The hard rules, by which a booth is refused."""

    SIZE = "size"
    SIDES = "sides"
    POWER = "power"
    ACCESSIBLE = "accessible"
    FITTING = "fitting"
    ZONE_CLASS = "zone_class"
    PINNED = "pinned"
    ZONE_POWER = "zone_power"
    APART = "apart"
    TAKEN = "taken"


class Wish(NamedTuple):
    """One booth, or any booth of one zone."""

    booth: str = ""
    zone: str = ""

    def is_met_by(self, booth: "Booth") -> bool:
        return booth.key == self.booth if self.booth else booth.zone == self.zone


class Pair(NamedTuple):
    one: str
    other: str


@dataclass(frozen=True)
class Application:
    """``wishes`` are ranked, the best first. ``weight`` multiplies what its wishes and its place are worth."""

    key: str
    wishes: tuple[Wish, ...] = ()
    least_area: int = 0
    most_area: int | None = None
    size: tuple[int, int] | None = None  # the rectangle that has to fit, turned or not
    open_sides: int = 1
    power: int = 0
    accessible: bool = False
    raw: bool | None = None  # raw space, shell scheme, or either
    zone_classes: tuple[str, ...] = ()  # of the zones that are not open to all, those in which it may stand
    country: str = ""
    is_on_tour: bool = False  # the guest of honour should come by
    weight: int = 1


@dataclass(frozen=True)
class Booth:
    """``quarter`` is a small part of a zone, such as a block of booths: who stands in the same one stands near."""

    key: str
    zone: str
    x: int
    y: int
    width: int
    depth: int
    quarter: str = ""
    open_sides: int = 1
    power: int | None = None  # no limit of its own
    accessible: bool = True
    raw: bool = False
    zone_class: str = ""  # blank is open to all
    is_on_route: bool = False

    @property
    def area(self) -> int:
        return self.width * self.depth

    @property
    def place(self) -> tuple[str, str]:
        return self.zone, self.quarter

    def distance(self, other: "Booth") -> int:
        """Between the nearest edges, the longer of both directions."""
        across = max(self.x, other.x) - min(self.x + self.width, other.x + other.width)
        down = max(self.y, other.y) - min(self.y + self.depth, other.y + other.depth)
        return max(across, down, 0)


@dataclass(frozen=True)
class Weights:
    """Points for each soft rule. ``unplaced`` is lost for each application without a booth."""

    ranks: tuple[int, ...] = (100, 80, 65, 50, 40, 30)
    near: int = 60
    country: int = 20  # lost for each zone beyond the first in which one country stands
    rivals: int = 40  # lost for each two rivals who do not stand apart
    route: int = 25
    unplaced: int = 1000

    def of_rank(self, rank: int | None) -> int:
        """``rank`` counts from nought; later wishes are worth what the last weight says."""
        return 0 if rank is None else self.ranks[min(rank, len(self.ranks) - 1)]


@dataclass(frozen=True)
class Problem:
    """Everything the answer depends on, besides the seed.

    ``near`` is a soft rule, ``apart`` a hard one, ``rivals`` its soft sister. Two stand apart if no booth of the one's
    quarter lies within ``reach`` of a booth of the other's.
    """

    applications: tuple[Application, ...]
    booths: tuple[Booth, ...]
    zone_power: dict[str, int] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)
    near: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    rivals: frozenset[Pair] = frozenset()
    weights: Weights = Weights()
    reach: int = 300

    def __post_init__(self):
        for name, group in (("applications", self.applications), ("booths", self.booths)):
            if twice := [key for key, count in Counter(each.key for each in group).items() if count > 1]:
                raise ValueError(f"{name} given twice: {', '.join(sorted(twice))}")
        known, booths = self.by_key, self.booth_by_key
        for pair in self.near | self.apart | self.rivals:
            if pair.one == pair.other or not {*pair} <= known.keys():
                raise ValueError(f"no two applications: {pair.one}, {pair.other}")
        if not (self.pins.keys() <= known.keys() and {*self.pins.values()} <= booths.keys()):
            raise ValueError("a pin of an unknown application or booth")

    @cached_property
    def by_key(self) -> dict[str, Application]:
        return {each.key: each for each in sorted(self.applications, key=lambda each: each.key)}

    @cached_property
    def booth_by_key(self) -> dict[str, Booth]:
        return {each.key: each for each in sorted(self.booths, key=lambda each: each.key)}

    @cached_property
    def by_country(self) -> dict[str, list[str]]:
        """Keys of the applications of each country that has several."""
        found = {}
        for application in self.by_key.values():
            found.setdefault(application.country, []).append(application.key)
        return {country: keys for country, keys in found.items() if country and len(keys) > 1}

    @cached_property
    def close(self) -> dict[tuple[str, str], set[tuple[str, str]]]:
        """For each quarter all those that are not apart from it, itself included."""
        places = {}
        for booth in self.booth_by_key.values():
            places.setdefault(booth.place, []).append(booth)
        around = {place: _around(booths) for place, booths in places.items()}
        return {
            one: {
                other
                for other, theirs in places.items()
                if one == other
                or (
                    around[one].distance(around[other]) < self.reach
                    and any(a.distance(b) < self.reach for a in mine for b in theirs)
                )
            }
            for one, mine in places.items()
        }

    @cached_property
    def plain(self) -> dict:
        """As JSON can hold it, the same for the same questions, in whatever order they are put."""
        plain = asdict(self) | {
            "applications": [asdict(each) for each in self.by_key.values()],
            "booths": [asdict(each) for each in self.booth_by_key.values()],
        }
        return plain | {name: sorted(sorted(pair) for pair in plain[name]) for name in PAIRS}

    @property
    def digest(self) -> str:
        return digest(self.plain)

    @classmethod
    def read(cls, plain: dict) -> "Problem":
        """The question that ``plain`` says. What says none raises KeyError, TypeError or ValueError."""
        return cls(
            applications=tuple(_application(each) for each in plain["applications"]),
            booths=tuple(Booth(**each) for each in plain["booths"]),
            weights=Weights(**(plain["weights"] | {"ranks": tuple(plain["weights"]["ranks"])})),
            **{name: plain[name] for name in ("zone_power", "pins", "reach")},
            **{name: frozenset(Pair(*pair) for pair in plain[name]) for name in PAIRS},
        )


def digest(plain: dict) -> str:
    """SHA-256 of the JSON with its keys in order, as Python writes it."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _application(plain: dict) -> Application:
    wishes = tuple(Wish(*wish) for wish in plain["wishes"])
    size = plain["size"] and tuple(plain["size"])
    return Application(**(plain | {"wishes": wishes, "size": size, "zone_classes": tuple(plain["zone_classes"])}))


def _around(booths: list[Booth]) -> Booth:
    """The rectangle around all of them."""
    x, y = min(booth.x for booth in booths), min(booth.y for booth in booths)
    right, bottom = max(booth.x + booth.width for booth in booths), max(booth.y + booth.depth for booth in booths)
    return Booth("", "", x, y, right - x, bottom - y)
