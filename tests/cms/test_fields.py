"""People's own words, as they typed them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cms.fields import Address, Line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sok \u202egnp.exe", "Sok gnp.exe"),
        ("\u2066\u200fSOK Dara\u2069\ufeff", "SOK Dara"),
        ("ស្រី\u200bមុំ", "ស្រី\u200bមុំ"),
        ("ន\u200cៃ", "ន\u200cៃ"),
    ],
)
def test_marks_that_turn_letters_round_are_left_out_and_khmer_ones_stay(typed, kept):
    assert Line().clean(typed) == kept


def test_nothing_but_such_marks_is_nothing():
    assert Line(required=False).clean("\u202e\u200e") == ""


@given(st.text(st.characters(categories=["L", "M", "N", "P", "Zs"]), min_size=1).filter(str.strip))
def test_whatever_people_write_stays(words):
    assert Line().clean(words) == words.strip()


@pytest.mark.parametrize(
    "typed",
    [
        '"\\",victim@example.org,""@example.com',
        '"a,b"@example.org',
        '"a;b"@example.org',
        f"{'a' * 60}@{'b' * 60}." + f"{'c' * 60}." * 3 + "org",
    ],
)
def test_one_address_is_one_and_short_enough_to_keep(typed):
    with pytest.raises(ValidationError):
        Address().clean(typed)


def test_an_ordinary_address_is_taken():
    assert Address().clean(" Sok.Dara+forum@example.gov.kh ") == "Sok.Dara+forum@example.gov.kh"


def test_one_line_stays_one_line():
    assert Line().clean("Director\nof\x0b things") == "Director of  things"
