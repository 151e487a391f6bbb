"""Khmer text: equal spellings fold alike, names stand in dictionary order, lines break between words."""

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import khmercut
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms import khmer

NAMES = Path(__file__).parents[3] / "shared/data/names"
khmer_letters = st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17DD), max_size=12)
any_text = st.one_of(st.text(max_size=30), khmer_letters)


def real_names():
    if not NAMES.is_dir():
        pytest.skip(f"no list of names at {NAMES}")
    with (NAMES / "khmer_names.csv").open() as first, (NAMES / "other_nationalities.csv").open() as second:
        return [
            *(row[column] for row in csv.DictReader(first) for column in ("full_name_km", "full_name_latin")),
            *(row["full_name"] for row in csv.DictReader(second)),
        ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ស្ត្រី", "ស្រ្តី"),  # order of subscripts
        ("ស្ត្រី", "ស្ដ្រី"),  # subscripts TA and DA look the same
        ("កើ", "ក\u17c1\u17b8"),  # vowels typed in two parts
        ("កោះ", "ក\u17c1\u17b6\u17c7"),
        ("សុំ", "ស\u17c6\u17bb"),  # signs in another order
        ("ប៉ាន់", "ប\u17b6\u17c9ន់"),
        ("ខ្មែរ", "ខែ\u17d2មរ"),  # vowel before the subscript
        ("ស៊ី", "សុី"),  # register shifter and vowel U under a high vowel
        ("ស៊ាំ", "សុាំ"),
        ("ធម៌", "ធម\u17cc\u17cc"),  # typed twice
        ("សុខា", "សុ\u200bខា\u200b"),  # zero-width spaces
        ("ឲ្យ", "ឱ្យ"),
        ("លេខ ០១២", "លេខ 012"),
        ("NGUYỄN Đức", "nguyen duc"),
        ("Groß", "GROSS"),
        ("Ａｎｇｋｏｒ", "angkor"),
        ("O’Brien", "O'Brien"),
        ("  SOK\tBopha\n", "sok bopha"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one, other):
    assert khmer.fold(one) == khmer.fold(other)


@pytest.mark.parametrize(("one", "other"), [("សុខ", "សុខា"), ("កុំ", "កំ"), ("ប៉ា", "បា"), ("វណ្ណ", "វណ"), ("ចាន់", "ចាន")])
def test_different_names_stay_apart(one, other):
    assert khmer.fold(one) != khmer.fold(other)


def test_well_written_khmer_is_its_own_fold():
    for text in ("ក្រសួងប្រៃសណីយ៍ និងទូរគមនាគមន៍", "ស្ត្រី", "អ៊ុំ", "ព័ត៌មាន", "សម្តេចមហាបវរធិបតី"):
        assert khmer.fold(text) == text


def test_fold_drops_what_a_database_refuses():
    assert khmer.fold("Sok\x00 \ud800ខ") == "sok ខ"


@given(any_text)
def test_fold_is_done_once(text):
    folded = khmer.fold(text)

    assert khmer.fold(folded) == folded


@given(any_text)
def test_fold_does_not_see_invisible_spaces(text):
    assert khmer.fold("\u200b".join(text)) == khmer.fold(text.replace("\u200b", ""))


@pytest.mark.parametrize(
    "words",
    [
        # A letter alone, then followed by letters, by vowels, by the vowels with nikahit and reahmuk, by subscripts.
        "ក កក កា កេ កៅ កុំ កំ កាំ កះ កិះ កោះ ក្ក ក្រ ខ",
        "ធន ធម្ម ធរ្ម ធម៌ ធា",  # robat is read before its letter
        "រា ឫស ល លោក ឮ វត្ត",
        "អ អា អិន ឥន្ទ្រ អុក ឧត្តម អោ ឱ អៅ ឳ",  # independent vowels stand by their sound
        "ស សុខ សោម ស៊ុំ ស្រី",  # a register shifter only breaks ties
        "adam Éa Eb z ក",
        "១ 2 ៣ a",
    ],
)
def test_words_stand_in_dictionary_order(words):
    keys = [khmer.sort_key(word) for word in words.split()]

    assert keys == sorted(set(keys))


def test_sort_key_does_not_see_how_a_word_was_typed():
    assert khmer.sort_key("ស្រ្តី") == khmer.sort_key("ស្ត្រី")


@given(any_text)
def test_sort_key_is_plain_and_fits_its_column(text):
    assert set(khmer.sort_key(text * 20)) <= set("0123456789abcdef")
    assert len(khmer.sort_key(text * 20)) <= 400


def test_lines_break_between_khmer_words_only():
    assert khmer.split_lines("ក្រសួងប្រៃសណីយ៍និងទូរគមនាគមន៍ (MPTC)").split("\u200b") == [
        "ក្រសួង",
        "ប្រៃសណីយ៍",
        "និង",
        "ទូរគមនាគមន៍ (MPTC)",
    ]
    assert khmer.split_lines("Sok Bopha") == "Sok Bopha"


def test_no_line_begins_with_a_full_stop_or_repetition_sign():
    assert "\u200bៗ" not in khmer.split_lines("គមនាគមន៍ផ្សេងៗ។") and "\u200b។" not in khmer.split_lines("គមនាគមន៍ផ្សេងៗ។")


@given(any_text)
def test_split_lines_adds_nothing_but_breaks(text):
    assert khmer.split_lines(text).replace("\u200b", "") == text.replace("\u200b", "")


def test_many_threads_break_lines_at_once_from_the_first_on(monkeypatch):
    monkeypatch.setattr(khmercut, "tagger", None)
    khmer._words.cache_clear()
    texts = [f"ក្រសួងប្រៃសណីយ៍និងទូរគមនាគមន៍{'ក' * number}" for number in range(1, 40)]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(khmer.split_lines, texts))

    khmer._words.cache_clear()
    assert together == [khmer.split_lines(text) for text in texts]


def test_real_names_keep_their_spelling_and_stand_in_the_order_of_their_first_letters():
    names = real_names()

    assert [name for name in names if "ក" <= name[0] <= "អ" and khmer.fold(name) != name] == []
    khmer_names = sorted((name for name in names if "ក" <= name[0] <= "អ"), key=khmer.sort_key)
    assert [name[0] for name in khmer_names] == sorted(name[0] for name in khmer_names)
