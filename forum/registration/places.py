"""The provinces of Cambodia, by their ISO 3166-2 codes, in both languages and in the order of each."""

import csv
from functools import lru_cache
from pathlib import Path

import cms
from cms import khmer

PROVINCES = Path(cms.__file__).parent / "data" / "provinces.csv"


@lru_cache(maxsize=1)
def _provinces() -> dict[str, dict[str, str]]:
    """Names by ISO 3166-2:KH."""
    with PROVINCES.open(encoding="utf-8") as file:
        return {row["iso"]: row for row in csv.DictReader(file)}


def province(code: str, language: str) -> str:
    return _provinces().get(code, {}).get(f"name_{language}", code)


@lru_cache(maxsize=4)
def provinces(language: str) -> list[tuple[str, str]]:
    """(code, name) in dictionary order."""
    named = [(code, province(code, language)) for code in _provinces()]
    return sorted(named, key=lambda row: khmer.sort_key(row[1]))
