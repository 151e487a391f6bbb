"""The certificate as PDF: A4 across, Khmer above and English beneath."""

import datetime
from functools import cache
from pathlib import Path

from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from cms import dates, khmer, languages, pdf
from cms.models import Edition
from forum.checkin.attending import Stay
from forum.documents import marks
from forum.registration import letter_texts
from forum.registration.honorifics import Form
from forum.registration.models import Letterhead, Registration

STYLE = Path(__file__).parent / "templates" / "certificates" / "certificate.css"


def facts_of(registration: Registration, days: list[datetime.date], stays: list[Stay]) -> dict:
    """Everything that it says, in both languages, as JSON can hold it."""
    edition, letterhead = registration.edition, Letterhead.of(registration.edition)
    said = {"is_demonstration": edition.is_demonstration, "emblem": letterhead.emblem.name}
    for language in languages.ON_PAPER:
        with translation.override(language):
            said[language] = {
                "name": registration.addressed_in(language, Form.LETTER),
                "position": _position(registration, language),
                "agency": registration.agency_in(language),
                "edition": languages.read(edition, "name")[0],
                "theme": languages.read(edition, "theme")[0],
                "venue": languages.read(edition, "venue")[0],
                "organiser": languages.read(edition, "organiser")[0],
                "days": ", ".join(dates.official_span(*run, language) for run in dates.runs(days)),
                "signatory_name": getattr(letterhead, f"signatory_name_{language}"),
                "signatory_title": getattr(letterhead, f"signatory_title_{language}"),
            }
            if sessions := _sessions(stays):  # else it says what it said before sessions were counted
                said[language]["sessions"] = sessions
    return said


def _sessions(stays: list[Stay]) -> str:
    """How many, and how long they were in all where every door saw people leave."""
    lasted = [stay.minutes for stay in stays if stay.minutes != 0]
    if not lasted:
        return ""
    words = {"number": dates.digits(str(len(lasted)))}
    if None in lasted:
        return _("Sessions attended: %(number)s") % words
    hours, minutes = divmod(sum(lasted), 60)
    words["hours"] = dates.digits(f"{hours}:{minutes:02}")
    return _("Sessions attended: %(number)s, %(hours)s hours in all") % words


def _position(registration, language) -> str:
    """A person writes one, in one script: it stands in the half that reads it."""
    is_khmer = any("\u1780" <= letter <= "\u17ff" for letter in registration.position)
    return registration.position if is_khmer == (language == "km") else ""


def draw(edition: Edition, facts: dict, link: str) -> bytes:
    parts = [
        {"language": language, "kingdom": letter_texts.KINGDOM[language], "motto": letter_texts.MOTTO[language]}
        | facts[language]
        for language in languages.ON_PAPER
    ]
    emblem = Letterhead.of(edition).read_emblem()
    html = get_template("certificates/certificate.html").render(
        {"parts": parts, "facts": facts, "has_emblem": bool(emblem), "mark": marks.of(link)}
    )
    images = marks.images(link) | ({"emblem": emblem} if emblem else {})
    return pdf.render(khmer.split_lines(html), stylesheets=[_style()], images=images)


@cache
def _style() -> str:
    return STYLE.read_text()
