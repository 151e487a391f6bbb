"""What is written to guests who are invited by letter."""

from cms import mail
from cms.addresses import whole
from forum.registration import emails
from forum.registration.models import Guest, Registration


def send_invitation(guest: Guest, paper: bytes) -> None:
    """The letter itself, and where to reply."""
    _write("invitation", guest, attachments={f"invitation-{guest.code}.pdf": (paper, "application/pdf")})


def remind(guest: Guest) -> None:
    """That no reply has come, and until when it can."""
    _write("invitation_reminder", guest)


def tell_reply(guest: Guest, holder: Registration | None) -> None:
    """To who does not come themselves: what was written down, and how to change it."""
    name = holder.addressed_in(guest.language) if holder else ""
    _write("invitation_reply", guest, {"representative": name})


def tell_relieved(registration: Registration, guest: Guest) -> None:
    """To who stood for the guest and no longer does; ``registration`` is as it was."""
    emails.write("relieved", registration, lambda language: {"guest": guest.addressed_in(language)})


def _write(template, guest, context=None, attachments=None):
    language = guest.language
    mail.queue(
        template=f"registration/mail/{template}",
        context={
            "guest": guest,
            "guest_list": guest.guest_list,
            "edition": guest.edition,
            "name": guest.addressed_in(language),
            "link": whole("reply:form", guest.token, language=language),
        }
        | (context or {}),
        to=[guest.email],
        language=language,
        attachments=attachments,
    )
