"""Random public codes: what stands in addresses instead of primary keys."""

import secrets

# Without vowels (no words arise) and without characters that are mistaken for others when read aloud or off paper.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def new(length: int = 6) -> str:
    """A random code of ``length`` characters; 27**6 is 387 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def six() -> str:
    return new(6)


def ten() -> str:
    return new(10)


def read(text: str) -> str:
    """What a person typed, as a code: capitals, no blanks or hyphens."""
    return "".join(text.upper().replace("-", "").split())
