"""Measures what people do on the real server: granian with two processes, the worker and PostgreSQL.

The leading open-source ticket system needs 258 queries and 630 CPU ms for a registration on such a machine, 21 and 60
for a scan. Rates and seconds depend on the machine; queries and processor time hardly do. Words of operations' names,
such as ``registration``, measure these alone; ``--setup`` measures a first set-up as well, which takes minutes. Kept in
``var/bench.json`` for the next run.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg

from forum import serve
from tests.bench import flows, operations
from tests.bench.measuring import Cost, Meter, Tree, measure
from tests.bench.morning import Morning
from tests.bench.report import Report, row

ROOT = Path(__file__).resolve().parent.parent.parent
WARM_UP = 40
AT_REST, MOST_REST = 0.03, 90  # processor seconds of a second; seconds
STORED, TIMES = 50, 20  # badges taken from the store, each so often
KEPT = ROOT / "var" / "bench.json"
UNSENT = "SELECT count(*) FROM post_office_email WHERE status IN (2, 3)"
RATIOS = {"registration": 1.3, "gate scan": 1.2}  # among the many against among the few
GROWTH = 20  # megabytes of an export of the many besides
LETTERS = "SELECT message FROM post_office_email WHERE id > %s ORDER BY id"


class Bench:
    def __init__(self, only: list[str]):
        self.only = only
        self.address = ("127.0.0.1", _free_port())
        self.environment = os.environ | {
            "BASE_URL": f"http://{self.address[0]}:{self.address[1]}",
            "DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "forum.settings",
        }
        self.database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self.processes, self.requests = {}, 0

    def prepare(self) -> None:
        self._run("manage.py", "prepare")
        self._run("manage.py", "load_demo", stdout=subprocess.DEVNULL)
        self.data = json.loads(self._run("-m", "tests.bench.data", "make", stdout=subprocess.PIPE))
        self.plan = operations.Plan(self.address, self.data, self.register, self.only)
        self.database.execute("CREATE EXTENSION pg_stat_statements")
        for role in ("web", "worker"):  # so that each one's statements can be told apart
            self.database.execute(f"CREATE ROLE {role} LOGIN SUPERUSER")
        self.database.execute("VACUUM ANALYZE")

    def add(self, people: str) -> None:
        """A hundred thousand of them, while the site runs."""
        self._run("-m", "tests.bench.data", people, stdout=subprocess.DEVNULL)
        self.database.execute("VACUUM ANALYZE")
        self.database.execute("CHECKPOINT")

    def run_morning(self, report: Report) -> None:
        data = json.loads(self._run("-m", "tests.bench.data", "morning", stdout=subprocess.PIPE))
        self.database.execute("VACUUM ANALYZE")
        morning = Morning(self.address, data)
        morning.run()
        morning.report(report.add_fact)

    def start(self) -> float:
        """Seconds until the site answers."""
        begun = time.perf_counter()
        options = serve.read_arguments(["--port", str(self.address[1]), "--workers", "2"])
        for role, command in {
            "web": serve.web_command(options),
            "worker": serve.worker_command(),
        }.items():
            url = urlsplit(os.environ["DATABASE_URL"])
            url = url._replace(netloc=f"{role}@{url.netloc.rpartition('@')[2]}").geturl()
            self.processes[role] = serve.start(command, self.environment | {"DATABASE_URL": url})
        _wait(lambda: serve.is_healthy(options, f"{self.address[0]}:{self.address[1]}"))
        seconds = time.perf_counter() - begun
        trees = {role: Tree(process.pid) for role, process in self.processes.items()}
        trees["database"] = Tree(int(os.environ["POSTGRES_PID"]))
        self.meter = Meter(trees, ["web", "worker"], self.database)
        return seconds

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

    def run(self, operation, times: int, clients: int) -> Cost:
        """Registration has two halves, between which its mail is read."""
        if operation.make == self.register:
            cost = self.register(times, clients)
        else:
            cost = measure(self.meter, operation.make(times), clients, self._settle)
        self.requests += cost.requests
        return cost

    def warm_up(self, wanted: list[operations.Operation]) -> None:
        """Every kind of page once by each process, so that nobody pays for another's first time."""
        self.register(WARM_UP, 4)
        for operation in wanted:
            if operation.make != self.register and operation.items == 1 and operation.times.get(8):
                measure(self.meter, operation.make(4), 4, self._settle)
        self._rest()

    def memory_of_export(self, kind: str, edition: str) -> float:
        """Megabytes of a process that does nothing else."""
        path = f"{operations.LIST}?export={kind}&edition={self.data['exported'][edition]}"
        session = self.data["session"]["organiser"]
        return float(self._run("-m", "tests.bench.memory", path, session, stdout=subprocess.PIPE))

    def from_store(self) -> float:
        """CPU milliseconds of one badge that is kept, of the database too, without a request around it."""
        codes, database = self.data["people"][:STORED], self.meter.trees["database"]
        before = database.cpu()
        process = float(self._run("-m", "tests.bench.store", ",".join(codes), str(TIMES), stdout=subprocess.PIPE))
        return process + (database.cpu() - before) * 1000 / STORED / TIMES

    def propose_booths(self, applications: int) -> dict:
        return json.loads(self._run("-m", "tests.bench.allocation", str(applications), stdout=subprocess.PIPE))

    def web_process(self) -> float:
        """Megabytes of the largest child of the web server."""
        children = self.meter.trees["web"].processes()[1:]
        return max(child.memory_full_info().uss for child in children) / 1e6

    def _settle(self) -> None:
        """Until all mail is sent: its cost belongs to what caused it."""
        while self.database.execute(UNSENT).fetchone()[0]:
            time.sleep(0.2)

    def _rest(self) -> None:
        """Until the worker has nothing left to do of what was there before: nobody pays for it."""
        for _second in range(MOST_REST):
            before = self.meter.trees["worker"].cpu()
            time.sleep(1)
            if self.meter.trees["worker"].cpu() - before < AT_REST:
                return

    def _run(self, *arguments, **options) -> bytes:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, **options).stdout


def _free_port() -> int:
    with serve.socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> int:
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    bench, report = Bench(words), Report(KEPT)
    print("Preparing the database and its data …", flush=True)
    bench.prepare()
    started = bench.start()
    try:
        bench.warm_up(bench.plan.among_few())
        report.head()
        measure_all(bench, report, bench.plan.among_few())
        if wanted := bench.plan.operations():
            bench.add("grow")
            bench.warm_up(wanted)
            measure_all(bench, report, wanted)
        if files := bench.plan.files():
            bench.add("double")
            measure_all(bench, report, files)
        print()
        for operation in [*wanted, *files]:
            print(f"{operation.name:<34}{operation.how}")
        print()
        if not words or "morning" in words:
            bench.run_morning(report)
        if not words or "allocation" in words:
            add_allocation(bench, report)
        if not words or "floor" in words:
            kilobytes = flows.weigh_page(bench.address, bench.data["floor"]) / 1000
            report.add_fact("floor plan, compressed", kilobytes, "kB", "the page of 1,200 booths, as it is sent", 120)
        add_facts(bench, report, started)
    finally:
        bench.stop()
    if "--setup" in sys.argv:
        report.add_fact(
            "first set-up", first_set_up(), "s", "make demo in a fresh clone, to 200 on /healthz; downloads included"
        )
    return 0 if report.keep() else 1


def measure_all(bench: Bench, report: Report, wanted: list[operations.Operation]) -> None:
    for operation in wanted:
        for clients, times in operation.times.items():
            report.add(row(operation, clients, bench.run(operation, times, clients)))


def add_allocation(bench: Bench, report: Report) -> None:
    """Booths proposed for all at once, each size in a process of its own."""
    for applications, seconds, gap in ((120, 2, 0), (1000, 60, 1)):
        found, name = bench.propose_booths(applications), f"{applications:,} applications"
        report.add_fact(f"allocation, {name}", found["seconds"], "s", f"{found['placed']} of them placed", seconds)
        report.add_fact(f"allocation, gap of {name}", found["gap"], "%", "what may be missing to the best possible", gap)
        report.add_fact(f"allocation, memory of {name}", found["megabytes"], "MB", "the most that its process had", 1000)


def add_facts(bench: Bench, report: Report, started: float) -> None:
    if not bench.only or "badge" in bench.only:
        how = "one that is kept, without the request; its database too"
        report.add_fact("badge from the store", bench.from_store(), "ms", how, 10)
    report.add_fact("start-up", started, "s", "from the start of server and worker to 200 on /healthz")
    cpu = {(row.name, row.clients): row.cpu for row in report.rows}
    for name, most in RATIOS.items():
        for clients in (1, 8):
            few, many = (cpu.get((f"{name}, {people}", clients)) for people in ("1,000", "100,000"))
            if few and many:
                how = f"CPU among 100,000 against among 1,000, {clients} at once"
                report.add_fact(f"{name}, ratio at {clients}", many / few, "", how, most)
    for kind in ("csv", "xlsx") if any(name.startswith("export") for name, _clients in cpu) else ():
        few, many = (bench.memory_of_export(kind, edition) for edition in ("few", "many"))
        report.add_fact(f"memory of an export, {kind.upper()}", many, "MB", "the most that a process of 100,000 rows had")
        report.add_fact(f"more than of 5,000, {kind.upper()}", many - few, "MB", "so much more is it", GROWTH)
    for name, tree in bench.meter.trees.items():
        how = "after all of the above; what processes share is counted once"
        report.add_fact(f"memory of {name}", tree.memory(), "MB", how)
    report.add_fact(
        "memory of a web process", bench.web_process(), "MB", f"the largest, after {bench.requests} requests of all"
    )


def first_set_up() -> float:
    """Seconds. The clone has nothing of ours but the code that is committed."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
        port, begun = _free_port(), time.perf_counter()
        plain = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        command, environment = ["make", "-C", folder, "demo"], plain | {"PORT": str(port)}
        demo = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
        try:
            _wait(lambda: _is_up(port))
            return time.perf_counter() - begun
        finally:
            serve.end([demo])


def _is_up(port) -> bool:
    try:
        return urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).status == 200
    except OSError:
        return False


def _wait(until) -> None:
    while not until():
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
