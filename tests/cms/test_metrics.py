"""What processes count for Prometheus."""

import os
import subprocess
import sys

import pytest
from django.test import RequestFactory
from prometheus_client import REGISTRY

from cms import metrics
from tests.conftest import ROOT
from tests.factories.cms import edition

COUNTS = """
from cms import metrics
metrics.TASKS.labels("a.task", "successful").inc(%s)
metrics.SWEPT_AT.set(%s)
"""
SHOWS = """
from prometheus_client import generate_latest
from cms import metrics
print(generate_latest(metrics.registry()).decode())
"""


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


@pytest.mark.django_db
def test_requests_are_counted_by_route_method_and_class(client):
    edition("next")
    labels = {"route": "editions", "method": "GET", "status": "2xx"}
    before = value("vetika_requests_total", **labels), value("vetika_database_queries_total", route="editions")
    times = value("vetika_request_seconds_count", route="editions")

    client.get("/en/editions/?q=words")

    assert value("vetika_requests_total", **labels) == before[0] + 1
    assert value("vetika_database_queries_total", route="editions") > before[1]
    assert value("vetika_request_seconds_count", route="editions") == times + 1


@pytest.mark.django_db
def test_what_visitors_invent_makes_no_new_numbers(client):
    for number in range(3):
        client.get(f"/en/invented-{number}/and/more/")
        client.generic(f"INVENT{number}", "/healthz")

    shown = {label for family in REGISTRY.collect() for sample in family.samples for label in sample.labels.values()}
    assert not [label for label in shown if "nvent" in label.lower()]
    assert metrics.method(RequestFactory().generic("INVENTED", "/")) == "other"


def run(script, folder):
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env=os.environ | {metrics.FOLDER: str(folder)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_the_counts_of_all_processes_are_added_up(tmp_path):
    run(COUNTS % (2, 10), tmp_path)
    run(COUNTS % (3, 20), tmp_path)

    shown = run(SHOWS, tmp_path)

    assert 'vetika_tasks_total{status="successful",task="a.task"} 5.0' in shown
    assert "vetika_swept_timestamp_seconds 20.0" in shown


def test_files_of_processes_that_ended_go_and_those_of_others_stay(tmp_path, monkeypatch):
    monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    run(COUNTS % (2, 10), tmp_path)
    mine = tmp_path / f"counter_{os.getpid()}.db"
    mine.touch()

    metrics.forget_dead()

    assert list(tmp_path.iterdir()) == [mine]
