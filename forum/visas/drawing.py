"""The letter as PDF: one page in Khmer, one in English, for a signature in ink."""

import json
from functools import cache
from pathlib import Path

from django.template.loader import get_template
from django.utils import translation

from cms import countries, dates, khmer, languages, pdf
from cms.models import Edition
from forum.documents import marks
from forum.registration import letter_texts
from forum.registration.models import Letterhead, Registration
from forum.visas.models import VisaRequest

STYLE = Path(__file__).parent / "templates" / "visas" / "letter.css"


def facts_of(registration: Registration, request: VisaRequest) -> dict:
    """Everything that it says, in both languages, as JSON can hold it. The name is the passport's: in Latin letters."""
    edition, letterhead = registration.edition, Letterhead.of(registration.edition)
    said = {"is_demonstration": edition.is_demonstration, "emblem": letterhead.emblem.name}
    for language in languages.ON_PAPER:
        with translation.override(language):
            said[language] = {
                "name": registration.name_in("en"),
                "agency": registration.agency_in(language),
                "nationality": countries.name(edition.pk, request.nationality, language),
                "passport_number": request.passport_number,
                "born_on": dates.day(request.born_on, language),
                "expires_on": dates.day(request.expires_on, language),
                "arrives_on": dates.day(request.arrives_on, language),
                "leaves_on": dates.day(request.leaves_on, language),
                "post": request.post,
                "edition": languages.read(edition, "name")[0],
                "dates": dates.official_span(edition.opens_on, edition.closes_on, language),
                "venue": languages.read(edition, "venue")[0],
                "organiser": languages.read(edition, "organiser")[0],
                "place": getattr(letterhead, f"place_{language}"),
                "written_on": dates.official(edition.today, language),
                "signatory_name": getattr(letterhead, f"signatory_name_{language}"),
                "signatory_title": getattr(letterhead, f"signatory_title_{language}"),
                "contact": edition.contact_email,
            }
    return said


def words_of(facts: dict) -> str:
    """What makes it another letter: all but the day of writing."""
    return json.dumps(
        {key: {name: word for name, word in part.items() if name != "written_on"} if isinstance(part, dict) else part
         for key, part in facts.items()},
        sort_keys=True,
    )  # fmt: skip


def draw(edition: Edition, facts: dict, link: str) -> bytes:
    parts = [
        {"language": language, "kingdom": letter_texts.KINGDOM[language], "motto": letter_texts.MOTTO[language]}
        | facts[language]
        for language in languages.ON_PAPER
    ]
    emblem = Letterhead.of(edition).read_emblem()
    context = {
        "parts": parts,
        "facts": facts,
        "has_emblem": bool(emblem),
        "mark": marks.of(link),
        "blank": letter_texts.BLANK,
    }
    html = get_template("visas/letter.html").render(context)
    images = marks.images(link) | ({"emblem": emblem} if emblem else {})
    return pdf.render(khmer.split_lines(html), stylesheets=[_style()], images=images)


@cache
def _style() -> str:
    return STYLE.read_text()
