"""The Khmer catalogue: every sentence that a reader of Khmer meets is there, with its placeholders."""

import ast
import re

import polib
import pytest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override, trans_real

from cms import catalogues
from tests.conftest import ROOT

CATALOGUE = ROOT / "forum" / "locale" / "km" / "LC_MESSAGES" / "django.po"
# Commands speak English alone.
ENGLISH_ALONE = ("/management/",)
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<a [^>]*>|</a>")
CALLS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}


def entries():
    return list(polib.pofile(str(CATALOGUE)))


def is_met(entry) -> bool:
    return not all(any(part in path for part in ENGLISH_ALONE) for path, _line in entry.occurrences)


def written(entry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def test_nothing_that_readers_meet_is_left_in_english():
    assert [entry.msgid for entry in entries() if is_met(entry) and not written(entry)] == []


def test_nothing_is_guessed():
    assert [entry.msgid for entry in entries() if entry.fuzzy] == []


def test_every_sentence_keeps_its_placeholders():
    def held(text):
        return sorted(PLACEHOLDERS.findall(text))

    changed = [
        entry.msgid
        for entry in entries()
        if written(entry) and held(written(entry)) not in (held(entry.msgid), held(entry.msgid_plural))
    ]

    assert changed == []


def test_two_values_never_stand_beside_one_another_where_english_parts_them():
    """A code and a name that only a blank parts read as one: QX886-4S7SS DGF."""
    beside, parted = re.compile(r"%\((\w+)\)s %\((\w+)\)s"), re.compile(r"%\((\w+)\)s[,:;] %\((\w+)\)s")

    run_together = [
        entry.msgid for entry in entries() if set(beside.findall(written(entry))) & set(parted.findall(entry.msgid))
    ]

    assert run_together == []


def test_what_is_quoted_stands_in_khmer_quotation_marks():
    assert [entry.msgid for entry in entries() if re.search("[“”‘]", written(entry))] == []


def test_a_day_is_written_the_same_everywhere():
    assert [written(entry) for entry in entries() if "ថ្ងៃទី %(" in written(entry)] == []


def test_every_sentence_of_the_code_stands_in_the_catalogue():
    """Looks for the literal sentences of Python code; templates are held by makemessages when the catalogue is made."""
    known = {entry.msgid for entry in entries()}
    called = re.compile(r"""\b(?:_|gettext|gettext_lazy)\(\s*"((?:[^"\\]|\\.)+)"\s*[,)]""")
    missing = [
        f"{path.relative_to(ROOT)}: {sentence}"
        for top in ("forum", "exhibitors", "agenda", "cms")
        for path in (ROOT / top).rglob("*.py")
        if "migrations" not in path.parts
        for sentence in called.findall(path.read_text())
        if sentence.replace('\\"', '"') not in known
    ]

    assert missing == []


def test_no_sentence_hides_within_an_f_string():
    """xgettext reads none there, so the sentence would stay English."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for top in ("forum", "exhibitors", "agenda", "cms")
        for path in (ROOT / top).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLS
    ]

    assert hidden == []


@pytest.mark.parametrize("tag", ["translate", "blocktranslate"])
def test_every_sentence_of_the_templates_stands_in_the_catalogue(tag):
    known = {entry.msgid for entry in entries()}
    patterns = {
        "translate": re.compile(r"""{% translate ["']((?:[^"'\\]|(?<=\w)['’](?=\w))+)["'] %}"""),
        "blocktranslate": re.compile(r"{% blocktranslate[^%]* %}((?:(?!{%).)*){%", re.DOTALL),
    }
    missing = []
    for top in ("forum", "exhibitors", "agenda", "cms"):
        for path in (ROOT / top).rglob("templates/**/*.*"):
            for sentence in patterns[tag].findall(path.read_text()):
                plain = re.sub(r"{{ (\w+) }}", r"%(\1)s", " ".join(sentence.split()))
                if plain and plain not in known:
                    missing.append(f"{path.relative_to(ROOT)}: {plain}")

    assert missing == []


def test_a_sentence_is_looked_up_once_and_said_as_before():
    found = "Save"
    for language in ("km", "en"):
        with override(language):
            catalogue = trans_real.catalog()
            looked_up = catalogue.gettext.__wrapped__(catalogue, found)
            assert gettext(found) == gettext(found) == looked_up
            assert catalogue.remembered[found] == looked_up
    assert type(gettext(mark_safe("Save"))) is SafeString and type(gettext(found)) is str


def test_not_more_is_remembered_than_a_program_says(monkeypatch):
    monkeypatch.setattr(catalogues, "MOST_REMEMBERED", 0)

    assert gettext("typed by somebody just now") == "typed by somebody just now"
    assert "typed by somebody just now" not in trans_real.catalog().remembered
