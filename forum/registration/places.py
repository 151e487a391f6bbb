"""Countries and the provinces of Cambodia, by their ISO 3166 codes, in both languages and in the order of each."""

from functools import lru_cache

import phonenumbers
from babel import Locale

from cms import khmer

# ISO 3166-2:KH, whose numbers are the national codes of the provinces.
PROVINCES = {
    "KH-1": ("Banteay Meanchey", "បន្ទាយមានជ័យ"),
    "KH-2": ("Battambang", "បាត់ដំបង"),
    "KH-3": ("Kampong Cham", "កំពង់ចាម"),
    "KH-4": ("Kampong Chhnang", "កំពង់ឆ្នាំង"),
    "KH-5": ("Kampong Speu", "កំពង់ស្ពឺ"),
    "KH-6": ("Kampong Thom", "កំពង់ធំ"),
    "KH-7": ("Kampot", "កំពត"),
    "KH-8": ("Kandal", "កណ្ដាល"),
    "KH-9": ("Koh Kong", "កោះកុង"),
    "KH-10": ("Kratie", "ក្រចេះ"),
    "KH-11": ("Mondulkiri", "មណ្ឌលគិរី"),
    "KH-12": ("Phnom Penh", "រាជធានីភ្នំពេញ"),
    "KH-13": ("Preah Vihear", "ព្រះវិហារ"),
    "KH-14": ("Prey Veng", "ព្រៃវែង"),
    "KH-15": ("Pursat", "ពោធិ៍សាត់"),
    "KH-16": ("Ratanakiri", "រតនគិរី"),
    "KH-17": ("Siem Reap", "សៀមរាប"),
    "KH-18": ("Preah Sihanouk", "ព្រះសីហនុ"),
    "KH-19": ("Stung Treng", "ស្ទឹងត្រែង"),
    "KH-20": ("Svay Rieng", "ស្វាយរៀង"),
    "KH-21": ("Takeo", "តាកែវ"),
    "KH-22": ("Oddar Meanchey", "ឧត្ដរមានជ័យ"),
    "KH-23": ("Kep", "កែប"),
    "KH-24": ("Pailin", "ប៉ៃលិន"),
    "KH-25": ("Tboung Khmum", "ត្បូងឃ្មុំ"),
}
# Places with telephones of their own that belong to the code of another, by ISO 3166-1.
NO_COUNTRIES = {"AC", "TA", "XK"}


def province(code: str, language: str) -> str:
    english, in_khmer = PROVINCES.get(code, (code, code))
    return in_khmer if language == "km" else english


def country(code: str, language: str) -> str:
    """The name that Unicode's common locale data give."""
    return Locale(language).territories.get(code, code)


@lru_cache(maxsize=4)
def provinces(language: str) -> list[tuple[str, str]]:
    """(code, name) in dictionary order."""
    return _in_order((code, province(code, language)) for code in PROVINCES)


@lru_cache(maxsize=4)
def countries(language: str) -> list[tuple[str, str]]:
    """(code, name) in dictionary order, Cambodia first."""
    codes = set(phonenumbers.SUPPORTED_REGIONS) - NO_COUNTRIES
    return sorted(_in_order((code, country(code, language)) for code in codes), key=lambda row: row[0] != "KH")


def _in_order(rows) -> list[tuple[str, str]]:
    return sorted(rows, key=lambda row: khmer.sort_key(row[1]))
