"""The sweep: what is due stands in rows, and this sees to it, again and again.

It may run in any number of copies: each piece of work takes place in one of them at a time and may be repeated.
"""

import logging
import threading
import time

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from cms import locks, metrics, tracing

MAIL_EVERY = 3  # seconds

logger = logging.getLogger(__name__)


def jobs() -> dict[str, int]:
    """What is done how often: import paths and seconds."""
    return {"cms.delivering.send_some": MAIL_EVERY} | settings.PERIODIC


def run(path: str) -> bool:
    """Does one job unless another process is at it; returns whether it has more to do at once.

    A failure is logged and does not stop the sweep.
    """
    with tracing.follow(work=path):
        try:
            with locks.only_one(path) as alone:
                return bool(alone and import_string(path)())
        except Exception:
            logger.exception("%s failed; it will be tried again", path)
            metrics.JOB_FAILURES.labels(path).inc()
            return False


def forever(stopped: threading.Event) -> None:
    """Does each job when it is due until ``stopped`` is set; a job under way is finished first."""
    due = dict.fromkeys(jobs(), 0.0)
    while not stopped.wait(min(due.values()) - time.monotonic()):
        metrics.SWEPT_AT.set_to_current_time()
        for path, seconds in jobs().items():
            if time.monotonic() >= due[path] and not stopped.is_set():
                close_old_connections()  # those that the database has dropped meanwhile
                has_more = run(path)
                due[path] = time.monotonic() + (0 if has_more else seconds)
