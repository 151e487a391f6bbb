"""What is written to people who registered."""

from cms import mail, qr
from cms.addresses import whole
from forum.registration import calendar
from forum.registration.models import Registration


def send_confirmation(registration: Registration) -> None:
    """Own page's link, QR for the badge desk and the calendar entry, in the person's language."""
    language = registration.language
    mail.queue(
        template="registration/mail/confirmed",
        context={
            "registration": registration,
            "edition": registration.edition,
            "name": _addressed(registration),
            "link": whole("registration:own", registration.token, language=language),
        },
        to=[registration.email],
        language=language,
        attachments={
            "qr.png": (qr.png(registration.code), "image/png"),
            "calendar.ics": (calendar.of_edition(registration.edition, language), "text/calendar"),
        },
    )


def tell_old_address(registration: Registration, address: str) -> None:
    """That the messages now go elsewhere: whoever did not ask for it learns of it. It carries no link."""
    mail.queue(
        template="registration/mail/moved",
        context={"registration": registration, "edition": registration.edition},
        to=[address],
        language=registration.language,
    )


def _addressed(registration: Registration) -> str:
    language = registration.language
    return " ".join(filter(None, [registration.honorific_in(language), registration.name_in(language)]))
