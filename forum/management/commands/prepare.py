"""Brings everything outside the code up to date: database, roles, catalogues, static files, the demonstration."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection

LOCK = "requirements.txt"


@dataclass(frozen=True)
class Step:
    """Commands to run in order, and the files that decide whether they must run again."""

    name: str
    sentence: str
    commands: tuple[str, ...]
    inputs: tuple[str, ...]
    in_database: bool = False


BUILT = (LOCK, "static/**/*", "cms/management/commands/*.py")
STEPS = [
    Step(
        "database",
        "Making the database (half a minute the first time)",
        ("migrate", "createcachetable", "make_roles", "plant_site"),
        (
            LOCK,
            "forum/settings.py",
            "*/migrations/*.py",
            "forum/*/migrations/*.py",
            "forum/accounts/*.py",
            "forum/home/*.py",
        ),
        in_database=True,
    ),
    Step("assets", "Building fonts and styles", ("build_assets",), BUILT),
    Step("static", "Collecting and compressing static files", ("collectstatic",), (*BUILT, "forum/settings.py")),
]
DEMONSTRATION = Step(
    "demonstration",
    "Loading the demonstration forum (a minute or so)",
    ("load_demo",),
    ("forum/home/demonstration/**/*", "forum/**/commands/load_demo.py", "*/data/*", "forum/mou/data/*"),
    in_database=True,
)


class Command(BaseCommand):
    help = "Prepares a machine after each change of the code; steps that are up to date are skipped."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="Load the demonstration forum too.")

    def handle(self, *, demo, **options):
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("compile_catalogues", verbosity=0)  # knows by itself what is stale
        fresh = not connection.introspection.table_names()
        for step in [*STEPS, DEMONSTRATION] if demo else STEPS:
            if (step.in_database and fresh) or self._stamp(step).read() != _state(step):
                self._run(step)

    def _run(self, step):
        begun = time.monotonic()
        self._say(f"{step.sentence} … ")
        for command in (command for command in step.commands if command in get_commands()):
            arguments = {"interactive": False} if command in {"migrate", "collectstatic"} else {}
            call_command(command, verbosity=0, stdout=StringIO(), **arguments)
        self._stamp(step).write(_state(step))
        self._say(f"{time.monotonic() - begun:.0f} s\n")

    def _say(self, words):
        self.stdout.write(words, ending="")
        self.stdout.flush()

    def _stamp(self, step):
        return Stamp(settings.VAR_DIR / "prepared" / step.name)


@dataclass(frozen=True)
class Stamp:
    """A small file that says for which state a step was done last."""

    path: Path

    def read(self) -> str:
        return self.path.read_text() if self.path.exists() else ""

    def write(self, state: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(state)


def _state(step: Step) -> str:
    digest = hashlib.sha256()
    if step.in_database:
        database = settings.DATABASES["default"]
        digest.update("|".join(str(database.get(key)) for key in ("ENGINE", "HOST", "PORT", "NAME")).encode())
    for path in _inputs(step):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _inputs(step: Step) -> Iterator[Path]:
    for pattern in step.inputs:
        yield from sorted(path for path in settings.BASE_DIR.glob(pattern) if path.is_file())
