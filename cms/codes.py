"""Random public codes: what stands in addresses instead of primary keys."""

import secrets

# Without vowels (no words arise) and without characters that are mistaken for others when read aloud or off paper.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


# What a code may hold: ours, and those that came from elsewhere with letters of their own.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KNOWN = set(DIGITS)


def new(length: int = 6) -> str:
    """A random code of ``length`` characters; 27**6 is 387 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


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
