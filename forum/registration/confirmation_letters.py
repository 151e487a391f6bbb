"""On paper: that a person is registered, with the code for the badge desk; for those whom no e-mail reaches."""

from collections.abc import Iterable
from pathlib import Path

from django.template.loader import get_template
from django.utils import timezone

from cms import khmer, languages, pdf, qr
from cms.addresses import whole
from forum.registration.models import Registration

STYLE = Path(__file__).parent / "templates" / "registration" / "letter.css"
AT_ONCE = 50  # in one document: memory stays near that of one


def render(people: Iterable[Registration]) -> bytes:
    """One PDF, a page for each person in both languages; ``people`` come with ``with_names()``. Raises ValueError when there
    is nobody."""
    people = list(people)
    return pdf.join(_sheet(people[start : start + AT_ONCE]) for start in range(0, len(people), AT_ONCE))


def _sheet(people) -> bytes:
    letters = [
        {"person": person, "parts": [_part(person, language) for language in languages.ON_PAPER]} for person in people
    ]
    context = {"letters": letters, "edition": people[0].edition, "today": timezone.now()}
    html = get_template("registration/letter.html").render(context)
    codes = {person.code: qr.png(person.code) for person in people}
    codes |= {f"{person.code}-page": qr.png(own_page_of(person), scale=4) for person in people}
    return pdf.render(khmer.split_lines(html), stylesheets=[STYLE.read_text()], images=codes)


def own_page_of(person: Registration) -> str:
    """Whoever no mail reaches has the link on paper: to change something, to withdraw, to see what is kept of them."""
    return whole("registration:own", person.token, language=person.language)


def _part(person, language):
    """What is said in one language of the two."""
    return {"language": language, "name": person.addressed_in(language), "agency": person.agency_in(language)}
