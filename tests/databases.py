"""Migrated databases for tests: one template for each state of the migrations, copied in a moment.

Making it by migrations takes some fifteen seconds; ``--no-migrations`` would lose Wagtail's root page.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from django.conf import settings
from django.db import connection

BASE_DIR = Path(settings.BASE_DIR)
IS_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
WRITTEN = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
call_command("createcachetable")
"""


def point_to(name: str) -> None:
    """Makes the default connection of this process use the database ``name``."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def copy(name: str) -> str:
    """A fresh migrated database; returns what ``point_to`` takes."""
    template = _template()
    if IS_SQLITE:
        path = settings.VAR_DIR / f"{name}.sqlite3"
        shutil.copyfile(template, path)
        return str(path)
    name = f"test_{name}_{os.getpid()}"
    _command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def drop(name: str) -> None:
    if IS_SQLITE:
        for path in (name, f"{name}-wal", f"{name}-shm"):
            Path(path).unlink(missing_ok=True)
    else:
        _command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class Renewable:
    """A migrated database that one test after another finds as it was. A copy on PostgreSQL is two thousand files, but what
    a test writes are rows of some tables: these are put back."""

    def __init__(self, name: str):
        self.kind, self.name = name, copy(name)
        self.first = {} if IS_SQLITE else self._rows_of_all()

    def renew(self) -> str:
        """Returns what ``point_to`` takes."""
        if IS_SQLITE:
            drop(self.name)
            self.name = copy(self.kind)
        else:
            self._put_back()
        return self.name

    def _rows_of_all(self) -> dict[str, bytes]:
        with self._connect() as own:
            return {table: self._rows(own, table) for table in self._written(own)}

    def _put_back(self) -> None:
        with self._connect() as own:
            own.execute(OTHERS)
            own.execute("SET session_replication_role = replica")  # keys of other tables are not looked at
            for table in self._written(own):
                if (first := self.first.get(table)) is None:
                    own.execute(f'DELETE FROM "{table}"')
                elif self._rows(own, table) != first:
                    own.execute(f'DELETE FROM "{table}"')
                    with own.cursor().copy(f'COPY "{table}" FROM STDIN') as target:
                        target.write(first)

    def _connect(self):
        return psycopg.connect(**connection.get_connection_params() | {"dbname": self.name})

    @staticmethod
    def _written(own) -> list[str]:
        return [name for (name,) in own.execute(WRITTEN)]

    @staticmethod
    def _rows(own, table: str) -> bytes:
        with own.cursor().copy(f'COPY "{table}" TO STDOUT') as source:
            return b"".join(source)


def _template() -> str | Path:
    """One process makes it, however many begin at once; the others wait for it."""
    folder = BASE_DIR / "var" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"lock-{connection.vendor}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _sqlite_template(folder) if IS_SQLITE else _postgresql_template()


def _sqlite_template(folder: Path) -> Path:
    path = folder / f"template-{_state()}.sqlite3"
    if not path.exists():
        unfinished = folder / f"unfinished-{os.getpid()}.sqlite3"
        if earlier := _earlier(folder):
            shutil.copyfile(earlier, unfinished)
        _migrate(f"sqlite:///{quote(str(unfinished))}")
        for old in folder.glob("template-*"):
            old.unlink()
        path.with_suffix(".json").write_text(json.dumps(_migrations()))
        unfinished.replace(path)
    return path


def _earlier(folder: Path) -> Path | None:
    """A template of which all migrations still stand as they were: only those that came since are run."""
    now = _migrations()
    for path in folder.glob("template-*.json"):
        if json.loads(path.read_text()).items() <= now.items() and path.with_suffix(".sqlite3").exists():
            return path.with_suffix(".sqlite3")
    return None


def _postgresql_template() -> str:
    name, unfinished = f"vetika_template_{_state()}", f"vetika_unfinished_{os.getpid()}"
    if name not in _databases():
        old = [f'DROP DATABASE IF EXISTS "{old}"' for old in _databases() if old.startswith("vetika_template_")]
        _command(*old, f'CREATE DATABASE "{unfinished}" TEMPLATE template0')
        _migrate(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{unfinished}").geturl())
        _command(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _state() -> str:
    """A hash of all that decides what a migrated database looks like."""
    digest = hashlib.sha256(json.dumps(_migrations()).encode())
    for path in (BASE_DIR / "requirements.txt", BASE_DIR / "forum" / "settings.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _migrations() -> dict[str, str]:
    """The hash of each migration of ours, by its path."""
    paths = sorted(
        path for room in ("forum", "exhibitors", "agenda", "cms") for path in (BASE_DIR / room).rglob("migrations/*.py")
    )
    return {path.relative_to(BASE_DIR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _migrate(url: str) -> None:
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", MIGRATE], cwd=BASE_DIR, env=environment, check=True)


def _databases() -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return [name for (name,) in cursor.fetchall()]


def _command(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


if __name__ == "__main__":  # made ahead, while something else has the other processor
    _template()
