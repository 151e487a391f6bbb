"""Brings everything outside the code up to date: database, roles, catalogues, static files, the demonstration."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from forum.home.demonstration import staff

LOCK = "requirements.txt"


@dataclass(frozen=True)
class Step:
    """Commands to run in order, and the files that decide whether they must run again."""

    name: str
    sentence: str
    commands: tuple[str, ...]
    inputs: tuple[str, ...]
    in_database: bool = False


BUILT = (LOCK, "static/**/*", "cms/management/commands/*.py", ".venv/share/jsqr/version")
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
    "Loading the archive of 2024 and the demonstration forum",
    ("load_demo",),
    ("forum/home/demonstration/**/*", "forum/**/commands/load_demo.py", "*/data/*", "forum/mou/data/*"),
    in_database=True,
)

WELCOME = """
The forum         {base}/en/  {base}/km/
The 2024 archive  {base}/en/2024/
Mail it sends     {base}/demo/mail/
Sign in at        {base}/accounts/login/
"""


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
        if demo:
            self._tell_where_to_go()

    def _run(self, step):
        begun = time.monotonic()
        self._say(f"{step.sentence} … ")
        for command in step.commands:
            arguments = {"interactive": False} if command in {"migrate", "collectstatic"} else {}
            call_command(command, verbosity=0, stdout=StringIO(), **arguments)
        self._stamp(step).write(_state(step))
        self._say(f"{time.monotonic() - begun:.0f} s\n")

    def _tell_where_to_go(self):
        self._say(WELCOME.format(base=settings.BASE_URL))
        for row in staff.sign_ins():
            self._say(f"  {row.email:26}{row.password}  {row.address:10}{row.what}\n")
        self._say("\n")

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
