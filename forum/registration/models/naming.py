"""What makes two names, and two people, the same."""

import re

from cms import khmer

SILENT = re.compile(r"[aeiouwy]|(?<=.)h|[^\w]")
DOUBLED = re.compile(r"(.)\1+")


def key_of_name(name: str) -> str:
    """What makes two names the same: their words, in any order."""
    return " ".join(sorted(khmer.fold(name).split()))


def key_of_khmer_name(name: str) -> str:
    """The same for a name in Khmer however it is spaced."""
    return khmer.fold(name).replace(" ", "")


def sound_of_name(name: str) -> str:
    """The same for names that are romanised alike: without vowels, H after a letter, and doubled letters."""
    words = (DOUBLED.sub(r"\1", SILENT.sub("", word)) or word for word in khmer.fold(name).split())
    return " ".join(sorted(words))


def key_of_person(name: str, email: str, namesake_no: int = 1) -> str:
    """What makes two registrations the same person: the name and the address, without an address the name and a number."""
    return (key_of_name(name) + "|" + (khmer.fold(email) or f"#{namesake_no}"))[:400]  # folding can lengthen
