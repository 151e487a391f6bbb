"""Why each application got its booth and no better one, and which rules conflict where one got none."""

from dataclasses import dataclass, replace

from exhibitors.placing.problem import Application, Booth, Problem, Rule, Wish
from exhibitors.placing.rules import broken, gain, rank, refusals, score
from exhibitors.placing.solving import Result, solve


@dataclass(frozen=True)
class Reason:
    """Why a better wish was not met: by rules, because others are there, or because all would be worth less by it."""

    wish: Wish
    rules: tuple[Rule, ...] = ()
    with_whom: tuple[str, ...] = ()  # who has it, or with whom the rule would be broken
    gain: int = 0  # what it would have been worth here
    their_gain: int = 0  # the least that it is worth to those who have it
    costs: int | None = None  # what all would lose, had it been met alone


@dataclass(frozen=True)
class Line:
    application: str
    booth: str | None
    rank: int | None  # which wish it is, counted from nought
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Conflict:
    """These applications cannot all have booths by these rules; ``booths`` says for how many of them there are any.

    With ``TAKEN`` more applications than booths fit each other, and no other booth fits any of them.
    """

    rules: tuple[Rule, ...]
    applications: tuple[str, ...]
    booths: int


def explain(problem: Problem, result: Result, *, seconds: float = 10) -> tuple[list[Line], list[Conflict]]:
    """A line for each application, in the order of their keys, and what keeps some from having any booth."""
    occupants = {booth: key for key, booth in result.answer.items()}
    lines = [_line(problem, result, occupants, application) for application in problem.by_key.values()]
    return lines, _conflicts(problem, result, occupants, seconds)


def _line(problem: Problem, result: Result, occupants: dict[str, str], application: Application) -> Line:
    booth = result.answer.get(application.key)
    place = rank(application, problem.booth_by_key[booth]) if booth else None
    reasons = (_reason(problem, result, occupants, application, wish) for wish in application.wishes[:place])
    return Line(application.key, booth, place, tuple(reasons))


def _reason(problem, result, occupants, application, wish) -> Reason:
    wished = [booth for booth in problem.booth_by_key.values() if wish.is_met_by(booth)]
    fitting = [booth for booth in wished if not refusals(application, booth, problem.pins)]
    if not fitting:
        return Reason(wish, rules=_fewest(application, wished, problem.pins))
    worth = max(gain(problem, application, booth) for booth in fitting)
    free = [booth for booth in fitting if booth.key not in occupants]
    if free:
        return min(
            (_free(problem, result, application, wish, booth) for booth in free[:3]),
            key=lambda reason: (reason.costs is None, reason.costs or 0),
        )
    others = {occupants[booth.key]: gain(problem, problem.by_key[occupants[booth.key]], booth) for booth in fitting}
    return Reason(wish, (Rule.TAKEN,), tuple(sorted(others)), worth, min(others.values()))


def _free(problem, result, application, wish, booth) -> Reason:
    moved = result.answer | {application.key: booth.key}
    worth = gain(problem, application, booth)
    if refused := [each for each in broken(problem, moved) if application.key in each.applications]:
        whom = sorted({key for each in refused for key in each.applications} - {application.key})
        return Reason(wish, tuple(dict.fromkeys(each.rule for each in refused)), tuple(whom), worth)
    return Reason(wish, gain=worth, costs=result.score - score(problem, moved))


def _fewest(application: Application, booths: list[Booth], pins: dict[str, str]) -> tuple[Rule, ...]:
    """The rules of the booth that comes closest to fitting."""
    return min((tuple(refusals(application, booth, pins)) for booth in booths), key=len, default=())


def _conflicts(problem: Problem, result: Result, occupants: dict[str, str], seconds: float) -> list[Conflict]:
    found, between = [], []
    for application in problem.by_key.values():
        if application.key in result.answer or any(application.key in conflict.applications for conflict in found):
            continue
        fitting = _fitting(problem, application)
        if not fitting:
            rules = _fewest(application, list(problem.booth_by_key.values()), problem.pins)
            found.append(Conflict(rules, (application.key,), 0))
        elif crowd := _crowd(problem, occupants, application):
            found.append(crowd)
        else:
            between.append(application.key)
    return found + (_between(problem, result, between, seconds) if between else [])


def _fitting(problem: Problem, application: Application) -> list[str]:
    return [key for key, booth in problem.booth_by_key.items() if not refusals(application, booth, problem.pins)]


def _crowd(problem: Problem, occupants: dict[str, str], application: Application) -> Conflict | None:
    """Hall's condition: everybody who could make room, and the booths they fit; one booth too few if all are taken."""
    crowd, booths, waiting = {application.key}, set(), [application.key]
    while waiting:
        for booth in set(_fitting(problem, problem.by_key[waiting.pop()])) - booths:
            if booth not in occupants:
                return None
            booths.add(booth)
            if occupants[booth] not in crowd:
                crowd.add(occupants[booth])
                waiting.append(occupants[booth])
    return Conflict((Rule.TAKEN,), tuple(sorted(crowd)), len(booths))


def _between(problem: Problem, result: Result, keys: list[str], seconds: float) -> list[Conflict]:
    """Which rule between applications has to give way, tried by solving without it. For whom none of them makes room there
    are too few booths without them too."""
    without = {
        (Rule.ZONE_POWER,): {"zone_power": {}},
        (Rule.APART,): {"apart": frozenset()},
        (Rule.ZONE_POWER, Rule.APART): {"zone_power": {}, "apart": frozenset()},
    }
    found, left = [], set(keys)
    for rules, change in without.items():
        if not left:
            break
        relaxed = solve(replace(problem, **change), seed=result.seed, seconds=seconds).answer
        if len(relaxed) > len(result.answer) and (placed := left & relaxed.keys()):
            involved = {key for each in broken(problem, relaxed) for key in each.applications} | placed
            inside = len(involved & result.answer.keys())
            found.append(Conflict(rules, tuple(sorted(involved)), inside))
            left -= placed
    if left:  # the last that was solved is without all of them
        occupants = {booth: key for key, booth in relaxed.items()}
        crowds = (_crowd(problem, occupants, problem.by_key[key]) for key in sorted(left))
        found += dict.fromkeys(filter(None, crowds))
    return found
