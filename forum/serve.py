"""Serves the site: the web server and the background worker as one unit that starts, stops and fails together.

    python -m forum.serve --port 8000 --workers 2

Loads no Django itself, so that it stays small. A machine with a service manager may run both parts by themselves:
see ``docs/operating.md``.
"""

import argparse
import contextlib
import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

STOP_WITHIN = 4  # seconds; then what still runs is killed
START_WITHIN = 60  # seconds
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1  # Linux: a child learns of its parent's death


def main() -> int:
    options = read_arguments()
    if sentence := why_not(options.host, options.port):
        sys.exit(sentence)
    on_signals(stop)
    children = {}
    try:
        children["web server"] = start(web_command(options))
        announce(options, children)
        children["worker"] = start(worker_command())  # after it: they would slow each other's start
        return watch(children)
    except KeyboardInterrupt:
        return 0
    finally:
        on_signals(signal.SIG_IGN)
        end(children.values())


def on_signals(handler) -> None:
    for number in SIGNALS:
        signal.signal(number, handler)


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m forum.serve", description="Serves the site with its worker.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="web processes (2)")
    parser.add_argument("--threads", type=int, default=4, help="threads of each web process (4)")
    parser.add_argument("--check-port", action="store_true", help="say whether the port is free, and end")
    options = parser.parse_args(given)
    if options.check_port:
        sys.exit(why_not(options.host, options.port))
    return options


def why_not(host: str, port: int) -> str | None:
    """Why nothing can be served there, as a sentence; None when it can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is taken by another program. Choose another one, such as: make demo PORT={port + 1}"
            return f"Cannot serve on {host}:{port}: {error.strerror}."
    return None


def web_command(options: argparse.Namespace) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "forum.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", options.host, "--port", str(options.port)),
        *("--workers", str(options.workers), "--blocking-threads", str(options.threads)),
        *("--blocking-threads-idle-timeout", "600"),  # a thread keeps its database connection
        *("--respawn-failed-workers", "--workers-kill-timeout", "2", "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    return [sys.executable, "manage.py", "worker"]


def start(command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen:
    """In a session of its own: Ctrl-C reaches this process alone, and a whole part can be killed at once."""
    return subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: S603


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def announce(options: argparse.Namespace, children: dict) -> None:
    """Says where the site is as soon as it answers."""
    address = os.environ.get("BASE_URL", f"http://{options.host}:{options.port}")
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and not any(child.poll() is not None for child in children.values()):
        if is_healthy(options, urlsplit(address).netloc):
            print(f"Serving {address}/ (Ctrl-C stops everything)", flush=True)
            return
        time.sleep(0.2)


def is_healthy(options: argparse.Namespace, host: str) -> bool:
    connection = http.client.HTTPConnection(options.host, options.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def watch(children: dict) -> int:
    """Waits until one part ends; that is a failure, for nobody asked it to."""
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                print(f"The {name} ended by itself (status {child.returncode}); stopping.", file=sys.stderr, flush=True)
                return 1
        time.sleep(0.3)


def stop(*_) -> None:
    on_signals(signal.SIG_IGN)  # once is enough
    raise KeyboardInterrupt


def end(children) -> None:
    children = list(children)
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_WITHIN
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # whatever a part has left behind


if __name__ == "__main__":
    sys.exit(main())
