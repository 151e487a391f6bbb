"""The written table of who may do what: ``access.txt``."""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from forum.accounts import roles

TABLE = Path(__file__).with_name("access.txt")
OFFICE = {name for name, permissions in roles.ROLES.items() if "wagtailadmin.access_admin" in permissions}
SETS = {
    "nobody": set(),
    "office": OFFICE | {"administrator"},
    "staff": set(roles.ROLES) | {"administrator"},
}
SETS["people"] = SETS["staff"] | {"member", "colleague", "member of another agency"}
SETS["everyone"] = SETS["people"] | {"stranger"}
HEAD = re.compile(r"read: (.*?) · write: (.*)")


@dataclass(frozen=True)
class May:
    """Who may read, who may write, and whether others are let in with a form that then does nothing (``~``)."""

    read: set
    write: set
    is_quiet: bool = False


def read() -> dict[str, May]:
    """The table, by the names of addresses; refuses one that stands twice."""
    found, may = {}, None
    for line in TABLE.read_text().splitlines():
        if head := HEAD.fullmatch(line):
            may = May(_people(head[1]), _people(head[2].lstrip("~")), head[2].startswith("~"))
        elif line.startswith("    "):
            for name in _names(line.strip()):
                if name in found:
                    raise ValueError(f"{name} stands twice in {TABLE.name}")
                found[name] = may
    return found


def _people(words: str) -> set:
    """A set of the above, or persons by name."""
    return set().union(*(SETS.get(word, {word}) for word in words.split(", ")))


def _names(words: str):
    """``a:{b,c}`` is ``a:b`` and ``a:c``; several braces multiply."""
    parts = [part.strip("{}").split(",") if part.startswith("{") else [part] for part in re.split(r"(\{[^}]*\})", words)]
    return ["".join(choice) for choice in product(*parts)]
