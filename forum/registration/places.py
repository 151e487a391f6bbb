"""Countries and the provinces of Cambodia, by their ISO 3166 codes, in both languages and in the order of each."""

import csv
from functools import lru_cache
from pathlib import Path

import phonenumbers
from babel import Locale

import cms
from cms import khmer

PROVINCES = Path(cms.__file__).parent / "data" / "provinces.csv"
# Places with telephones of their own that belong to the code of another, by ISO 3166-1.
NO_COUNTRIES = {"AC", "TA", "XK"}


@lru_cache(maxsize=1)
def _provinces() -> dict[str, dict[str, str]]:
    """Names by ISO 3166-2:KH."""
    with PROVINCES.open(encoding="utf-8") as file:
        return {row["iso"]: row for row in csv.DictReader(file)}


def province(code: str, language: str) -> str:
    return _provinces().get(code, {}).get(f"name_{language}", code)


def country(code: str, language: str) -> str:
    """The name that Unicode's common locale data give."""
    return Locale(language).territories.get(code, code)


@lru_cache(maxsize=4)
def provinces(language: str) -> list[tuple[str, str]]:
    """(code, name) in dictionary order."""
    return _in_order((code, province(code, language)) for code in _provinces())


@lru_cache(maxsize=4)
def countries(language: str) -> list[tuple[str, str]]:
    """(code, name) in dictionary order, Cambodia first."""
    codes = set(phonenumbers.SUPPORTED_REGIONS) - NO_COUNTRIES
    return sorted(_in_order((code, country(code, language)) for code in codes), key=lambda row: row[0] != "KH")


def _in_order(rows) -> list[tuple[str, str]]:
    return sorted(rows, key=lambda row: khmer.sort_key(row[1]))
