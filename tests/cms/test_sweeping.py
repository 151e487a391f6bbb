"""The sweep keeps going, and its jobs exist."""

import signal
import subprocess
import sys
import time

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from cms import sweeping
from tests.conftest import ROOT


def fail():
    raise RuntimeError("no")


@task()
def sleep_long():
    time.sleep(60)


def queue_a_long_task():
    sleep_long.enqueue()


def states():
    return list(DBTaskResult.objects.values_list("status", flat=True))


@pytest.mark.parametrize("path", sweeping.jobs())
def test_every_job_exists(path):
    assert callable(import_string(path))


def test_a_job_that_fails_does_not_stop_the_sweep(caplog):
    sweeping.run("tests.cms.test_sweeping.fail")

    assert [record.getMessage() for record in caplog.records] == [
        "tests.cms.test_sweeping.fail failed; it will be tried again"
    ]


@pytest.mark.django_db
def test_one_sweep_does_every_job(monkeypatch, settings):
    done = []
    monkeypatch.setattr(sweeping, "run", done.append)

    call_command("sweep", once=True)

    assert done == ["cms.delivering.send_some", *settings.PERIODIC]


@pytest.fixture
def start(race):
    """Starts a command on the race's database, in a process that gets real signals."""
    processes = []

    def start(command):
        process = subprocess.Popen([sys.executable, "-c", START, race.database, command], cwd=ROOT, stdout=subprocess.PIPE)
        processes.append(process)
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


START = """
import sys
import django; django.setup()
from django.core.management import call_command
from tests import databases
databases.point_to(sys.argv[1])
print("ready", flush=True)
call_command(sys.argv[2])
"""


def stop(process, number):
    """It ends well before the task would."""
    process.send_signal(number)
    assert process.wait(30) == 0


@pytest.mark.parametrize(("command", "number"), [("worker", signal.SIGTERM), ("sweep", signal.SIGINT)])
def test_an_idle_process_stops_at_once(start, command, number):
    process = start(command)
    time.sleep(1)

    stop(process, number)


def test_a_worker_breaks_off_a_long_task_and_says_so(race, start):
    race.prepare(queue_a_long_task)
    process = start("worker")
    while race.inspect(states) != ["RUNNING"]:
        time.sleep(0.2)

    stop(process, signal.SIGTERM)
    assert race.inspect(states) == ["FAILED"]
