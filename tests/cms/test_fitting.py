"""Texts fit their boxes: as large as can be, broken where a reader would break them, cut only when nothing else helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms import fonts
from cms.fitting import MILLIMETRE, fit

SIZES = (60, 40, 30, 20, 15, 12, 10, 8, 6)


def fitted(text, width=90, height=20, leading=1.2):
    return fit(text, width=width, height=height, sizes=SIZES, leading=leading, weight=700)


def test_a_short_text_is_as_large_as_its_box_allows():
    assert (fitted("Sok").lines, fitted("Sok").size) == (("Sok",), 40)


def test_a_long_text_breaks_between_its_words():
    assert fitted("Agency of Long and Fictional Names").lines == ("Agency of Long and", "Fictional Names")


def test_khmer_breaks_between_words_that_no_space_parts():
    assert fitted("ក្រសួងប្រៃសណីយ៍និងទូរគមនាគមន៍", width=60, height=25).lines == ("ក្រសួងប្រៃសណីយ៍", "និងទូរគមនាគមន៍")


def test_a_name_is_not_broken_inside_a_word_while_it_can_be_read_whole():
    assert fitted("Chandrasekharan Venkataraman").lines == ("Chandrasekharan", "Venkataraman")


def test_what_fits_at_no_size_ends_in_an_ellipsis():
    shortened = fitted("Never-ending " * 300)

    assert shortened.size == 6
    assert shortened.lines[-1].endswith("…")


def test_nothing_is_no_line():
    assert fitted(" ").lines == ()


@pytest.mark.filterwarnings("default")
@given(st.text(min_size=1, max_size=200))
def test_every_text_stays_in_its_box(text):
    found = fitted(text)

    assert found.height <= 20
    assert all(fonts.width(line, 700) * found.size <= 90 * MILLIMETRE for line in found.lines)


@given(st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17DD), min_size=1, max_size=60))
def test_no_letter_is_lost_while_there_is_room(text):
    assert "".join(fitted(text).lines) == "".join(text.split()).replace("\u200b", "")
