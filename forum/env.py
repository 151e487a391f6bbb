"""Reads settings from the environment; a wrong value stops the start with a sentence."""

import datetime
import os
import re

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"", "0", "1", "true", "false", "yes", "no"}:
        return value in {"1", "true", "yes"} if value else default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def day(name: str) -> datetime.date | None:
    value = text(name)
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a day such as 2027-06-30, not {value!r}.") from None


RATES = re.compile(r"(\d+/\d*[smhd]/(ip|user|key)(,(?!$)|$))*")


def rates(name: str, defaults: dict[str, str]) -> dict[str, str]:
    """``search=900/m/ip;register=`` puts other rates in the place of some; nothing after ``=`` limits nothing."""
    found = dict(defaults)
    for entry in filter(None, (part.strip() for part in text(name).split(";"))):
        what, _is, written = (part.replace(" ", "") for part in entry.partition("="))
        if what not in defaults or not _is or not RATES.fullmatch(written):
            known = ", ".join(sorted(defaults))
            raise ImproperlyConfigured(f"{name} must be like search=900/m/ip;register=, of {known}; not {entry!r}.")
        found[what] = written
    return found
