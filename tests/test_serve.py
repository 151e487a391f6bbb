"""Serving: a clear word when it cannot start, and nothing left behind when it stops."""

import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from forum import serve
from tests.conftest import ROOT


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_said_in_a_sentence(taken):
    told = subprocess.run(
        [sys.executable, "-m", "forum.serve", "--port", str(taken)], cwd=ROOT, capture_output=True, text=True, timeout=20
    )

    assert (told.returncode, told.stderr) == (
        1,
        f"Port {taken} is taken by another program. Choose another one, such as: make demo PORT={taken + 1}\n",
    )


PARTS = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a part that does not listen
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("ready", flush=True)
time.sleep(60)
"""
SUPERVISOR = f"""
import sys
from forum import serve
serve.STOP_WITHIN = 0.5
serve.web_command = lambda options: [sys.executable, "-c", '''{PARTS}''']
serve.worker_command = lambda: ["sleep", "60"]
serve.announce = lambda options, children: None
sys.argv = ["serve", "--port", "0"]
sys.exit(serve.main())
"""


def family_of(process):
    return psutil.Process(process.pid).children(recursive=True)


@pytest.fixture
def supervisor():
    process = subprocess.Popen([sys.executable, "-c", SUPERVISOR], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    while len(family_of(process)) < 3:  # the deaf part, its child, the worker
        time.sleep(0.05)
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_stops_every_process_even_one_that_does_not_listen(supervisor):
    family = family_of(supervisor)

    supervisor.send_signal(signal.SIGINT)

    assert supervisor.wait(10) == 0
    assert [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []


def test_when_one_part_ends_the_other_ends_too(supervisor):
    next(child for child in family_of(supervisor) if child.cmdline() == ["sleep", "60"]).kill()

    assert supervisor.wait(10) == 1
    assert b"The worker ended by itself (status -9); stopping." in supervisor.stderr.read()


def test_the_answer_of_a_healthy_site_is_awaited():
    options = serve.read_arguments(["--port", "9"])

    assert serve.is_healthy(options, "127.0.0.1") is False
