"""The background worker: queued tasks and the sweep in one process, as many copies as wanted."""

import signal
import sys
import threading

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from cms import metrics, sweeping, tracing


class MeasuredWorker(Worker):
    """Ends at once when idle, else after its task or after ``grace`` seconds, whichever comes first."""

    grace = 0.0

    def run_task(self, db_task_result):
        """What the task logs and writes into the history carries its number."""
        with tracing.follow(id=str(db_task_result.id), work=db_task_result.task_path):
            super().run_task(db_task_result)
        metrics.TASKS.labels(db_task_result.task_path, str(db_task_result.status).lower()).inc()

    def shutdown(self, signum, frame):
        if self.running_task and self.running:
            self.running = False
            signal.signal(signal.SIGALRM, lambda *_: sys.exit(1))
            signal.setitimer(signal.ITIMER_REAL, self.grace)
        elif not self.running_task:
            sys.exit(0)


class Command(BaseCommand):
    help = "Runs queued tasks, sends queued mail and does the periodic jobs, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument(
            "--grace",
            type=float,
            default=1.5,
            metavar="SECONDS",
            help="How long a running task may go on after SIGTERM; then it is broken off and counts as failed (1.5).",
        )

    def handle(self, *, grace, **options):
        metrics.forget_dead()
        worker = MeasuredWorker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=1,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.grace = grace
        worker.configure_signals()
        stopped = threading.Event()
        sweep = threading.Thread(target=sweeping.forever, args=[stopped], daemon=True)
        sweep.start()
        try:
            worker.run()
        finally:
            stopped.set()
            sweep.join(grace)
