"""Numbers for Prometheus that processes count while they work; ``forum.home.figures`` adds what stands in the database.

Each process counts into a file of its own in ``PROMETHEUS_MULTIPROC_DIR``, where that is set; whichever is asked adds all
files up. Names of addresses, methods and classes of statuses are few, and nothing here names a person.
"""

import os
import time
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, multiprocess

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # seconds

REQUESTS = Counter("vetika_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("vetika_request_seconds", "Time to the answer", ["route"], buckets=BUCKETS)
QUERIES = Counter("vetika_database_queries", "Statements sent to the database by requests", ["route"])
QUERY_SECONDS = Counter("vetika_database_seconds", "Time spent waiting for them", ["route"])
TASKS = Counter("vetika_tasks", "Tasks done by workers", ["task", "status"])
JOB_FAILURES = Counter("vetika_job_failures", "Periodic jobs that failed and will be tried again", ["job"])
SWEPT_AT = Gauge("vetika_swept_timestamp_seconds", "When a worker last swept", multiprocess_mode="mostrecent")


class Queries:
    """Counts the statements of one request; wraps their execution."""

    count = 0
    seconds = 0.0

    def __call__(self, execute, sql, params, many, context):
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - begun


def method(request) -> str:
    """One of the known ones: anybody may invent others."""
    return request.method if request.method in METHODS else "other"


def count(request, response, route: str, seconds: float, queries: Queries) -> None:
    REQUESTS.labels(route, method(request), f"{response.status_code // 100}xx").inc()
    SECONDS.labels(route).observe(seconds)
    if queries.count:
        QUERIES.labels(route).inc(queries.count)
        QUERY_SECONDS.labels(route).inc(queries.seconds)


def forget_dead() -> None:
    """Takes away the files of processes that ended; called when a worker starts, which every new version brings about."""
    for file in Path(os.environ[FOLDER]).glob("*.db") if os.environ.get(FOLDER) else ():
        if not _is_alive(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks only
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def registry() -> CollectorRegistry:
    """What all processes of this machine have counted; without a common folder, what this one has."""
    made = CollectorRegistry()
    if os.environ.get(FOLDER):
        multiprocess.MultiProcessCollector(made)
    else:
        made.register(REGISTRY)
    return made
