"""What is written to people who registered."""

from django.utils.text import get_text_list
from django.utils.translation import gettext, gettext_noop, override
from post_office.models import Email

from cms import channels, mail, qr
from cms.addresses import whole
from forum.registration import calendar
from forum.registration.models import Accreditation, Delegation, Offer, PrivacyNotice, Registration


def send_confirmation(registration: Registration) -> None:
    """Own page's link, the calendar entry and, for who has a place, the QR for the badge desk; who waits for a place
    or for approval is told so."""
    told = {"privacy": _privacy(registration)}
    if registration.is_waiting or registration.is_applied:
        _write(registration.state, registration, told)
        return
    _text(
        registration,
        gettext_noop("%(edition)s: you are registered. Your code for the badge desk: %(code)s. Your own page: %(link)s"),
    )
    attachments = {"calendar.ics": (calendar.of_edition(registration.edition, registration.language), "text/calendar")}
    if registration.is_coming:
        attachments["qr.png"] = (qr.png(registration.code), "image/png")
    _write("confirmed", registration, told, attachments=attachments)


def _privacy(registration) -> str:
    """Where it stands how their data is used: also for those for whom somebody else set the tick."""
    if not PrivacyNotice.objects.in_force(registration.edition):
        return ""
    return whole("register:privacy", registration.edition.slug, language=registration.language)


def tell_old_address(registration: Registration, address: str) -> None:
    """That the messages now go elsewhere: whoever did not ask for it learns of it. It carries no link."""
    if not address:
        return
    mail.queue(
        template="registration/mail/moved",
        context={"registration": registration, "edition": registration.edition},
        to=[address],
        language=registration.language,
    )


def tell_merged(registration: Registration, address: str, language: str) -> None:
    """To who had the other registration of the same person: which one stands now. It carries no link, and none is needed:
    the one they have opens it."""
    mail.queue(
        template="registration/mail/merged",
        context={"registration": registration, "edition": registration.edition},
        to=[address],
        language=language,
    )


def tell_gone(registration: Registration) -> None:
    """That their agency named somebody else, or nobody, in their place; ``registration`` is as it was."""
    _write("gone", registration, {"agency": registration.agency_in(registration.language)})


def tell_named(delegation: Delegation, user, number: int) -> None:
    """To the focal point: so many people without an address have been named, and where their letters are."""
    language = user.language
    mail.queue(
        template="registration/mail/named",
        context={
            "edition": delegation.edition,
            "agency": getattr(delegation.agency, f"name_{language}") or delegation.agency.name_en,
            "number": number,
            "link": whole("desks:delegation:desk", delegation.agency.code, delegation.edition.slug, language=language),
        },
        to=[user.email],
        language=language,
    )


def tell_refused(registration: Registration, reason: str) -> None:
    """That an office said no, and why."""
    _write("refused", registration, {"reason": reason})


def send_reminder(registration: Registration) -> None:
    """Whether they come; with the QR for the badge desk, which they need then."""
    attachments = {"qr.png": (qr.png(registration.code), "image/png")}
    _write("reminder", registration, attachments=attachments)
    _text(registration, gettext_noop("%(edition)s begins soon. Please tell us whether you come: %(link)s"))


def send_offer(offer: Offer) -> None:
    """That a place is kept, and until when."""
    _write("offer", offer.registration, {"until": offer.until})


def send_lapse(registration: Registration) -> None:
    """That the place went on to somebody else, and how to wait again."""
    _write("lapse", registration)


def send_circular(registration: Registration, language: str, subject: str, body: str) -> Email:
    """What staff wrote to a group, as this person reads it."""
    return mail.queue(
        template="registration/mail/circular",
        context={"edition": registration.edition, "subject": subject, "text": body},
        to=[registration.email],
        language=language,
    )


def _write(template, registration, context=None, attachments=None):
    """To nobody where there is no address: a letter on paper says what is to be known."""
    if not registration.email:
        return
    language = registration.language
    mail.queue(
        template=f"registration/mail/{template}",
        context={
            "registration": registration,
            "edition": registration.edition,
            "name": registration.addressed_in(language),
            "missing": _missing(registration),
            "link": whole("registration:own", registration.token, language=language),
        }
        | (context or {}),
        to=[registration.email],
        language=language,
        attachments=attachments,
    )


def _missing(registration: Registration) -> str:
    """What security or the badge still needs, in the language of the letter."""
    with override(registration.language):
        return get_text_list(Accreditation.objects.lacking([registration]).get(registration.pk, []), gettext("and"))


def _text(registration: Registration, sentence: str) -> None:
    """A short message too, where no mail reaches the person themselves and there is a telephone."""
    if (registration.email and registration.has_own_address) or not registration.phone:
        return
    with override(registration.language):
        text = gettext(sentence) % {
            "edition": registration.edition.short_name,
            "code": registration.short_code,
            "link": whole("registration:own", registration.token, language=registration.language),
        }
    channels.queue(channel="sms", to=registration.phone, text=text)
