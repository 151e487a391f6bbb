"""Letters of invitation on paper, for a signature in ink: what each says, and as PDF."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from cms import dates, khmer, languages, pdf, qr
from cms.addresses import whole
from forum.documents import marks
from forum.registration import letter_texts
from forum.registration.honorifics import Form
from forum.registration.models import Guest, Letterhead

STYLE = Path(__file__).parent / "templates" / "registration" / "invitation.css"


@dataclass(frozen=True)
class Page:
    """One letter in one language, as both PDF and DOCX show it."""

    language: str
    kingdom: str
    motto: str
    organiser: str
    number_word: str
    number: str
    to_word: str
    addressee: list[str]
    subject_word: str
    subject: str
    paragraphs: list[str]
    lunar_date: str
    date: str
    signatory_title: str
    signatory_name: str
    reply: str
    code: str
    demonstration: str


@dataclass(frozen=True)
class Letter:
    """All that goes to one guest: a page or two, the link to reply by, and the one by which the paper is checked, which a
    draft has not."""

    guest: Guest
    pages: list[Page]
    link: str
    checked_at: str = ""

    @property
    def mark(self) -> dict | None:
        return marks.of(self.checked_at) if self.checked_at else None


def write(guests: Iterable[Guest]) -> tuple[list[Letter], bytes]:
    """The letters, and the emblem above them (empty where there is none). ``guests`` are of one edition, with names."""
    guests = list(guests)
    letterhead = Letterhead.of(guests[0].edition)
    return [_letter(guest, letterhead) for guest in guests], letterhead.read_emblem()


def draw(letter: Letter, emblem: bytes) -> bytes:
    """Its PDF."""
    with override(letter.pages[0].language):
        context = {"letter": letter, "mark": letter.mark, "has_emblem": bool(emblem), "title": letter.pages[0].subject}
        html = get_template("registration/invitation.html").render(context)
    images = {"qr": qr.png(letter.link)} | ({"emblem": emblem} if emblem else {})
    images |= marks.images(letter.checked_at) if letter.checked_at else {}
    return pdf.render(khmer.split_lines(html), stylesheets=[STYLE.read_text()], images=images)


def _letter(guest, letterhead) -> Letter:
    pages = [_page(guest, letterhead, language) for language in guest.spoken_languages]
    return Letter(guest, pages, whole("reply:form", guest.token, language=guest.language))


def _page(guest, letterhead, language) -> Page:
    """Within it everything is said in ``language``."""
    with override(language):
        said = partial(guest.guest_list.words, language=language, letterhead=letterhead)
        values = _values(guest, language)
        return Page(
            language=language,
            kingdom=letter_texts.KINGDOM[language],
            motto=letter_texts.MOTTO[language],
            organiser=languages.read(guest.edition, "organiser", language)[0],
            number_word=pgettext("letter", "No."),
            number=_number(guest, letterhead, language),
            to_word=pgettext("letter", "To"),
            addressee=[line for line in (values["name"], values["position"], values["agency"]) if line],
            subject_word=pgettext("letter", "Subject:"),
            subject=letter_texts.fill(said("subject"), values),
            paragraphs=letter_texts.paragraphs(letter_texts.fill(said("text"), values)),
            lunar_date=letter_texts.LUNAR_DATE if language == "km" else "",
            date=_date(guest, letterhead, language),
            signatory_title=said("signatory_title"),
            signatory_name=said("signatory_name"),
            reply=_reply(guest),
            code=guest.short_code,
            demonstration=_("Demonstration: opens no real door") if guest.edition.is_demonstration else "",
        )


def _values(guest, language) -> dict[str, str]:
    """What the places in a text are filled with."""
    edition, guest_list = guest.edition, guest.guest_list
    return {
        "address": guest.honorific_in(language, Form.SPEECH) or guest.name_in(language),
        "name": guest.addressed_in(language),
        "position": guest.position_in(language),
        "agency": guest.agency_in(language),
        "forum": languages.read(edition, "name", language)[0],
        "theme": languages.read(edition, "theme", language)[0] or letter_texts.BLANK,
        "dates": dates.official_span(edition.opens_on, edition.closes_on, language),
        "venue": languages.read(edition, "venue", language)[0] or letter_texts.BLANK,
        "organiser": languages.read(edition, "organiser", language)[0] or letter_texts.BLANK,
        "occasion": languages.read(guest_list, "name", language)[0],
        "deadline": dates.official(guest_list.reply_by, language),
        "companions": _companions(guest_list.companions),
    }


def _companions(number) -> str:
    if not number:
        return ""
    words = ngettext(
        "You may bring %(written)s companion.", "You may bring up to %(written)s companions.", number
    )  # fmt: skip
    return words % {"written": dates.digits(str(number))}


def _number(guest, letterhead, language) -> str:
    given = guest.letter_number
    written = dates.digits(f"{given:03}", language) if given is not None else letter_texts.BLANK
    return getattr(letterhead, f"number_form_{language}").replace("{number}", written)


def _date(guest, letterhead, language) -> str:
    """Day and place; the day is written in by hand where the letter has none yet."""
    day = dates.official(guest.letter_date, language) if guest.letter_date else letter_texts.BLANK
    separator = " " if language == "km" else ", "
    return getattr(letterhead, f"place_{language}") + separator + day


def _reply(guest) -> str:
    """Beneath the letter, beside the picture of the link."""
    guest_list = guest.guest_list
    facts = {
        "deadline": dates.official(guest_list.reply_by),
        "office": guest_list.contact_written,
    }
    said = _(
        "Please reply by %(deadline)s: point your telephone’s camera at this code, or tell the one below to %(office)s."
    )
    return said % facts
