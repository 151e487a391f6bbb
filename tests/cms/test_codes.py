"""Codes that people read aloud and type."""

from hypothesis import given
from hypothesis import strategies as st

from cms import codes


def test_a_code_that_is_known_is_not_given_again(monkeypatch):
    drawn = iter(["BBBBBB", "BBBBBB", "CCCCCC"])
    monkeypatch.setattr(codes, "new", lambda length=6: next(drawn))

    assert codes.unlike({"BBBBBB"}) == "CCCCCC"


@given(st.integers(0, 10), st.sampled_from(codes.ALPHABET), st.data())
def test_one_mistyped_character_or_two_neighbours_changed_round_are_noticed(place, other, data):
    code = data.draw(st.builds(lambda _: codes.checked(12), st.integers(0, 10)))
    wrong = code[:place] + other + code[place + 1 :]
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert codes.is_checked(code)
    assert codes.is_checked(wrong) == (wrong == code)
    assert codes.is_checked(turned) == (turned == code)


def test_nothing_and_foreign_letters_are_no_checked_code():
    assert [codes.is_checked(text) for text in ("", "AEIOU1", "2")] == [False, False, True]


def test_codes_are_joined_and_names_are_not():
    assert codes.joined("vwpt5-nncp8, VWPT5–NNCP8") == "vwpt5nncp8, VWPT5NNCP8"
    for text in ("Marie-Anne", "VWPT5NNCP8", "VWPT5-NNCP", "XVWPT5-NNCP8", "VWPT5 NNCP8", "NEXT-INV-00042"):
        assert codes.joined(text) == text
