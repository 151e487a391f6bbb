"""Forms of address: several of one person, in the order and the form that each language has for badge, letter and speech."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from forum.registration import honorifics
from forum.registration.honorifics import STYLES, TITLES, WRITTEN, Form, Honorific, Kind, written

CODES = [code.value for code in Honorific if code]
OFFERED = sorted({value for offered in (STYLES, TITLES) for values in offered.values() for value in values})


def kinds(codes) -> list[Kind]:
    return [WRITTEN[Honorific(code)].kind for code in codes]


@st.composite
def combinations(draw):
    """One of each kind, of academic titles several, in any order."""
    by_kind = [[code for code in CODES if kinds([code]) == [kind]] for kind in Kind]
    chosen = [draw(st.sampled_from(["", *codes])) for codes in by_kind[:3]] + draw(st.lists(st.sampled_from(by_kind[3])))
    return draw(st.permutations([code for code in chosen if code]))


@pytest.mark.parametrize(
    ("codes", "english", "khmer"),
    [
        ("", "", ""),
        ("doctor excellency", "H.E. Dr", "ឯកឧត្តមបណ្ឌិត"),
        ("lok-chumteav doctor", "H.E. Dr", "លោកជំទាវបណ្ឌិត"),
        ("doctor professor mr", "Prof. Dr", "លោកសាស្ត្រាចារ្យបណ្ឌិត"),
        ("techo samdech", "Samdech Techo", "សម្តេចតេជោ"),
        ("excellency general", "H.E. Gen.", "ឯកឧត្តម នាយឧត្តមសេនីយ៍"),
        ("doctor neak-oknha excellency", "H.E. Neak Oknha Dr", "ឯកឧត្តម អ្នកឧកញ៉ា បណ្ឌិត"),
        ("mr oknha", "Oknha", "លោកឧកញ៉ា"),
        ("excellency academician doctor", "H.E. Acad. Dr", "ឯកឧត្តមបណ្ឌិតសភាចារ្យ"),
        ("venerable preah-moha", "Ven. Preah Moha", "ព្រះតេជគុណព្រះមហា"),
        ("ms", "Ms", "កញ្ញា"),
    ],
)
def test_a_badge_has_the_words_of_each_language_in_its_order(codes, english, khmer):
    assert (written(codes, "en"), written(codes, "km")) == (english, khmer)


@pytest.mark.parametrize(
    ("codes", "english", "khmer"),
    [
        ("excellency professor doctor", "H.E. Professor Dr", "ឯកឧត្តមសាស្ត្រាចារ្យបណ្ឌិត"),
        ("samdech thipadei", "Samdech Moha Borvor Thipadei", "សម្តេចមហាបវរធិបតី"),
        ("venerable", "Venerable", "ព្រះតេជព្រះគុណ"),
        ("brigadier-general", "Brigadier General", "ឧត្តមសេនីយ៍ត្រី"),
        ("mrs", "Mrs", "លោកស្រី"),
    ],
)
def test_a_letter_writes_out_what_a_badge_shortens(codes, english, khmer):
    assert (written(codes, "en", Form.LETTER), written(codes, "km", Form.LETTER)) == (english, khmer)


@pytest.mark.parametrize(
    ("codes", "english", "khmer"),
    [
        ("excellency doctor", "Your Excellency", "ឯកឧត្តមបណ្ឌិត"),
        ("lok-chumteav", "Your Excellency", "លោកជំទាវ"),
        ("samdech techo", "Samdech Techo", "សម្តេចតេជោ"),
        ("venerable preah-moha", "Venerable", "ព្រះតេជព្រះគុណព្រះមហា"),
        ("mr professor doctor", "Professor", "លោកសាស្ត្រាចារ្យបណ្ឌិត"),
        ("neak-oknha doctor", "Neak Oknha", "អ្នកឧកញ៉ា បណ្ឌិត"),
        ("lieutenant-colonel", "Colonel", "វរសេនីយ៍ទោ"),
        ("mr", "Sir", "លោក"),
        ("ms", "Madam", "កញ្ញា"),
        ("", "", ""),
    ],
)
def test_people_are_spoken_to_as_each_language_does(codes, english, khmer):
    assert (written(codes, "en", Form.SPEECH), written(codes, "km", Form.SPEECH)) == (english, khmer)


@given(combinations())
def test_whatever_order_was_typed_the_same_is_kept_and_written(codes):
    kept = honorifics.normal(codes)

    assert kinds(kept.split()) == sorted(kinds(codes_once := set(codes)), key=list(Kind).index)
    assert set(kept.split()) == codes_once
    assert honorifics.normal(reversed(codes)) == honorifics.normal(kept) == kept
    for language, form in itertools.product(("en", "km"), Form):
        text = written(kept, language, form)
        assert bool(text) == bool(kept)
        assert text == " ".join(text.split())


@given(combinations(), st.sampled_from(["en", "km"]), st.sampled_from([Form.BADGE, Form.LETTER]))
def test_what_is_written_is_read_again(codes, language, form):
    """As it is written: what a language leaves out, and which of two excellencies it was, cannot be read."""
    kept = honorifics.normal(codes)
    text = written(kept, language, form)

    assert written(honorifics.read(text), language, form) == text


@pytest.mark.parametrize("codes", ["sir", "mr mrs", "oknha neak-oknha", "general colonel"])
def test_what_is_none_and_two_of_one_kind_are_refused(codes):
    with pytest.raises(ValidationError) as refusal:
        honorifics.normal(codes)

    assert refusal.value.code == "honorific"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ""),
        ("H.E.", "excellency"),
        ("he dr.", "excellency doctor"),
        ("Dr. H. E.", "excellency doctor"),
        ("Prof.Dr.", "professor doctor"),
        ("HER EXCELLENCY", "excellency"),
        ("ឯ.ឧ. បណ្ឌិត", "excellency doctor"),
        ("ឯកឧត្ដមបណ្ឌិត", "excellency doctor"),  # with the subscript DA
        ("លោក\u200bស្រី", "mrs"),
        ("លោកឧកញ៉ា", "mr oknha"),
        ("Lt. Gen.", "lieutenant-general"),
        ("Samdech Akka Moha Sena Padei Techo", "samdech techo"),
        ("excellency doctor", "excellency doctor"),
        ("Mr Mrs", None),
        ("Mrx", None),
        ("Drs", None),
        ("លោកៈ", None),
        ("Count", None),
    ],
)
def test_words_of_either_language_are_understood_in_any_combination(text, codes):
    assert honorifics.read(text) == codes


@pytest.mark.parametrize("language", ["en", "km"])
def test_what_the_boxes_offer_is_read_again_from_a_sheet(language):
    with translation.override(language):
        cells = honorifics.for_sheets()
        read = [honorifics.read(cell) for cell in cells]

    assert read == [value for offered in (STYLES, TITLES) for value in offered[language] if value]


@pytest.mark.parametrize(("language", "first"), [("en", ["", "mr", "mrs"]), ("km", ["", "samdech", "excellency"])])
def test_each_language_has_its_order_of_choices(language, first):
    with translation.override(language):
        assert [value for value, _label in honorifics.choices(STYLES)][:3] == first
    assert sorted(STYLES[language]) == sorted(STYLES["en"])
    assert sorted(TITLES[language]) == sorted(TITLES["en"])


def test_everything_offered_is_kept_as_it_is():
    assert [honorifics.normal(value) for value in OFFERED] == OFFERED


@pytest.mark.parametrize("code", ["", *CODES])
def test_what_was_kept_before_several_could_be_means_what_it_meant(code):
    style, titles = honorifics.split(code)

    assert f"{style}{titles}" == honorifics.normal(code) == code
