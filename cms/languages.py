"""Two languages in one row: columns ``name_en`` and ``name_km``, read as ``name``."""

from django.conf import settings
from django.utils.translation import get_language

CODES = tuple(code for code, _ in settings.LANGUAGES)
ON_PAPER = ("km", "en")  # in this order on a paper in both
OWN_NAMES = {"en": "English", "km": "ខ្មែរ"}


def current() -> str:
    """The reader's language code; English where none is active."""
    code = (get_language() or "en").split("-")[0]
    return code if code in CODES else "en"


def of_path(path: str) -> str | None:
    """The language that an address names first: ``/km/2024/`` is Khmer; None where it names none."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in CODES else None


def read(row, name: str, language: str | None = None) -> tuple[str, str]:
    """The text of ``row.<name>_<language>`` and the language it is written in; the other language's where blank."""
    first = language or current()
    for code in (first, *(code for code in CODES if code != first)):
        if text := getattr(row, f"{name}_{code}"):
            return text, code
    return "", first


class Bilingual:
    """Reads ``<name>_en`` or ``<name>_km`` in the reader's language, the other one where that is blank. ``description``
    heads it in lists of the back office."""

    def __init__(self, description=""):
        if description:
            self.short_description = description

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, row, owner=None):
        return self if row is None else read(row, self.name)[0]
