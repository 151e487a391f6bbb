"""Proposes booths for a made-up fair and prints what came of it as JSON, with the most memory this process had.

Argument: how many applications, on so many booths and a fourth or a fifth more.
"""

import json
import random
import resource
import sys

from exhibitors.placing import Application, Booth, Pair, Problem, Wish
from exhibitors.placing.solving import solve

COUNTRIES = ["KH", "VN", "TH", "LA", "SG", "JP", "KR", "FR", "IN", "AU", "EE", "RW"]


def fair(applications: int, booths: int, seed: int = 7) -> Problem:
    """Halls of zones with 25 booths each, in quarters of five; six wishes, which all like the first zones best."""
    draw = random.Random(seed)
    stands = [_booth(number) for number in range(booths)]
    wanting = [_application(number, stands, draw) for number in range(applications)]
    pairs = [Pair(*draw.sample([each.key for each in wanting], 2)) for _ in range(applications // 4)]
    third = len(pairs) // 3
    zones = sorted({booth.zone for booth in stands})
    return Problem(
        applications=tuple(wanting),
        booths=tuple(stands),
        zone_power=dict.fromkeys(zones, 60_000),
        near=frozenset(pairs[:third]),
        apart=frozenset(pairs[third : 2 * third]),
        rivals=frozenset(pairs[2 * third :]),
    )


def _booth(number: int) -> Booth:
    zone, place = divmod(number, 25)
    row, column = divmod(place, 5)
    return Booth(
        key=f"B{number:04}",
        zone=f"Z{zone:02}",
        quarter=str(row),
        x=(zone % 8) * 2500 + column * 300,
        y=(zone // 8) * 4000 + row * 600,
        width=300,
        depth=600 if row == 4 else 300,
        open_sides=2 if column in (0, 4) else 1,
        power=6000 if row == 4 else 3000,
        raw=row == 4,
        is_on_route=row == 0,
    )


def _application(number: int, booths: list[Booth], draw: random.Random) -> Application:
    popular = [booths[int(len(booths) * draw.random() ** 2)] for _ in range(5)]
    wishes = [Wish(booth=booth.key) for booth in popular[:4]]
    wishes += [Wish(zone=booth.zone) for booth in (popular[4], draw.choice(booths))]
    return Application(
        key=f"A{number:04}",
        wishes=tuple(dict.fromkeys(wishes)),
        least_area=draw.choices([90_000, 180_000], [7, 1])[0],
        open_sides=draw.choices([1, 2], [6, 1])[0],
        power=draw.choice([500, 1000, 2000, 3000]),
        country=draw.choice(COUNTRIES) if draw.random() < 0.3 else "",
        is_on_tour=draw.random() < 0.1,
        weight=draw.choices([1, 2], [9, 1])[0],
    )


def measure(applications: int) -> dict:
    booths = {120: 150, 1000: 1200}[applications]
    result = solve(fair(applications, booths), seed=1, seconds=55)
    return {
        "seconds": result.seconds,
        "gap": 100 * result.gap,
        "placed": len(result.answer),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
