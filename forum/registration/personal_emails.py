"""What is written to who is invited personally: by mail, or on a page with a QR for who has no address."""

from pathlib import Path

from django.template.loader import get_template
from django.utils import timezone

from cms import khmer, languages, mail, pdf, qr
from cms.addresses import whole
from forum.registration.models import PersonalInvitation

STYLE = Path(__file__).parent / "templates" / "registration" / "letter.css"


def send(invitation: PersonalInvitation) -> None:
    language = invitation.language
    mail.queue(
        template="registration/mail/personal_invitation",
        context={
            "invitation": invitation,
            "edition": invitation.edition,
            "name": invitation.addressed_in(language),
            "pass": invitation.pass_type,
            "until": invitation.access_code.valid_until,
            "link": link_of(invitation),
        },
        to=[invitation.email],
        language=language,
    )


def print_page(invitation: PersonalInvitation) -> bytes:
    """The PDF: both languages on one page."""
    parts = [
        {"language": language, "name": invitation.addressed_in(language), "agency": invitation.agency_in(language)}
        for language in languages.ON_PAPER
    ]
    context = {"invitation": invitation, "edition": invitation.edition, "parts": parts, "today": timezone.now()}
    with timezone.override(invitation.edition.zone):
        html = get_template("registration/personal_letter.html").render(context)
    codes = {invitation.code: qr.png(link_of(invitation), scale=4)}
    return pdf.render(khmer.split_lines(html), stylesheets=[STYLE.read_text()], images=codes)


def link_of(invitation: PersonalInvitation) -> str:
    return whole("invited:form", invitation.token, language=invitation.language)
