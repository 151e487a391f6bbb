"""Random public codes: what stands in addresses instead of primary keys."""

import secrets

# Without vowels (no words arise) and without characters that are mistaken for others when read aloud or off paper.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


# What a code may hold: ours, and those that came from elsewhere with letters of their own.
KNOWN = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def new(length: int = 6) -> str:
    """A random code of ``length`` characters; 27**6 is 387 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def six() -> str:
    return new(6)


def ten() -> str:
    return new(10)


def read(text: str) -> str:
    """What a person typed, as a code: capitals and figures, nothing else."""
    return "".join(letter for letter in text.upper() if letter in KNOWN)
