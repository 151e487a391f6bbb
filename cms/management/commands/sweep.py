"""The sweep on its own, for a machine that runs no tasks, or once by hand."""

import signal
import threading

from django.core.management.base import BaseCommand

from cms import sweeping


class Command(BaseCommand):
    help = "Sends queued mail and does the periodic jobs, until SIGTERM or Ctrl-C. `worker` does this too."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do each job once and end.")

    def handle(self, *, once, **options):
        if once:
            for path in sweeping.jobs():
                sweeping.run(path)
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        sweeping.forever(stopped)
