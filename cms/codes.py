"""Random public codes: what stands in addresses instead of primary keys."""

import re
import secrets

# Without vowels (no words arise) and without characters that are mistaken for others when read aloud or off paper.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


# What a code may hold: ours, and those that came from elsewhere with letters of their own.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KNOWN = set(DIGITS)
# As mails and papers write a code of ten, with whatever dash somebody's program made of the hyphen.
HALVES = re.compile(rf"\b([{ALPHABET}]{{5}})[-‐‑‒–—−]([{ALPHABET}]{{5}})\b", re.IGNORECASE)


def new(length: int = 6) -> str:
    """A random code of ``length`` characters; 27**6 is 387 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def checked(length: int) -> str:
    """A random code of ``length`` characters, the last of which checks the others."""
    code = new(length - 1)
    return code + _check(code)


def is_checked(code: str) -> bool:
    """Whether nobody mistyped one character of a ``checked`` code or changed two neighbours round: no such slip keeps the
    sum. The weights and the differences of neighbouring ones have no divisor in common with 27."""
    return bool(code) and set(code) <= set(ALPHABET) and _check(code[:-1]) == code[-1]


def _check(code: str) -> str:
    """The character whose weight is one; those before it count twice and once by turns."""
    total = sum(ALPHABET.index(letter) * (1 + place % 2) for place, letter in enumerate(reversed(code), start=1))
    return ALPHABET[-total % len(ALPHABET)]


def six() -> str:
    return new(6)


def unlike(known: set[str]) -> str:
    """One of six that nobody has: among thousands made at once two would be alike now and then."""
    code = six()
    while code in known:
        code = six()
    return code


def ten() -> str:
    return new(10)


def number(code: str) -> int:
    """A code as a number, for formats of others that want one; it says no more than the code does."""
    return int(code, 36)


def of_number(text: str) -> str:
    """The code of six of which this is the number; "" where it is of none."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(36**6))):
        return ""
    code, rest = "", int(text)
    while rest:
        rest, place = divmod(rest, 36)
        code = DIGITS[place] + code
    return code if len(code) == 6 else ""


def read(text: str) -> str:
    """What a person typed, as a code: capitals and figures, nothing else."""
    return "".join(letter for letter in text.upper() if letter in KNOWN)


def joined(text: str) -> str:
    """The text with each code of ten as it is kept, not in two halves."""
    return HALVES.sub(r"\1\2", text)
