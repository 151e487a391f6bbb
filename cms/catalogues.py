"""Message catalogues: the compiled ones are made where they are needed and never kept with the code."""

from pathlib import Path

import polib
from django.conf import settings


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
