"""Numbers and clocks as the reader writes them."""

import pytest

from cms import dates


@pytest.mark.parametrize(
    ("sentence", "in_khmer"),
    [
        ("អាចសរសេរយ៉ាងច្រើន 120 តួអក្សរ (ឥឡូវមាន 121)។", "អាចសរសេរយ៉ាងច្រើន ១២០ តួអក្សរ (ឥឡូវមាន ១២១)។"),
        ("រយៈពេល 1.5 ម៉ោង។", "រយៈពេល ១.៥ ម៉ោង។"),
        ("ស្តង់ A12 និង 7F9F94", "ស្តង់ A12 និង 7F9F94"),
        ("person1@example.org, https://example.org/2024/", "person1@example.org, https://example.org/2024/"),
        ("+855 12", "+855 ១២"),
    ],
)
def test_numbers_of_a_sentence_are_khmer_and_codes_are_not(sentence, in_khmer):
    assert dates.figures(sentence, "km") == in_khmer
    assert dates.figures(sentence, "en") == sentence


@pytest.mark.parametrize(
    ("zone", "in_english", "in_khmer"),
    [
        ("Asia/Phnom_Penh", "Phnom Penh", "ភ្នំពេញ"),
        ("Europe/Brussels", "Brussels", "ព្រុចសែល"),
        ("Etc/GMT-7", "GMT+07:00", "ម៉ោង\u200bសកល +០៧:០០"),
    ],
)
def test_a_clock_is_called_after_its_city(zone, in_english, in_khmer):
    assert (dates.zone(zone, "en"), dates.zone(zone, "km")) == (in_english, in_khmer)
