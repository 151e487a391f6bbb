"""The languages in which sessions are held: those with a code of two letters (ISO 639-1), or several at once."""

from functools import cache

from babel import Locale
from babel.core import get_global

from cms import khmer, languages

SEVERAL = "mul"
ALIASES = get_global("language_aliases")  # such as ``eng`` for ``en``


@cache
def names(language: str) -> dict[str, str]:
    """What each code is called in ``language``, in English where that has no name for it; those of the forum first, then in
    dictionary order."""
    called = {**Locale("en").languages, **Locale(language).languages}
    known = {code: name for code, name in called.items() if len(code) == 2 or code == SEVERAL}
    return dict(sorted(known.items(), key=lambda pair: (pair[0] not in languages.CODES, khmer.sort_key(pair[1]))))


def choices() -> list[tuple[str, str]]:
    """In the reader's language."""
    return list(names(languages.current()).items())


def name(code: str) -> str:
    """English, អង់គ្លេស: as the reader calls it; the code where nobody knows a name."""
    return names(languages.current()).get(code, code)


def read(text: str) -> str | None:
    """The code for what a file calls a language: a code of two or three letters, with a country or not, or a name in
    English or Khmer; "" for nothing. None where that is no language we know."""
    if not text.strip():
        return ""
    folded = text.strip().casefold()
    first = folded.replace("_", "-").partition("-")[0]
    first = ALIASES.get(first, first)
    return first if first in names("en") else _codes().get(folded)


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for language in languages.CODES for code, name in names(language).items()}
