"""What an operation costs: time, statements of the database, processor time and memory of every process involved."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil
import psycopg

# Statements that open and close transactions are counted apart: most tools leave them out of "queries".
STATEMENTS = """
    SELECT coalesce(sum(calls) FILTER (WHERE NOT control), 0), coalesce(sum(calls) FILTER (WHERE control), 0)
    FROM (SELECT calls, query ~* '^(begin|commit|rollback|savepoint|release|start|set )' AS control
          FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid WHERE rolname = ANY(%s)) AS seen
"""


@dataclass
class Tree:
    """A process with all its children; those that ended are in their parent's account."""

    pid: int

    def processes(self) -> list[psutil.Process]:
        top = psutil.Process(self.pid)
        return [top, *top.children(recursive=True)]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        total = 0.0
        for process in self.processes():
            try:
                total += sum(process.cpu_times()[:4])  # user, system and those of children that ended
            except psutil.NoSuchProcess:
                continue
        return total

    def memory(self) -> float:
        """Megabytes; what processes share is counted once."""
        return sum(process.memory_full_info().pss for process in self.processes()) / 1e6


@dataclass
class Meter:
    """Reads all counters at once; the difference of two readings is the cost of what lay between."""

    trees: dict[str, Tree]
    roles: list[str]
    database: psycopg.Connection

    def read(self) -> dict[str, float]:
        statements, control = self.database.execute(STATEMENTS, [self.roles]).fetchone()
        cpu = {name: tree.cpu() for name, tree in self.trees.items()}
        return cpu | {"queries": float(statements), "control": float(control)}


@dataclass
class Cost:
    """What a number of operations took together."""

    operations: int = 0
    seconds: float = 0.0
    durations: list[float] = field(default_factory=list)
    requests: int = 0
    counters: dict[str, float] = field(default_factory=dict)

    def each(self, name: str) -> float:
        return self.counters.get(name, 0) / self.operations

    def percentile(self, share: float) -> float:
        ordered = sorted(self.durations)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    def __add__(self, other: "Cost") -> "Cost":
        """Two halves of the same operations."""
        return Cost(
            self.operations,
            self.seconds + other.seconds,
            [one + two for one, two in zip(self.durations, other.durations, strict=True)],
            self.requests + other.requests,
            {name: value + other.counters[name] for name, value in self.counters.items()},
        )


def measure(meter: Meter, operations: list[Callable[[], int]], clients: int, settle: Callable[[], None]) -> Cost:
    """Runs the operations by so many clients at once, then waits until the background has settled."""
    before, begun = meter.read(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        outcomes = list(pool.map(_timed, operations))
    seconds = time.perf_counter() - begun
    settle()
    after = meter.read()
    return Cost(
        len(operations),
        seconds,
        [duration for duration, _requests in outcomes],
        sum(requests for _duration, requests in outcomes),
        {name: after[name] - before[name] for name in after},
    )


def _timed(operation: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    requests = operation()
    return time.perf_counter() - begun, requests
