"""Forms of address: which there are, how each is written on a badge, in a letter and when one speaks, in which order.

``Registration.honorific`` holds codes with blanks between: at most one of each kind, of academic titles as many as there
are. Whence the words come, and what is left to people who know better, stands in
``docs/decisions/forms-of-address-are-codes.md``.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cms import khmer, languages


class Form(StrEnum):
    BADGE = "badge"
    LETTER = "letter"
    SPEECH = "speech"  # as the person is spoken to, without the name


class Kind(StrEnum):
    """In the order in which they are written, in both languages."""

    STYLE = "style"
    CONFERRED = "conferred"
    RANK = "rank"
    ACADEMIC = "academic"


class Honorific(models.TextChoices):
    """Within each kind by precedence; academic titles as they follow one another."""

    NONE = "", gettext_lazy("None")
    SAMDECH = "samdech", gettext_lazy("Samdech")
    EXCELLENCY = "excellency", gettext_lazy("His or Her Excellency")
    LOK_CHUMTEAV = "lok-chumteav", gettext_lazy("Lok Chumteav")
    VENERABLE = "venerable", gettext_lazy("Venerable")
    MR = "mr", gettext_lazy("Mr")
    MRS = "mrs", gettext_lazy("Mrs")
    MS = "ms", gettext_lazy("Ms")
    TECHO = "techo", gettext_lazy("Techo, after Samdech")
    THIPADEI = "thipadei", gettext_lazy("Thipadei, after Samdech")
    PREAH_MOHA = "preah-moha", gettext_lazy("Preah Moha")
    NEAK_OKNHA = "neak-oknha", gettext_lazy("Neak Oknha")
    OKNHA = "oknha", gettext_lazy("Oknha")
    GENERAL = "general", gettext_lazy("General")
    LIEUTENANT_GENERAL = "lieutenant-general", gettext_lazy("Lieutenant General")
    MAJOR_GENERAL = "major-general", gettext_lazy("Major General")
    BRIGADIER_GENERAL = "brigadier-general", gettext_lazy("Brigadier General")
    COLONEL = "colonel", gettext_lazy("Colonel")
    LIEUTENANT_COLONEL = "lieutenant-colonel", gettext_lazy("Lieutenant Colonel")
    MAJOR = "major", gettext_lazy("Major")
    ACADEMICIAN = "academician", gettext_lazy("Academician")
    PROFESSOR = "professor", gettext_lazy("Professor")
    ASSOCIATE_PROFESSOR = "associate-professor", gettext_lazy("Associate Professor")
    DOCTOR = "doctor", gettext_lazy("Doctor")
    PHYSICIAN = "physician", gettext_lazy("Doctor of medicine")


class Words(NamedTuple):
    """How one is written; a blank is as the one before: the letter as the badge, speech as the letter."""

    kind: Kind
    badge: tuple[str, str]  # English, Khmer
    letter: tuple[str, str] = ("", "")
    speech: tuple[str, str] = ("", "")

    def form(self, language: str, form: Form) -> str:
        forms = {Form.BADGE: [self.badge], Form.LETTER: [self.letter, self.badge]}
        forms[Form.SPEECH] = [self.speech, *forms[Form.LETTER]]
        place = 1 if language == "km" else 0
        return next(words[place] for words in forms[form] if words[place])


STYLE, CONFERRED, RANK, ACADEMIC = Kind
WRITTEN = {
    Honorific.SAMDECH: Words(STYLE, ("Samdech", "សម្តេច")),
    Honorific.EXCELLENCY: Words(STYLE, ("H.E.", "ឯកឧត្តម"), speech=("Your Excellency", "")),
    Honorific.LOK_CHUMTEAV: Words(STYLE, ("H.E.", "លោកជំទាវ"), speech=("Your Excellency", "")),
    Honorific.VENERABLE: Words(STYLE, ("Ven.", "ព្រះតេជគុណ"), ("Venerable", "ព្រះតេជព្រះគុណ")),
    Honorific.MR: Words(STYLE, ("Mr", "លោក"), speech=("Sir", "")),
    Honorific.MRS: Words(STYLE, ("Mrs", "លោកស្រី"), speech=("Madam", "")),
    Honorific.MS: Words(STYLE, ("Ms", "កញ្ញា"), speech=("Madam", "")),
    Honorific.TECHO: Words(
        CONFERRED, ("Techo", "តេជោ"), ("Akka Moha Sena Padei Techo", "អគ្គមហាសេនាបតីតេជោ"), ("Techo", "តេជោ")
    ),
    Honorific.THIPADEI: Words(
        CONFERRED, ("Thipadei", "ធិបតី"), ("Moha Borvor Thipadei", "មហាបវរធិបតី"), ("Thipadei", "ធិបតី")
    ),
    Honorific.PREAH_MOHA: Words(CONFERRED, ("Preah Moha", "ព្រះមហា")),
    Honorific.NEAK_OKNHA: Words(CONFERRED, ("Neak Oknha", "អ្នកឧកញ៉ា")),
    Honorific.OKNHA: Words(CONFERRED, ("Oknha", "ឧកញ៉ា")),
    Honorific.GENERAL: Words(RANK, ("Gen.", "នាយឧត្តមសេនីយ៍"), ("General", "")),
    Honorific.LIEUTENANT_GENERAL: Words(RANK, ("Lt Gen.", "ឧត្តមសេនីយ៍ឯក"), ("Lieutenant General", ""), ("General", "")),
    Honorific.MAJOR_GENERAL: Words(RANK, ("Maj. Gen.", "ឧត្តមសេនីយ៍ទោ"), ("Major General", ""), ("General", "")),
    Honorific.BRIGADIER_GENERAL: Words(RANK, ("Brig. Gen.", "ឧត្តមសេនីយ៍ត្រី"), ("Brigadier General", ""), ("General", "")),
    Honorific.COLONEL: Words(RANK, ("Col.", "វរសេនីយ៍ឯក"), ("Colonel", "")),
    Honorific.LIEUTENANT_COLONEL: Words(RANK, ("Lt Col.", "វរសេនីយ៍ទោ"), ("Lieutenant Colonel", ""), ("Colonel", "")),
    Honorific.MAJOR: Words(RANK, ("Maj.", "វរសេនីយ៍ត្រី"), ("Major", "")),
    Honorific.ACADEMICIAN: Words(ACADEMIC, ("Acad.", "បណ្ឌិតសភាចារ្យ"), ("Academician", "")),
    Honorific.PROFESSOR: Words(ACADEMIC, ("Prof.", "សាស្ត្រាចារ្យ"), ("Professor", "")),
    Honorific.ASSOCIATE_PROFESSOR: Words(
        ACADEMIC, ("Assoc. Prof.", "សាស្ត្រាចារ្យរង"), ("Associate Professor", ""), ("Professor", "")
    ),
    Honorific.DOCTOR: Words(ACADEMIC, ("Dr", "បណ្ឌិត"), speech=("Doctor", "")),
    Honorific.PHYSICIAN: Words(ACADEMIC, ("Dr", "វេជ្ជបណ្ឌិត"), speech=("Doctor", "")),
}  # fmt: skip

PLAIN = {Honorific.MR, Honorific.MRS, Honorific.MS}
# Spoken to by these, nothing more is said in English.
WHOLE_IN_SPEECH = {Honorific.EXCELLENCY, Honorific.LOK_CHUMTEAV, Honorific.VENERABLE}
# The Khmer words hold the degree.
DOCTORS_IN_KHMER = {Honorific.ACADEMICIAN, Honorific.PHYSICIAN}

# What the boxes offer, in the order in which readers of each language look for it; anything else is understood.
STYLES = {
    "km": ["", "samdech", "excellency", "lok-chumteav", "venerable", "mr", "mrs", "ms"],
    "en": ["", "mr", "mrs", "ms", "excellency", "lok-chumteav", "venerable", "samdech"],
}
_CONFERRED = ["neak-oknha", "oknha", "preah-moha"]
_RANKS = [code.value for code, words in WRITTEN.items() if words.kind == RANK]
_ACADEMIC = ["doctor", "physician", "professor", "professor doctor", "associate-professor", "associate-professor doctor",
             "academician"]  # fmt: skip
TITLES = {"km": ["", *_CONFERRED, *_RANKS, *_ACADEMIC], "en": ["", *_ACADEMIC, *_RANKS, *_CONFERRED]}
# Of one person each: staff give them.
RARE = ["techo", "thipadei"]

# As people write them besides, in sheets.
ALSO = {"excellency": ["HE", "Excellency", "His Excellency", "Her Excellency", "ឯ.ឧ."], "venerable": ["ព្រះតេជព្រះគុណ"],
        "lok-chumteav": ["Lok Chum Teav"], "ms": ["Miss", "អ្នកនាងកញ្ញា"], "doctor": ["PhD"], "physician": ["MD"]}  # fmt: skip


@lru_cache(maxsize=2_000)  # most people are addressed in one of a few ways, and lists have thousands of them
def written(value: str, language: str, form: Form = Form.BADGE) -> str:
    """The forms of address whose codes ``value`` holds, as ``language`` writes them together; empty where there is none."""
    codes = _said([Honorific(code) for code in normal(value).split()], language, form)
    text, last = "", None
    for code in codes:
        text += " " * (last is not None and _stand_apart(last, code, language)) + WRITTEN[code].form(language, form)
        last = code
    return text


def shown(row) -> str:
    """``row.honorific`` in words; as ``get_honorific_display`` of a model the back office finds it."""
    return written(row.honorific, languages.current(), Form.LETTER)


def _said(codes: list[Honorific], language: str, form: Form) -> list[Honorific]:
    """What of them is written: English has no Mr beside a title, and speaks to people by one; no degree stands twice."""
    if language == "km":
        return [code for code in codes if code != Honorific.DOCTOR or not DOCTORS_IN_KHMER & set(codes)]
    if len(codes) > 1:
        codes = [code for code in codes if code not in PLAIN]
    if Honorific.DOCTOR in codes:
        codes = [code for code in codes if code != Honorific.PHYSICIAN]
    if form != Form.SPEECH:
        return codes
    if WHOLE_IN_SPEECH & set(codes[:1]):
        return codes[:1]
    return [code for code in codes if WRITTEN[code].kind in (STYLE, CONFERRED)] or codes[:1]


def _stand_apart(before, code, language) -> bool:
    """Khmer writes them together, but for ranks and what begins with a word of its own."""
    if language != "km":
        return True
    return any(WRITTEN[each].kind == RANK or each == Honorific.NEAK_OKNHA for each in (before, code))


def normal(value: str | Iterable[str]) -> str:
    """The codes in their order, each once. Refuses with ``honorific`` what is none, and two of a kind that has one alone."""
    codes = {code for code in (value.split() if isinstance(value, str) else value) if code}
    order = [code for code in Honorific if code and code in codes]
    kinds = [WRITTEN[code].kind for code in order if WRITTEN[code].kind != ACADEMIC]
    if len(order) != len(codes) or len(kinds) != len(set(kinds)):
        raise ValidationError(_("These forms of address do not go together."), code="honorific")
    return " ".join(order)


def is_normal(value: str) -> bool:
    try:
        return normal(value) == value
    except ValidationError:
        return False


def split(value: str) -> tuple[str, str]:
    """The style, and the titles that follow it: what the two boxes of a form hold."""
    codes = value.split()
    styles = [code for code in codes if WRITTEN[Honorific(code)].kind == STYLE]
    return " ".join(styles), " ".join(code for code in codes if code not in styles)


def choices(offered: dict[str, list[str]], *more: str) -> list[tuple[str, str]]:
    """What a box shows to a reader of the present language; ``more`` stands at the end where it is not offered."""
    language = languages.current()
    values = offered[language]
    return [(value, _label(value, language)) for value in [*values, *(value for value in more if value not in values)]]


def for_sheets() -> list[str]:
    """What may be written in a cell, in the reader's language, and is read again."""
    return [" ".join(str(Honorific(code).label) for code in value.split())
            for offered in (STYLES, TITLES) for value in offered[languages.current()] if value]  # fmt: skip


@lru_cache(maxsize=256)
def _label(value: str, language: str) -> str:
    """A combination in ``language``, the present one, and as it is written in both."""
    if not value:
        return str(Honorific.NONE.label)
    words = " ".join(str(Honorific(code).label) for code in value.split())
    return f"{words} ({written(value, 'en')} · {written(value, 'km')})"


def read(text: str) -> str | None:
    """The codes of forms of address as people write them, in either language and several in a row; None where a word is
    none of them, or where two do not go together."""
    known, rest, found = _known(), _plain(text), []
    while rest:
        word = next((word for word in known if rest.startswith(word) and _ends(rest, len(word))), None)
        if word is None:
            return None
        found.append(known[word])
        rest = rest[len(word) :].lstrip()
    try:
        return normal(found)
    except ValidationError:
        return None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[.,_-]", " ", khmer.fold(text)).split())


def _ends(text: str, place: int) -> bool:
    """Whether a word may end there: Latin ones end at a blank, Khmer ones before anything but a vowel or a subscript."""
    if place == len(text) or text[place] == " ":
        return True
    return not text[place - 1].isascii() and not unicodedata.category(text[place]).startswith("M")


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Codes by how each is written, plain; the longest first."""
    known: dict[str, str] = {}
    for code, words in WRITTEN.items():
        for word in (code.value, *words.badge, *words.letter, *ALSO.get(code, [])):
            known.setdefault(_plain(word), code.value)
        for language in languages.CODES:
            with override(language):
                known.setdefault(_plain(str(code.label)), code.value)
    known.pop("", None)
    return dict(sorted(known.items(), key=lambda entry: -len(entry[0])))
