"""The order of a dictionary, as a string that any database sorts rightly (Unicode collation, Khmer after CLDR)."""

from functools import lru_cache

from pyuca.collator import Collator_10_0_0

WEIGHT = 4  # hexadecimal digits of one collation weight
COMMON, ROBAT_ACCENT = 0x20, 0x21  # secondary weights
PLAIN, VARIANT = 2, 4  # tertiary weights
# Above every weight of the default table, below the implicit ones (Tangut, Han): room to put Khmer in its own order.
FIRST_KHMER_WEIGHT = 0xE000

CONSONANTS = "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរឫឬលឭឮវឝឞសហឡអ"
VOWELS = ["ា", "ិ", "ី", "ឹ", "ឺ", "ុ", "ូ", "ួ", "ើ", "ឿ", "ៀ", "េ", "ែ", "ៃ", "ោ", "ៅ", "ុំ", "ំ", "ាំ", "ះ", "ិះ", "ុះ", "េះ", "ោះ"]
RO, ROBAT, COENG = "\u179a", "\u17cc", "\u17d2"
# Independent vowels stand where អ with the vowel stands.
INDEPENDENT = {
    "ឣ": "អ", "ឤ": "អា", "ឥ": "អិ", "ឦ": "អី", "ឧ": "អុ", "ឨ": "អុក", "ឩ": "អូ",
    "ឪ": "អូវ", "ឯ": "អែ", "ឰ": "អៃ", "ឱ": "អោ", "ឲ": "អោ", "ឳ": "អៅ",
}  # fmt: skip


def key(text: str, length: int) -> str:
    """At most ``length`` hexadecimal digits that sort byte by byte as the text stands in a dictionary."""
    weights = _collator().sort_key(text[: length // WEIGHT])
    return "".join(f"{weight:0{WEIGHT}x}" for weight in weights)[:length]


@lru_cache(maxsize=1)
def _collator() -> Collator_10_0_0:
    collator = Collator_10_0_0()  # a tenth of a second, once in the life of a process
    for units, elements in _khmer_elements():
        collator.table.add([ord(sign) for sign in units], elements)
    return collator


def _khmer_elements():
    """Letters, then vowels (those with ំ and ះ are vowels of their own), then subscripts: the order of Chuon Nath's
    dictionary as CLDR's ``km`` collation has it. The default table knows neither those vowels nor the robat, which is
    read before its letter: ធម៌ stands where ធរ្ម would."""
    weights = {unit: FIRST_KHMER_WEIGHT + place for place, unit in enumerate((*CONSONANTS, *VOWELS, COENG))}
    for unit, weight in weights.items():
        yield unit, [[weight, COMMON, PLAIN]]
    for letter in CONSONANTS:
        yield letter + ROBAT, [[weights[unit], ROBAT_ACCENT, PLAIN] for unit in (RO, COENG, letter)]
    for vowel, spelt in INDEPENDENT.items():
        yield vowel, [[weights[unit], COMMON, VARIANT] for unit in spelt]
