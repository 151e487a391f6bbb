"""One number for all that a request, a task or a job of the sweep causes: its lines in the log, its history, its answer."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[0-9A-Za-z-]{16,64}")


@dataclass(frozen=True)
class Trace:
    """Somebody's ``request``, or ``work`` that the system does by itself: the name of the task or job."""

    id: str
    request: HttpRequest | None = None
    work: str = ""


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """None at the command line, where nobody asked from elsewhere."""
    return _current.get()


@contextmanager
def follow(*, id: str = "", request: HttpRequest | None = None, work: str = "") -> Iterator[Trace]:
    trace = Trace(id or secrets.token_hex(8), request, work)
    before = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(before)


def named_by_proxy(request) -> str:
    """The number that a trusted proxy gave the request; empty where nobody may be believed or it is no number."""
    given = request.headers.get(HEADER, "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if WELL_FORMED.fullmatch(given) else ""


def route(request) -> str:
    """The name of the address: its path may hold somebody's link or words."""
    if match := request.resolver_match:
        return match.view_name
    return getattr(request, "kept_route", "") or ("static" if request.path_info.startswith(settings.STATIC_URL) else "none")
