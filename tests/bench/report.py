"""The table of figures, as people and programs read it, beside its targets and the run before."""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

HEAD = (
    "",
    "clients",
    "ops/s",
    "p50 ms",
    "p95 ms",
    "requests",
    "queries",
    "web",
    "worker",
    "db",
    "CPU ms",
    "before",
    "target",
)
WIDTHS = (34, 8, 9, 9, 9, 9, 8, 9, 8, 8, 9, 9, 26)


@dataclass(frozen=True)
class Row:
    """Per item: CPU in milliseconds of all processes, those that ended included; queries without the statements that
    only open and close transactions."""

    name: str
    clients: int
    rate: float
    p50: float
    p95: float
    requests: float
    queries: float
    web: float
    worker: float
    database: float
    cpu_target: float | None
    queries_target: float | None
    requests_target: float | None
    seconds_target: float | None

    @property
    def cpu(self) -> float:
        return self.web + self.worker + self.database

    @property
    def targets(self) -> list[tuple[str, float | None, float]]:
        """What each is, how it should be, and how it is."""
        return [
            ("{:g} ms", self.cpu_target, self.cpu),
            ("{:g} q", self.queries_target, self.queries),
            ("{:g} r", self.requests_target, self.requests),
            ("{:g} s", self.seconds_target, self.p50 / 1000),
        ]

    @property
    def is_good(self) -> bool:
        return all(target is None or found <= target for _unit, target, found in self.targets)


def row(operation, clients, cost) -> Row:
    per, items = cost.operations * operation.items, operation.items
    return Row(
        name=operation.name,
        clients=clients,
        rate=items * cost.operations / cost.seconds,
        p50=1000 * cost.percentile(0.5),
        p95=1000 * cost.percentile(0.95),
        requests=cost.requests / per,
        queries=cost.counters["queries"] / per,
        web=1000 * cost.counters["web"] / per,
        worker=1000 * cost.counters["worker"] / per,
        database=1000 * cost.counters["database"] / per,
        cpu_target=operation.cpu,
        queries_target=operation.queries,
        requests_target=operation.requests,
        seconds_target=operation.seconds,
    )


class Report:
    """Prints each row as it comes; keeps all in a file, and reads there what came of the run before."""

    def __init__(self, file: Path):
        self.file, self.rows, self.facts = file, [], {}
        self.before = json.loads(file.read_text()) if file.exists() else {"rows": [], "facts": {}}
        self.machine = machine()

    def head(self):
        known = self.machine
        print(f"\n{known['cpu']}, {known['cores']} cores, {known['memory']} GB, load {known['load']}")
        _line(HEAD)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        cells = [f"{value:.1f}" for value in (row.rate, row.p50, row.p95, row.requests, row.queries)]
        cells += [f"{value:.1f}" for value in (row.web, row.worker, row.database, row.cpu)]
        _line((row.name, str(row.clients), *cells, self._earlier(row), _target(row)))

    def add_fact(self, name: str, value: float, unit: str, how: str, most: float | None = None) -> None:
        """``most`` is the target, where there is one."""
        self.facts[name] = {"value": round(value, 2), "unit": unit, "most": most}
        earlier = self.before["facts"].get(name, {}).get("value")
        before = f"(before {earlier})" if earlier is not None else ""
        target = f"target {most:g} {_mark(value <= most)}" if most is not None else ""
        print(f"{name:<34}{value:>9.2f} {unit:<3}{before:<18}{target:<16}{how}", flush=True)

    def keep(self) -> bool:
        """Writes the file; whether every target is met. What was not measured this time stays from the run before."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        rows = [asdict(row) | {"cpu": row.cpu} for row in self.rows]
        measured = {(row["name"], row["clients"]) for row in rows}
        rows += [row for row in self.before["rows"] if (row["name"], row["clients"]) not in measured]
        machine_after = self.machine | {"load_after": _load()}
        facts = self.before["facts"] | self.facts
        self.file.write_text(json.dumps({"machine": machine_after, "rows": rows, "facts": facts}, indent=1))
        missed = [f"{row.name} at {row.clients}" for row in self.rows if not row.is_good]
        missed += [name for name, fact in self.facts.items() if fact["most"] is not None and fact["value"] > fact["most"]]
        print(f"\nload after {_load()}; kept in {self.file}")
        print(f"NOT met: {', '.join(missed)}." if missed else "Every target is met.")
        return not missed

    def _earlier(self, row) -> str:
        found = [old["cpu"] for old in self.before["rows"] if (old["name"], old["clients"]) == (row.name, row.clients)]
        return f"{found[0]:.1f}" if found else "–"


def _target(row) -> str:
    parts = [unit.format(target) for unit, target, _found in row.targets if target is not None]
    return f"{', '.join(parts)} {_mark(row.is_good)}" if parts else "–"


def _mark(is_good) -> str:
    return "✓" if is_good else "✗"


def _line(cells) -> None:
    first, *others = zip(cells, WIDTHS, strict=True)
    print(f"{first[0]:<{first[1]}}" + "".join(f"{cell:>{width}}" for cell, width in others), flush=True)


def machine() -> dict:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _processor(),
        "cores": psutil.cpu_count(),
        "memory": round(psutil.virtual_memory().total / 1e9),
        "load": _load(),
        "python": platform.python_version(),
    }


def _load() -> float:
    return round(psutil.getloadavg()[0], 2)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
