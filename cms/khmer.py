"""Khmer text: one spelling to compare by, one order to sort by, words to break lines between."""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

from khmercut import tokenize

from cms import collation
from cms.dates import LATIN_DIGITS

# What nobody sees: controls, soft hyphen, zero-width spaces and joiners, the two inherent vowels of Khmer.
CONTROLS = [code for code in (*range(32), *range(127, 160)) if not chr(code).isspace()]
INVISIBLE = dict.fromkeys(CONTROLS) | dict.fromkeys(
    map(ord, "\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff\u17b4\u17b5")
)

# Latin letters that Unicode does not take apart, and punctuation that keyboards vary.
ACCENTS = re.compile("[\u0300-\u036f]")
ALIKE = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("‘’ʼ`´", "'")
    | dict.fromkeys("‐‑‒–—", "-")
)

COENG, ROBAT, RO, DA, TA = "\u17d2", "\u17cc", "\u179a", "\u178a", "\u178f"
SHIFTERS, NIKAHIT, FINALS = "\u17c9\u17ca", "\u17c6", "\u17c7\u17c8"
AA, II, U, OE, E, OO = "\u17b6", "\u17b8", "\u17bb", "\u17be", "\u17c1", "\u17c4"
LEFT, BELOW, ABOVE = "\u17be\u17bf\u17c0\u17c1\u17c2\u17c3\u17c4\u17c5", "\u17bb\u17bc\u17bd", "\u17b7\u17b8\u17b9\u17ba"
OTHER_SIGNS = "\u17c6\u17cb\u17cd\u17ce\u17cf\u17d0\u17d1\u17d3\u17dd"
# The order of signs after a base and its subscripts: Unicode Technical Note #61.
IN_ORDER = (ROBAT, SHIFTERS, LEFT, BELOW, ABOVE, AA, OTHER_SIGNS, FINALS)
PLACES = {sign: place for place, signs in enumerate(IN_ORDER) for sign in signs}
# Under these a register shifter is drawn below its letter, where it looks like the vowel U.
RAISING = frozenset(ABOVE + OE + "\u17bf\u17d0\u17dd")

BASE = "[\u1780-\u17b3\u25cc]"
CLUSTER = re.compile(f"({BASE})((?:{COENG}+{BASE}|[\u17b6-\u17d3\u17dd])+)")
SUBSCRIPT = re.compile(f"{COENG}+({BASE})")
# Deprecated letters and a variant that reads the same (Unicode Standard, 16.4).
SAME_LETTERS = str.maketrans({"\u17a3": "\u17a2", "\u17a4": "\u17a2\u17b6", "\u17a8": "\u17a7\u1780", "\u17b2": "\u17b1"})

KHMER_RUN = re.compile("[\u1780-\u17d3\u17d7\u17dd]{4,}")
# The tagger keeps the text it is given, and the package shows it to other threads before it is read from its file.
ONE_AT_A_TIME = Lock()
BAD_BREAK = re.compile(f"\u200b(?=[\u17b4-\u17d8\u17dd])|(?<={COENG})\u200b")


def fold(text: str) -> str:
    """The text as it is searched and compared: without accents, case, invisible characters and variant spellings."""
    text = text.translate(INVISIBLE)
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text.encode(errors="ignore").decode()).casefold()
    plain = ACCENTS.sub("", apart).translate(ALIKE).translate(LATIN_DIGITS)
    return " ".join(_one_spelling(unicodedata.normalize("NFC", plain)).split())


def sort_key(text: str) -> str:
    """At most 400 characters that sort, byte by byte and in any database, in dictionary order."""
    return collation.key(" ".join(_one_spelling(text.translate(INVISIBLE)).split()), 400)


def split_lines(text: str) -> str:
    """The text with zero-width spaces between Khmer words, for rendering only: Khmer writes none, so lines cannot break."""
    return KHMER_RUN.sub(lambda run: _words(run[0]), text)


@lru_cache(maxsize=4096)
def _words(run: str) -> str:
    with ONE_AT_A_TIME:
        words = tokenize(run)
    parted = BAD_BREAK.sub("", "\u200b".join(words))
    return parted if parted.replace("\u200b", "") == run.replace("\u200b", "") else run


def _one_spelling(text: str) -> str:
    """Clusters that look the same, spelt the same."""
    return CLUSTER.sub(_in_order, text.translate(SAME_LETTERS))


def _in_order(cluster: re.Match) -> str:
    base, rest = cluster.groups()
    # A subscript DA cannot be told from TA; RO goes around the others, so it is written last.
    subscripts = dict.fromkeys(letter if letter != DA else TA for letter in SUBSCRIPT.findall(rest))
    below = "".join(COENG + letter for letter in sorted(subscripts, key=lambda letter: letter == RO))
    signs = _as_seen(set(SUBSCRIPT.sub("", rest)) - {COENG})
    return base + below + "".join(sorted(signs, key=lambda sign: (PLACES[sign], sign)))


def _as_seen(signs: set[str]) -> set[str]:
    """Vowels typed in two parts made whole; a register shifter under a high vowel is the stroke that U is."""
    for parts, whole in (({E, II}, OE), ({E, AA}, OO)):
        if parts <= signs:
            signs = signs - parts | {whole}
    if signs & {U, *SHIFTERS} and (signs & RAISING or {AA, NIKAHIT} <= signs):
        signs = signs - {*SHIFTERS} | {U}
    return signs
