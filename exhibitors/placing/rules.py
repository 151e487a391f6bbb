"""Who may stand where, and what an answer is worth. An answer maps keys of applications to keys of booths."""

from collections import Counter
from typing import NamedTuple

from exhibitors.placing.problem import Application, Booth, Pair, Problem, Rule, Weights


def refusals(application: Application, booth: Booth, pins: dict[str, str]) -> list[Rule]:
    """The rules by which this booth is none for this application, whoever else stands where."""
    pinned = pins.get(application.key)
    refused = {
        Rule.SIZE: not _has_size(application, booth),
        Rule.SIDES: booth.open_sides < application.open_sides,
        Rule.POWER: booth.power is not None and booth.power < application.power,
        Rule.ACCESSIBLE: application.accessible and not booth.accessible,
        Rule.FITTING: application.raw is not None and application.raw != booth.raw,
        Rule.ZONE_CLASS: booth.zone_class not in ("", *application.zone_classes),
        Rule.PINNED: pinned is not None and pinned != booth.key,
    }
    return [rule for rule, is_broken in refused.items() if is_broken]


def _has_size(application: Application, booth: Booth) -> bool:
    if booth.area < application.least_area:
        return False
    if application.most_area is not None and booth.area > application.most_area:
        return False
    if application.size is None:
        return True
    short, long = sorted(application.size)
    return short <= min(booth.width, booth.depth) and long <= max(booth.width, booth.depth)


def rank(application: Application, booth: Booth) -> int | None:
    """Which wish the booth meets, counted from nought."""
    return next((place for place, wish in enumerate(application.wishes) if wish.is_met_by(booth)), None)


def gain(problem: Problem, application: Application, booth: Booth) -> int:
    """What this booth is worth for this application, whoever else stands where."""
    return worth(problem.weights, application, rank(application, booth), booth.is_on_route)


def worth(weights: Weights, application: Application, rank: int | None, is_on_route: bool) -> int:
    route = weights.route if application.is_on_tour and is_on_route else 0
    return application.weight * (weights.of_rank(rank) + route)


class Broken(NamedTuple):
    """A hard rule that an answer breaks, and for which applications."""

    rule: Rule
    applications: tuple[str, ...]


def broken(problem: Problem, answer: dict[str, str]) -> list[Broken]:
    """Every hard rule that the answer breaks."""
    found, power = [], Counter()
    for key, booth_key in sorted(answer.items()):
        application, booth = problem.by_key[key], problem.booth_by_key[booth_key]
        found += [Broken(rule, (key,)) for rule in refusals(application, booth, problem.pins)]
        power[booth.zone] += application.power
    for booth_key, count in Counter(answer.values()).items():
        if count > 1:
            found.append(Broken(Rule.TAKEN, tuple(sorted(key for key in answer if answer[key] == booth_key))))
    for zone, budget in problem.zone_power.items():
        if power[zone] > budget:
            inside = [key for key in answer if problem.booth_by_key[answer[key]].zone == zone]
            found.append(Broken(Rule.ZONE_POWER, tuple(sorted(inside))))
    found += [Broken(Rule.APART, (*pair,)) for pair in sorted(problem.apart) if _is_close(problem, answer, pair)]
    return found


def score(problem: Problem, answer: dict[str, str]) -> int:
    """What the answer is worth; that it breaks no hard rule is another question."""
    weights, booths = problem.weights, problem.booth_by_key
    total = sum(gain(problem, problem.by_key[key], booths[booth]) for key, booth in answer.items())
    total -= weights.unplaced * sum(each.weight for each in problem.applications if each.key not in answer)
    total += weights.near * sum(_is_near(problem, answer, pair) for pair in problem.near)
    total -= weights.rivals * sum(_is_close(problem, answer, pair) for pair in problem.rivals)
    for keys in problem.by_country.values():
        zones = {booths[answer[key]].zone for key in keys if key in answer}
        total -= weights.country * max(0, len(zones) - 1)
    return total


def _is_near(problem: Problem, answer: dict[str, str], pair: Pair) -> bool:
    one, other = (problem.booth_by_key[answer[key]] if key in answer else None for key in pair)
    return bool(one and other and one.place == other.place)


def _is_close(problem: Problem, answer: dict[str, str], pair: Pair) -> bool:
    one, other = (problem.booth_by_key[answer[key]] if key in answer else None for key in pair)
    return bool(one and other and other.place in problem.close[one.place])
