"""Preparing a machine: each step runs when its inputs changed, and not otherwise."""

from pathlib import Path

import pytest
from django.core.management import call_command

from forum.management.commands import prepare
from forum.management.commands.prepare import Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch, settings, tmp_path):
    """The commands that ran, on a house with one file that decides about them."""
    settings.BASE_DIR, settings.VAR_DIR = tmp_path, tmp_path / "var"
    (tmp_path / "style.css").write_text("a {}")
    done = []
    monkeypatch.setattr(prepare, "STEPS", [Step("tables", "…", ("migrate",), ("*.py",), in_database=True)])
    monkeypatch.setattr(prepare, "DEMONSTRATION", Step("styles", "…", ("collectstatic",), ("*.css",)))
    monkeypatch.setattr(prepare, "call_command", lambda name, **_: done.append(name))
    return done


def run(done, **options):
    done.clear()
    call_command("prepare", **options)
    return [name for name in done if name != "compile_catalogues"]


def test_what_is_up_to_date_is_skipped(done):
    assert run(done, demo=True) == ["migrate", "collectstatic"]
    assert run(done, demo=True) == []


def test_a_changed_file_runs_its_step_alone(done, tmp_path):
    run(done, demo=True)

    Path(tmp_path / "style.css").write_text("b {}")

    assert run(done, demo=True) == ["collectstatic"]


def test_an_empty_database_is_made_again(done, monkeypatch):
    run(done, demo=True)

    monkeypatch.setattr(prepare.connection.introspection, "table_names", list)

    assert run(done, demo=True) == ["migrate"]


def test_the_demonstration_is_loaded_on_request_only(done):
    assert run(done) == ["migrate"]


def test_a_step_that_failed_runs_again(done, monkeypatch):
    def fail(name, **_):
        if name == "migrate":
            raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(prepare, "call_command", fail)
        with pytest.raises(RuntimeError):
            call_command("prepare")

    assert run(done) == ["migrate"]
