"""How the log is written: one line of JSON for each event, without what people typed or who they are.

An exception is told by its type and where it arose. Its sentence often quotes a row or a form, so only those of a few
types are written down, of which it is known that they speak of the program and not of people.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

from django.core.exceptions import AppRegistryNotReady, FieldError, ImproperlyConfigured
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from cms import tracing

HIDDEN = "[…]"
# Whoever reads what follows these in an address opens what it names.
TOKEN = re.compile(r"(/(?:registration|delegation|invitation|password/reset/key|confirm-email)/)[^/\s\"']+")
SPEAK = (
    AppRegistryNotReady, AttributeError, FieldError, ImportError, ImproperlyConfigured, IntegrityError, InterfaceError,
    MemoryError, NameError, NotImplementedError, OperationalError, ProgrammingError, RecursionError, TemplateDoesNotExist,
    TemplateSyntaxError, TimeoutError, TypeError,
)  # fmt: skip
SHORTEST = 4  # characters; shorter ones, such as a page's number, tell nothing and would blot out half the line
PERSONAL = re.compile(
    r"""
      [^\s@<>"'(),:;]+@[^\s@<>"'(),:;]+\.\w+              # addresses of mail
    | (?<=://)[^\s/@]+(?=@)                              # who signs in to another server, and how
    | \?[^\s"'?]*=[^\s"']*                                # what follows the path of an address
    | (?i:bearer|basic)\s+\S+
    | (?<![\w:.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])          # IPv4
    | (?<![\w:])(?:(?=[0-9A-Fa-f:]*::)|(?=(?:[0-9A-Fa-f]{1,4}:){7}))[0-9A-Fa-f:.]{3,45}  # IPv6
    | \+\d[\d\s()-]{6,}\d                                 # telephones
    | (?<![\w-])(?=[\w:.-]*(?:\d|[a-z][A-Z]|[A-Z][a-z]+[A-Z]))[\w-]{3,}(?:[:.][\w-]+)*[:.][\w-]{20,}  # signed words
    | (?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{20,}  # random ones
    | (?<![\w-])(?=\w*[a-z][A-Z])(?=\w*[A-Z]\w*[A-Z]\w*[A-Z])[A-Za-z0-9]{20,}
    """,
    re.VERBOSE,
)


class Json(logging.Formatter):
    """Fields of ours alone: what others attach to a record, such as the request, is left out."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message(record),
        }
        if trace := tracing.current():
            line |= {"request" if trace.request else "task": trace.id} | ({"work": trace.work} if trace.work else {})
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["exception"] = told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class Plain(logging.Formatter):
    """The same for people, on this machine."""

    def format(self, record):
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname} {record.name} {message(record)}"
        return f"{line}\n{told(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else line


def message(record) -> str:
    if hasattr(record, "fields"):  # ours: nothing typed is in it
        return record.getMessage()
    return clean(record.getMessage())


def told(error: BaseException) -> str:
    """The exception and those that led to it, the first one first."""
    parts = []
    while error and len(parts) < 10:
        sentence = clean(str(error).partition("\n")[0]) if isinstance(error, SPEAK) else ""  # further lines quote rows
        kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        where = "".join(traceback.format_tb(error.__traceback__))
        parts.insert(0, f"{where}{kind}: {sentence}" if sentence else f"{where}{kind}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(parts)


def clean(text: str) -> str:
    """The text without what the present request brought along, and without what looks like a person's or a secret."""
    trace = tracing.current()
    if trace and trace.request:
        text = text.replace(trace.request.path, tracing.route(trace.request))
        for word in sorted(_brought(trace.request), key=len, reverse=True):
            text = text.replace(word, HIDDEN)
    return PERSONAL.sub(HIDDEN, TOKEN.sub(rf"\1{HIDDEN}", text))


def _brought(request) -> set[str]:
    """What was typed, followed and sent along. Nothing is read for this that was not read before."""
    kinds = [request.GET, getattr(request, "_post", None) or {}]
    words = {word for kind in kinds for name in kind for word in kind.getlist(name)} | set(request.COOKIES.values())
    words |= {str(word) for word in request.resolver_match.kwargs.values()} if request.resolver_match else set()
    return {word for word in words if len(word) >= SHORTEST}
