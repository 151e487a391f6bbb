"""One process at a time, on however many machines: for work that must not be done twice at once."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Whether nobody else does ``name`` now; it never waits. A process that dies holds nothing.

    PostgreSQL keeps the lock with the session (so not through a pooler in transaction mode). With SQLite all
    processes share one machine, and a file is enough.
    """
    if connection.vendor == "postgresql":
        yield from _in_database(name)
    else:
        yield from _in_file(name)


def _in_database(name):
    key = zlib.crc32(name.encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        (taken,) = cursor.fetchone()
        try:
            yield taken
        finally:
            if taken:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _in_file(name):
    folder = settings.VAR_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
