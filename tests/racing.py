"""Races: real processes that do the same thing at the same moment on one migrated database.

Threads inside a test's transaction prove nothing about rows that two processes want. Each process is forked from a
clean server that has Django loaded and no connection open, so eight of them start in a tenth of a second.
"""

import multiprocessing
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.module_loading import import_string

from cms.refusals import code_of
from tests import databases

SECONDS = 60


@dataclass(frozen=True)
class Refused:
    """An act said no: the code of its ValidationError."""

    code: str | None


class Race:
    """Runs functions, named ``"package.module:function"`` or given themselves, in processes of their own.

    Arguments and results must be picklable; give and return codes and numbers rather than rows.
    """

    def __init__(self, database: str):
        self.database = database
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["forum.wsgi", "tests.warm"])

    def __call__(self, function: str | Callable, all_kwargs: list[dict]) -> list[Any]:
        """What each of the processes returned or was refused with, in the order of ``all_kwargs``.

        An exception other than a ValidationError fails the test.
        """
        barrier = self.context.Barrier(len(all_kwargs))
        runners = []
        for kwargs in all_kwargs:
            receiver, sender = self.context.Pipe(duplex=False)
            process = self.context.Process(target=_run, args=(self.database, barrier, sender, function, kwargs), daemon=True)
            process.start()
            sender.close()
            runners.append((process, receiver))
        return [self._outcome(process, receiver) for process, receiver in runners]

    def prepare(self, function: str | Callable, **kwargs) -> Any:
        """What ``function`` returns, alone on the race's database: to make rows before, to look at them after."""
        return self(function, [kwargs])[0]

    inspect = prepare

    def _outcome(self, process, receiver):
        try:
            if not receiver.poll(SECONDS):
                raise AssertionError(f"a process of the race was not done within {SECONDS} seconds")
            outcome, trouble = receiver.recv()
        except EOFError:
            raise AssertionError("a process of the race died without a word") from None
        finally:
            process.join(5)
            process.kill()
            process.close()
            receiver.close()
        if trouble:
            raise AssertionError(f"a process of the race failed:\n{trouble}")
        return outcome


def _run(database, barrier, sender, function, kwargs):
    try:
        act = _made_ready(database, barrier, function)
        barrier.wait(SECONDS)
        sender.send((act(**kwargs), None))
    except ValidationError as refusal:
        sender.send((Refused(code_of(refusal)), None))
    except BaseException:
        sender.send((None, traceback.format_exc()))
    finally:
        connection.close()
        sender.close()


def _made_ready(database, barrier, function):
    """The function to run, with all loaded and connected; where that fails, the others need not wait."""
    try:
        django.setup()
        databases.point_to(database)
        connection.ensure_connection()
        return import_string(function.replace(":", ".")) if isinstance(function, str) else function
    except BaseException:
        barrier.abort()
        raise
