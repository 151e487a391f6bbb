"""Measures a free registration and a gate scan on the real server: granian, the worker and PostgreSQL.

The figures beside ours are those of the leading open-source ticket system on such a machine. Rates depend on the
machine; queries and processor time per operation hardly do.
"""

import json
import os
import subprocess
import sys
import threading
import time
from functools import partial
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from forum import serve
from tests.bench import flows
from tests.bench.measuring import Cost, Meter, Tree, measure

ROOT = Path(__file__).resolve().parent.parent.parent
# operations measured with so many clients
REGISTRATIONS = {1: 150, 8: 300}
SCANS = {1: 300, 8: 600}
WARM_UP = 40
REFERENCE = {"registration": (11, 258, 630), "gate scan": (1, 21, 60)}  # requests, queries, CPU ms
UNSENT = "SELECT count(*) FROM post_office_email WHERE status IN (2, 3)"
LETTERS = "SELECT message FROM post_office_email WHERE id > %s ORDER BY id"


class Bench:
    def __init__(self):
        self.address = ("127.0.0.1", _free_port())
        self.environment = os.environ | {
            "BASE_URL": f"http://{self.address[0]}:{self.address[1]}",
            "DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "forum.settings",
        }
        self.database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self.processes = {}

    def prepare(self) -> None:
        self._run("manage.py", "prepare")
        output = self._run("-m", "tests.bench.data", str(sum(SCANS.values()) + WARM_UP), stdout=subprocess.PIPE)
        self.data = json.loads(output)
        self.badges = iter(self.data["badges"])
        self.database.execute("CREATE EXTENSION pg_stat_statements")
        for role in ("web", "worker"):  # so that each one's statements can be told apart
            self.database.execute(f"CREATE ROLE {role} LOGIN SUPERUSER")
        self.database.execute("VACUUM ANALYZE")

    def start(self) -> None:
        options = serve.read_arguments(["--port", str(self.address[1]), "--workers", "2"])
        for role, command in {
            "web": serve.web_command(options),
            "worker": serve.worker_command(),
        }.items():
            url = urlsplit(os.environ["DATABASE_URL"])
            url = url._replace(netloc=f"{role}@{url.netloc.rpartition('@')[2]}").geturl()
            self.processes[role] = serve.start(command, self.environment | {"DATABASE_URL": url})
        while not serve.is_healthy(options, f"{self.address[0]}:{self.address[1]}"):
            time.sleep(0.2)
        trees = {role: Tree(process.pid) for role, process in self.processes.items()}
        trees["database"] = Tree(int(os.environ["POSTGRES_PID"]))
        self.meter = Meter(trees, ["web", "worker"], self.database)

    def stop(self) -> None:
        serve.end(self.processes.values())

    def register(self, count: int, clients: int) -> Cost:
        """Both halves of a registration: the form, then the link that came by mail."""
        last = self.database.execute("SELECT coalesce(max(id), 0) FROM post_office_email").fetchone()[0]
        typed = [partial(flows.register, self.address, self.data)] * count
        first = measure(self.meter, typed, clients, self._settle)
        links = [flows.LINK.search(message)[1] for (message,) in self.database.execute(LETTERS, [last])]
        followed = [partial(flows.open_own_page, self.address, link) for link in links]
        return first + measure(self.meter, followed, clients, self._settle)

    def scan(self, count: int, clients: int) -> Cost:
        guards = threading.local()

        def scan(serial):
            if not hasattr(guards, "own"):
                guards.own = flows.Guard(self.address, self.data)
            return guards.own.scan(serial)

        scans = [partial(scan, serial) for serial in islice(self.badges, count)]
        return measure(self.meter, scans, clients, self._settle)

    def _settle(self) -> None:
        """Until all mail is sent: its cost belongs to what caused it."""
        while self.database.execute(UNSENT).fetchone()[0]:
            time.sleep(0.2)

    def _run(self, *arguments, **options) -> bytes:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, **options).stdout


def _free_port() -> int:
    with serve.socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def line(*cells) -> None:
    first, *others = cells
    print(f"{first:<14}" + "".join(f"{cell:>9}" for cell in others))


def report(name: str, clients: int, cost: Cost) -> bool:
    """Prints a row; returns whether it is below half of the reference."""
    parts = [1000 * cost.each(part) for part in ("web", "worker", "database")]
    line(
        name,
        clients,
        f"{cost.operations / cost.seconds:.1f}",
        f"{1000 * cost.percentile(0.5):.0f}",
        f"{1000 * cost.percentile(0.95):.0f}",
        f"{cost.requests / cost.operations:.1f}",
        f"{cost.each('queries'):.1f}",
        f"{cost.each('control'):.1f}",
        *(f"{part:.1f}" for part in parts),
        f"{sum(parts):.1f}",
    )
    _requests, queries, cpu = REFERENCE[name]
    return cost.each("queries") < queries / 2 and sum(parts) < cpu / 2


def main() -> int:
    bench = Bench()
    print("Preparing the database and its data …", flush=True)
    bench.prepare()
    bench.start()
    try:
        bench.register(WARM_UP, 4)
        bench.scan(WARM_UP, 4)
        print("\nPer operation; CPU in milliseconds of all processes, those that ended included.\n")
        line("", "clients", "ops/s", "p50 ms", "p95 ms", "requests", "queries", "+control", "web", "worker", "db", "CPU ms")
        good = [report("registration", clients, bench.register(count, clients)) for clients, count in REGISTRATIONS.items()]
        good += [report("gate scan", clients, bench.scan(count, clients)) for clients, count in SCANS.items()]
        print()
        for name, (requests, queries, cpu) in REFERENCE.items():
            line(name, "", "", "", "", requests, queries, "", "", "", "", cpu)
            line("  half of it", "", "", "", "", "", queries // 2, "", "", "", "", cpu // 2)
        memory = ", ".join(f"{name} {tree.memory():.0f} MB" for name, tree in bench.meter.trees.items())
        print(f"\nMemory: {memory}.  Control: statements that only open and close transactions.")
        print(
            "Every figure is below half of the reference."
            if all(good)
            else "NOT every figure is below half of the reference."
        )
        return 0 if all(good) else 1
    finally:
        bench.stop()


if __name__ == "__main__":
    sys.exit(main())
