"""Spoken languages: the forum's own first, what files call them, what readers call them."""

import pytest
from django.utils import translation

from agenda import spoken
from agenda.models import Session
from cms import khmer


def test_the_languages_of_the_forum_come_first_and_the_others_by_name():
    names = [name for _, name in spoken.choices()]

    assert names[:3] == ["English", "Khmer", "Abkhazian"]
    assert names[2:] == sorted(names[2:], key=khmer.sort_key)


def test_a_reader_of_khmer_chooses_among_the_same_languages_in_khmer():
    english = dict(spoken.choices())
    with translation.override("km"):
        in_khmer = dict(spoken.choices())

    assert set(in_khmer) == set(english)
    assert list(in_khmer.values())[:2] == ["ខ្មែរ", "អង់គ្លេស"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("km", "km"), ("EN", "en"), ("en_GB", "en"), ("zh-Hans", "zh"), ("eng", "en"), ("ger", "de"), ("mul", "mul")],
        *[("French", "fr"), (" khmer ", "km"), ("ខ្មែរ", "km"), ("", ""), ("klingon", None), ("xx", None), ("de/en", None)],
    ],
)
def test_what_a_file_calls_a_language_is_read_or_not_known(written, code):
    assert spoken.read(written) == code


@pytest.mark.parametrize(("language", "name"), [("en", "French"), ("km", "បារាំង")])
def test_readers_see_its_name_in_their_language(language, name):
    with translation.override(language):
        assert Session(language="fr").language_name == name
