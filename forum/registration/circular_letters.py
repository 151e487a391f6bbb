"""A circular on paper, for people without an address of their own: in their language, with the QR of their own page."""

from collections.abc import Iterable
from pathlib import Path

from django.template.loader import get_template
from django.utils import timezone

from cms import khmer, pdf, qr
from forum.registration import circulating
from forum.registration.models import Circular, Recipient

STYLE = Path(__file__).parent / "templates" / "registration" / "circular.css"
AT_ONCE = 50  # in one document: memory stays near that of one


def render(circular: Circular, recipients: Iterable[Recipient]) -> bytes:
    """One PDF; ``recipients`` come with their people and what those are named by. Raises ValueError when there is nobody."""
    recipients = list(recipients)
    return pdf.join(_sheet(circular, recipients[start : start + AT_ONCE]) for start in range(0, len(recipients), AT_ONCE))


def _sheet(circular, recipients) -> bytes:
    letters = [_letter(circular, recipient.registration, recipient.language) for recipient in recipients]
    context = {"letters": letters, "edition": circular.edition, "today": timezone.now()}
    html = get_template("registration/circular.html").render(context)
    codes = {letter["person"].code: qr.png(circulating.FILLED["link"](letter["person"], "en")) for letter in letters}
    return pdf.render(khmer.split_lines(html), stylesheets=[STYLE.read_text()], images=codes)


def _letter(circular, person, language):
    subject, body = circulating.filled(circular, person, language)
    return {"person": person, "language": language, "subject": subject, "body": body}
