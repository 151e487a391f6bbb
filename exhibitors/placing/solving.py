"""Finds the best answer and how far from the best possible it may be, as a mixed-integer programme solved by HiGHS.

Booths that no rule and no wish tells apart are one kind with a capacity, which leaves the solver no symmetry to search.
A booth that somebody wishes or has pinned gets columns of its own besides.
"""

import hashlib
import time
from array import array
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from exhibitors.placing.problem import Application, Booth, Problem
from exhibitors.placing.rules import gain, rank, refusals, score, worth

NONE = 1e-6  # what floating point may leave of nought
MANY = 60_000  # columns that HiGHS takes at once without trouble
FIRST = 20  # choices of each application to begin with, where there are many columns
MARGIN = 10  # points by which a column may fall short and still be searched
ENOUGH = 0.25  # points that columns left out may add to the relaxed optimum


@dataclass(frozen=True)
class Result:
    """``bound`` is the most that any answer can be worth, so ``score == bound`` is a proof that none is better."""

    answer: dict[str, str]
    score: int
    bound: int
    seed: int
    seconds: float

    @property
    def gap(self) -> float:
        """The share of the bound that may be missing."""
        return (self.bound - self.score) / max(abs(self.bound), 1)

    @property
    def is_optimal(self) -> bool:
        return self.score == self.bound


class Kind(NamedTuple):
    """Booths that differ in nothing but their place within one quarter."""

    zone: str
    quarter: str
    width: int
    depth: int
    open_sides: int
    power: int | None
    accessible: bool
    raw: bool
    zone_class: str
    is_on_route: bool


def solve(problem: Problem, *, seed: int, seconds: float = 60) -> Result:
    """An answer that breaks no hard rule. What does not fit stays out, the fewest and lightest first.

    Whatever is worth the same is drawn by lot: the seed gives each choice a fraction of a point, all of them together
    less than one. Within ``seconds`` or proven, whichever comes first; a proven answer depends on nothing but the
    problem and its seed.
    """
    begun = time.perf_counter()
    if not problem.applications:
        return Result({}, 0, 0, seed, 0)
    model = Model(problem, seed)
    values, bound = Programme(model, begun + seconds).solve()
    answer = {} if values is None else model.read(values)
    points = score(problem, answer)
    bound = best_of_each(problem) if bound is None else int(np.floor(bound + NONE))
    return Result(answer, points, max(bound, points), seed, time.perf_counter() - begun)


def best_of_each(problem: Problem) -> int:
    """What all would be worth if each had the best for itself; true without any search."""
    weights = problem.weights
    best = sum(each.weight * (max(weights.ranks, default=0) + weights.route) for each in problem.applications)
    return best + weights.near * len(problem.near)


def lot(seed: int, *names: str) -> float:
    """A number from nought to one that depends on nothing but the seed and the names."""
    text = "\0".join((str(seed), *names)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6]) / 2**48


class Model:
    """The columns and rows that say what ``rules`` says."""

    def __init__(self, problem: Problem, seed: int):
        self.problem, self.seed = problem, seed
        self.objective, self.whole, self.uppers = [], [], []
        self.rows, self.cells, self.factors = array("l"), array("l"), array("d")
        self.least, self.most = [], []
        self.columns = {}  # of each application: column -> booth or kind
        self.kinds, self.fitting = self._sort_booths(), {}
        self.kind_of = {booth.key: kind for kind, booths in self.kinds.items() for booth in booths}
        self._place()
        self._limit_power()
        self._weigh_near()
        self._keep_apart()
        self._weigh_rivals()
        self._weigh_countries()

    def read(self, values) -> dict[str, str]:
        """Named booths first; who has a kind draws one of what is left of it."""
        answer, drawn = {}, defaultdict(list)
        for key, columns in self.columns.items():
            for column, where in columns.items():
                if values[column] < 0.5:
                    continue
                if isinstance(where, Booth):
                    answer[key] = where.key
                else:
                    drawn[where].append(key)
        taken = set(answer.values())
        for kind, keys in drawn.items():
            free = [booth.key for booth in self.kinds[kind] if booth.key not in taken]
            free.sort(key=lambda booth: lot(self.seed, "booth", booth))
            keys.sort(key=lambda key: lot(self.seed, "application", key))
            answer |= zip(keys, free, strict=False)
        return dict(sorted(answer.items()))

    def _sort_booths(self) -> dict[Kind, list[Booth]]:
        kinds = defaultdict(list)
        for booth in self.problem.booth_by_key.values():
            kinds[Kind(**{name: getattr(booth, name) for name in Kind._fields})].append(booth)
        return kinds

    def _place(self):
        """Each application has one place or none, each booth and each kind no more than it has room for."""
        problem = self.problem
        room, alone = defaultdict(list), defaultdict(list)
        share = 0.5 / max(len(problem.applications), 1)
        for key, application in problem.by_key.items():
            self.columns[key] = {}
            for where, kind, value in self._choices(application):
                name = where.key if isinstance(where, Booth) else "|".join(map(str, kind))
                column = self._column(value + share * lot(self.seed, key, name))
                self.columns[key][column] = where
                room[kind].append(column)
                if isinstance(where, Booth):
                    alone[where.key].append(column)
            out = self._column(-problem.weights.unplaced * application.weight)
            self._row([(column, 1) for column in (*self.columns[key], out)], 1, 1)
        for kind, columns in room.items():
            self._row([(column, 1) for column in columns], -np.inf, len(self.kinds[kind]))
        for columns in alone.values():
            self._row([(column, 1) for column in columns], -np.inf, 1)

    def _choices(self, application: Application):
        """Whole kinds, as far as a wish for their zone goes, and the single booths that are a better wish or a pin."""
        problem, pinned = self.problem, self.problem.pins.get(application.key)
        zones = {wish.zone: place for place, wish in reversed([*enumerate(application.wishes)]) if not wish.booth}
        named = [wish.booth for wish in application.wishes if wish.booth] if pinned is None else [pinned]
        single = defaultdict(list)
        for key in sorted({*named}):
            single[self.kind_of[key]].append(problem.booth_by_key[key])
        for kind in self._fitting(application):
            place = zones.get(kind.zone)
            if pinned is None:
                yield kind, kind, worth(problem.weights, application, place, kind.is_on_route)
            for booth in single.get(kind, ()):
                if pinned or rank(application, booth) != place:
                    yield booth, kind, gain(problem, application, booth)

    def _fitting(self, application: Application) -> list[Kind]:
        """Looked up once for all who need the same."""
        needs = replace(application, key="", wishes=(), country="", is_on_tour=False, weight=1)
        if needs not in self.fitting:
            self.fitting[needs] = [kind for kind, booths in self.kinds.items() if not refusals(needs, booths[0], {})]
        return self.fitting[needs]

    def _limit_power(self):
        drawn = defaultdict(list)
        for key, columns in self.columns.items():
            for column, where in columns.items():
                drawn[where.zone].append((column, self.problem.by_key[key].power))
        for zone, budget in sorted(self.problem.zone_power.items()):
            self._row(drawn[zone], -np.inf, budget)

    def _weigh_near(self):
        """A pair is near in a quarter as far as both are there."""
        for pair in sorted(self.problem.near):
            one, other = (self._by_place(key) for key in pair)
            for place in sorted(one.keys() & other.keys()):  # in one order in every process
                both = self._column(self.problem.weights.near, whole=False)
                for columns in (one[place], other[place]):
                    self._row([(both, 1), *((column, -1) for column in columns)], -np.inf, 0)

    def _keep_apart(self):
        for pair in sorted(self.problem.apart):
            for columns in self._close(pair):
                self._row([(column, 1) for column in columns], -np.inf, 1)

    def _weigh_rivals(self):
        for pair in sorted(self.problem.rivals):
            close = self._column(-self.problem.weights.rivals, whole=False)
            for columns in self._close(pair):
                self._row([(close, -1), *((column, 1) for column in columns)], -np.inf, 1)

    def _close(self, pair):
        """For each quarter of the one: its columns there, and those of the other in all quarters close to it."""
        one, other = (self._by_place(key) for key in pair)
        for place, columns in one.items():
            theirs = [column for near in sorted(self.problem.close[place] & other.keys()) for column in other[near]]
            if theirs:
                yield [*columns, *theirs]

    def _weigh_countries(self):
        for keys in self.problem.by_country.values():
            used = defaultdict(lambda: self._column(0, whole=False))
            for key in keys:
                inside = defaultdict(list)
                for column, where in self.columns[key].items():
                    inside[where.zone].append(column)
                for zone, columns in inside.items():
                    self._row([(used[zone], -1), *((column, 1) for column in columns)], -np.inf, 0)
            beyond = self._column(-self.problem.weights.country, whole=False, upper=np.inf)
            self._row([(beyond, -1), *((column, 1) for column in used.values())], -np.inf, 1)

    def _by_place(self, key: str) -> dict[tuple[str, str], list[int]]:
        found = defaultdict(list)
        for column, where in self.columns[key].items():
            found[(where.zone, where.quarter)].append(column)
        return dict(sorted(found.items()))

    def _column(self, worth: float, *, whole: bool = True, upper: float = 1) -> int:
        self.objective.append(worth)
        self.whole.append(whole)
        self.uppers.append(upper)
        return len(self.objective) - 1

    def _row(self, cells, least: float, most: float) -> None:
        for column, factor in cells:
            self.rows.append(len(self.least))
            self.cells.append(column)
            self.factors.append(factor)
        self.least.append(least)
        self.most.append(most)


class Programme:
    """Solves a model within its time; one of many columns by those that can be part of a best answer."""

    def __init__(self, model: Model, until: float):
        self.until = until
        shape = (len(model.least), len(model.objective))
        self.matrix = csc_array((model.factors, (model.rows, model.cells)), shape=shape)
        self.costs = -np.array(model.objective)
        self.whole, self.uppers = np.array(model.whole), np.array(model.uppers)
        self.least, self.most = np.array(model.least), np.array(model.most)
        self.is_equal = self.least == self.most
        self.choices = [list(columns) for columns in model.columns.values()]
        self.many = shape[1] > MANY
        self.few = self._first_few() if self.many else np.full(shape[1], True)

    def solve(self) -> tuple[np.ndarray | None, float | None]:
        """The values of the columns, and the most that any can be worth.

        A column whose reduced cost is more than the relaxed optimum lies above an answer is in no better one. So the
        columns within a margin are enough, and prove it whenever the answer comes out within that margin.
        """
        if not self.many:
            return self._search(self.few)
        relaxed, reduced = self._relax()
        if relaxed is None:
            return self._search(self.few)[0], None
        values, bound = self._search(reduced <= MARGIN)
        return values, relaxed if bound is None else min(relaxed, max(bound, relaxed - MARGIN))

    def _first_few(self) -> np.ndarray:
        """What no application chooses, and the best of each one's choices."""
        few = np.full(len(self.costs), True)
        for columns in self.choices:
            few[sorted(columns, key=self.costs.__getitem__)[FIRST:]] = False
        return few

    def _relax(self):
        """At most what the best is worth where halves may stand, and how much each column would take from it.

        Columns join while they add: each application has one place, so it can add no more than its best column.
        """
        before = -np.inf
        while True:
            matrix = self.matrix[:, self.few].tocsr()
            found = linprog(
                self.costs[self.few],
                A_ub=matrix[~self.is_equal],
                b_ub=self.most[~self.is_equal],
                A_eq=matrix[self.is_equal],
                b_eq=self.most[self.is_equal],
                bounds=np.column_stack((np.zeros(self.few.sum()), self.uppers[self.few])),
                method="highs",
                options={"time_limit": max(1, self.until - time.perf_counter())},
            )
            if found.status != 0:
                return None, None
            prices = np.empty(len(self.most))
            prices[~self.is_equal], prices[self.is_equal] = found.ineqlin.marginals, found.eqlin.marginals
            reduced = self.costs - self.matrix.T @ prices
            outside = np.where(self.few, 0, reduced)
            missing = -sum(outside[columns].min(initial=0) for columns in self.choices)
            if missing < ENOUGH or -found.fun < before + ENOUGH:
                return missing - found.fun, reduced
            before = -found.fun
            self.few |= reduced < -NONE

    def _search(self, few) -> tuple[np.ndarray | None, float | None]:
        found = milp(
            self.costs[few],
            integrality=self.whole[few],
            bounds=Bounds(0, self.uppers[few]),
            constraints=LinearConstraint(self.matrix[:, few], self.least, self.most),
            options={"time_limit": max(1, self.until - time.perf_counter()), "mip_rel_gap": 0},
        )
        if found.x is None:
            return None, None
        values = np.zeros(len(self.costs))
        values[few] = found.x
        return values, -found.mip_dual_bound
