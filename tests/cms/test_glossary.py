"""The catalogue calls a thing what the glossary calls it."""

import json
import re

import pytest

from tests.cms.test_catalogue import entries, written
from tests.conftest import ROOT

ROW = re.compile(r"^\| ([^|]+) \| ([^|]*[\u1780-\u17ff][^|]*) \|", re.MULTILINE)
SENSE = re.compile(r" \([^)]*\)")
NOT_WORDS = re.compile(r"%\(\w+\)[sd]|<[^>]*>")
# Sentences in which the English word is not the thing of the glossary, and why.
EXCEPTIONS = {
    "Good day,": "a greeting",
    "place in the list": "an order",
    "Ensure that there are no more than %(max)s decimal place.": "of a number",
    "name in Khmer": "the name of a thing in the language, not of a person in the script",
    "short name in Khmer": "the same",
    "contact address": "of the forum, not of a person",
    "Shown on the plan and open to booking.": "in Khmer with a verb",
    "The front page and the short addresses, such as /en/agenda/, will lead to it.": "a part of an address",
    "Change what one signs in with": "no signature",
    "Order a batch of badges": "printing, not buying",
    "Place an order": "a verb",
    "Place the order": "the same",
    "The number by which the bank or the cash book knows it; unique.": "no booking",
    "Of the transfer or the cash book; for cards blank.": "the same",
}


def terms() -> dict[str, list[str]]:
    """The Khmer words for each English term; one for each sense. The longest terms first."""
    found = {}
    for english, khmer in ROW.findall((ROOT / "docs" / "glossary.md").read_text()):
        names, words = SENSE.sub("", english).split(", "), khmer.split(", ")
        if len(words) not in (1, len(names)):
            raise ValueError(f"{english}: {khmer}")
        for number, name in enumerate(names):
            found.setdefault(name.removeprefix("to ").strip().lower(), []).append(words[number % len(words)].strip())
    return dict(sorted(found.items(), key=lambda term: -len(term[0])))


def pattern(english: str) -> re.Pattern:
    """The term, one or many."""
    many = english + "s" if not english.endswith(("y", "um")) else re.sub("y$", "ies", re.sub("um$", "a", english))
    return re.compile(rf"(?<![\w-])(?:{re.escape(english)}|{re.escape(many)})(?![\w-])", re.IGNORECASE)


def says(sentence: str, khmer: str) -> bool:
    """A subscript DA looks like TA and is written for it."""
    words, looked_for = (text.replace("\u17d2\u178a", "\u17d2\u178f") for text in (sentence, khmer))
    return bool(re.search(".*".join(map(re.escape, looked_for.split("…"))), words))


def strays(english: str, khmer: str, glossary) -> list[str]:
    """The terms in an English sentence that its Khmer calls something else; within a longer term a shorter one is none."""
    left, found = NOT_WORDS.sub(" ", english), []
    for term, (shape, words) in glossary.items():
        if shape.search(left):
            left = shape.sub(" ", left)
            if not any(says(khmer, word) for word in words):
                found.append(term)
    return found


def test_each_term_is_the_same_word_everywhere():
    glossary = {term: (pattern(term), words) for term, words in terms().items()}
    wrong = {
        entry.msgid: (found, written(entry))
        for entry in entries()
        if written(entry) and entry.msgid not in EXCEPTIONS and (found := strays(entry.msgid, written(entry), glossary))
    }

    assert wrong == {}


# What readers meet in the demonstration's texts as well as in ours.
SHARED = {
    *("badge", "badge desk", "pass", "letter", "own page", "code", "link", "register", "position", "telephone"),
    *("booth", "exhibition", "speaker", "moderator", "panellist", "workshop", "keynote", "e-mail address"),
}
OTHERWISE = ("staff badge",)  # these things have no word of the glossary


@pytest.mark.parametrize("name", ["next_edition", "pages", "people", "programme"])
def test_the_demonstration_says_the_same_words(name):
    words = terms()
    glossary = {
        term: (pattern(term), words[term]) for term in words if term in {name.removeprefix("to ") for name in SHARED}
    }
    texts = json.loads((ROOT / "forum" / "home" / "demonstration" / f"{name}.json").read_text())
    wrong = {
        english: (found, khmer)
        for english, khmer in pairs(texts)
        if khmer and not any(other in english for other in OTHERWISE) and (found := strays(english, khmer, glossary))
    }

    assert wrong == {}


def pairs(texts, other=None):
    """Each English text with its Khmer: ``name_en`` beside ``name_km``, or the same place under ``en`` and ``km``."""
    if isinstance(texts, str) and isinstance(other, str):
        yield texts, other
    elif isinstance(texts, list):
        for number, text in enumerate(texts):
            yield from pairs(text, other[number] if other else None)
    elif isinstance(texts, dict):
        for key, text in texts.items():
            if other is not None:
                yield from pairs(text, other.get(key))
            elif key == "en" or key.endswith("_en"):
                yield from pairs(text, texts[key[:-2] + "km"])
            elif not key.endswith("km"):
                yield from pairs(text)


def test_every_exception_is_needed():
    glossary = {term: (pattern(term), words) for term, words in terms().items()}
    known = {entry.msgid: written(entry) for entry in entries()}

    assert [sentence for sentence in EXCEPTIONS if not strays(sentence, known[sentence], glossary)] == []


def test_the_reader_is_addressed_politely():
    """អ្នក alone is "you" to a friend; before a noun or a verb it makes the word for a person."""
    alone = re.compile("(?<!លោក)អ្នក(?=[ ។?៖<,(]|$|អាច|មាន|បាន|នឹង|ត្រូវ)|របស់អ្នក(?!តាំង|ទំនាក់|ដែល)")
    sign = "yours"  # drawn on a booth three metres wide

    assert [entry.msgid for entry in entries() if alone.search(written(entry)) and entry.msgid != sign] == []
