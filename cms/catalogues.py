"""Message catalogues: the compiled ones are made where they are needed and never kept with the code."""

from functools import wraps
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.trans_real import DjangoTranslation

MOST_REMEMBERED = 20_000  # sentences in each language; the program and its packages have some ten thousand


def compile_all() -> list[Path]:
    """Compiles each catalogue that is newer than its compiled form; returns those."""
    compiled = []
    for folder in settings.LOCALE_PATHS:
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                polib.pofile(str(source)).save_as_mofile(str(target))
                compiled.append(target)
    return compiled


def remember() -> None:
    """Makes Django look up a sentence once in each language. Hundreds stand on a page, and it goes through the catalogue of
    each application every time, for English in vain."""
    if not hasattr(DjangoTranslation.gettext, "__wrapped__"):
        DjangoTranslation.gettext = _remembered(DjangoTranslation.gettext)


def _remembered(look_up):
    @wraps(look_up)
    def gettext(self, message):
        known = self.__dict__.setdefault("remembered", {})
        said = known.get(message)
        if said is None:
            said = look_up(self, message)
            if len(known) < MOST_REMEMBERED:
                known[message] = said
        return said

    return gettext
