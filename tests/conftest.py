"""What every test may ask for: a migrated database, real data, a race."""

import gc
import os
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.utils import translation
from hypothesis import settings as hypothesis
from pytest_django.plugin import blocking_manager_key

from cms import catalogues
from tests import databases, signing_in, witness
from tests.racing import Race

ROOT = Path(__file__).resolve().parent.parent

hypothesis.register_profile("untimed", deadline=None)  # how fast is for the bench to say
hypothesis.load_profile("untimed")


def pytest_configure():
    catalogues.compile_all()


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="leave out what asks no database")


def pytest_collection_modifyitems(config, items):
    """On a second database only what asks one can end otherwise than on the first."""
    if config.getoption("--database-only"):
        chosen = [item for item in items if item.get_closest_marker("django_db") or "race" in item.fixturenames]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen


def pytest_collection_finish():
    """What is loaded by now stays: collections pass it over, as in forum.wsgi."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """After a test that commits every table is emptied, and so also of what the migrations wrote. Other tests may follow:
    whoever has none left takes some of another process."""
    yield
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            connection.close()
            databases.point_to(databases.copy("vetika"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """The test database: a copy of the migrated template instead of a run of all migrations."""
    with django_db_blocker.unblock():
        name = databases.copy("vetika")
        databases.point_to(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        databases.drop(name)


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker):
    """Calls what makes the rows with which every test of a module begins: in a transaction around theirs."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()

    def make(function, *args, **kwargs):
        with django_db_blocker.unblock():
            return function(*args, **kwargs)

    yield make
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def client():
    return signing_in.Visitor()


@pytest.fixture(scope="session")
def raced(django_db_blocker):
    with django_db_blocker.unblock():
        database = databases.Renewable("race")
    yield database
    with django_db_blocker.unblock():
        databases.drop(database.name)


@pytest.fixture
def race(raced, django_db_blocker, monkeypatch):
    """Runs one function in several processes at once, on a migrated database of its own; see ``tests.racing.Race``."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the server that forks the processes needs it when it starts
    with django_db_blocker.unblock():
        name = raced.renew()
    return Race(name)


@pytest.fixture(scope="session")
def shared_data():
    """The path of a file of real data beside the project; the test is skipped where there is none."""
    folder = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))

    def find(name: str) -> Path:
        if not (folder / name).exists():
            pytest.skip(f"{name} is not in {folder} (SHARED_DATA names another place)")
        return folder / name

    return find


@pytest.fixture(autouse=True)
def nothing_unwritten(monkeypatch):
    """In no test whatever do staff change anything that the history does not tell."""
    witness.watch(monkeypatch)


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """Each test begins in English with empty caches in memory."""
    translation.activate("en")
    yield
    translation.activate("en")
    caches["pages"].clear()
