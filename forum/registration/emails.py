"""What is written to people who registered."""

from collections.abc import Callable, Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext, gettext_noop, override
from post_office.models import Email

from cms import channels, mail, qr
from cms.addresses import whole
from forum.registration import calendar
from forum.registration.models import (
    Accreditation,
    ActingLink,
    Delegation,
    Offer,
    PassType,
    PrivacyNotice,
    Receiver,
    Receives,
    Registration,
)


def send_confirmation(registration: Registration, only: Iterable[str] = (), asked_for: PassType | None = None) -> None:
    """Own page's link and, for who has a place, the calendar entry and the QR for the badge desk; who waits for a place
    or for approval, or has not paid yet, is told so. ``only`` narrows those who receive it to these addresses; who filled
    in the form again for another pass, ``asked_for``, reads that it is not theirs."""
    other = asked_for if asked_for and asked_for.pk != registration.pass_type_id else None

    def told(language):
        return {"privacy": _privacy(registration, language), "asked_for": other}

    if registration.is_waiting or registration.is_applied:
        write(registration.state, registration, told, only=only)
        return
    _text(
        registration,
        gettext_noop("%(edition)s: you are registered. Your code for the badge desk: %(code)s. Your own page: %(link)s"),
    )

    def attached(language):
        return {
            "calendar.ics": (calendar.of_person(registration, language), "text/calendar"),
            "qr.png": (qr.png(registration.code), "image/png"),
        }

    write("confirmed", registration, told, attached=attached if registration.is_coming else None, only=only)


def _privacy(registration, language) -> str:
    """Where it stands how their data is used: also for those for whom somebody else set the tick."""
    if not PrivacyNotice.objects.published().filter(edition=registration.edition_id).exists():
        return ""
    return whole("register:privacy", registration.edition.slug, language=language)


def send_links(edition, link: ActingLink, address: str, people: list[Registration]) -> None:
    """All people of whom messages go to this address, each with their link; in the language of who reads it."""
    reader = next(each for each in people[-1].receivers if each.address == address)
    language = reader.language
    rows = [
        {"person": person, "name": person.addressed_in(language), "link": _own(person, language)}
        | {"is_contact": not person.has_own_address or person.email != address}
        for person in people
    ]
    acts = any(row["is_contact"] for row in rows)
    mail.queue(
        template="registration/mail/links",
        context={
            "edition": edition,
            "rows": rows,
            "acting": whole("register:acting", edition.slug, link.token, language=language) if acts else "",
        },
        to=[address],
        language=language,
    )


def tell_old_addresses(registration: Registration, before: Registration, *, to_contacts: bool = True) -> None:
    """That the messages now go elsewhere: whoever did not ask for it learns of it. It carries no link."""
    for receiver in before.receivers:
        if receiver.address not in registration.addresses and (to_contacts or not receiver.contact):
            _tell("moved", registration, receiver)


def tell_merged(registration: Registration, other: Registration) -> None:
    """To who had the other registration of the same person: which one stands now. It carries no link, and none is needed:
    the one they have opens it."""
    for receiver in other.receivers:
        if receiver.address not in registration.addresses:
            _tell("merged", registration, receiver)


def _tell(template, registration, receiver):
    mail.queue(
        template=f"registration/mail/{template}",
        context={"registration": registration, "edition": registration.edition} | for_whom(registration, receiver),
        to=[receiver.address],
        language=receiver.language,
    )


def tell_gone(registration: Registration) -> None:
    """That their agency named somebody else, or nobody, in their place; ``registration`` is as it was."""
    write("gone", registration, lambda language: {"agency": registration.agency_in(language)})


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


def tell_withdrawn(registration: Registration) -> None:
    """That the place was given back, and who says what becomes of money that was paid for it."""
    write("withdrawn", registration)


def tell_refused(registration: Registration, reason: str) -> None:
    """That an office said no, and why."""
    write("refused", registration, lambda _language: {"reason": reason})


def send_reminder(registration: Registration) -> None:
    """Whether they come; with the QR for the badge desk, which they need then."""
    write("reminder", registration, attached=lambda _language: {"qr.png": (qr.png(registration.code), "image/png")})
    _text(registration, gettext_noop("%(edition)s begins soon. Please tell us whether you come: %(link)s"))


def send_offer(offer: Offer) -> None:
    """That a place is kept, and until when."""
    write("offer", offer.registration, lambda _language: {"until": offer.until})


def send_lapse(registration: Registration) -> None:
    """That the place went on to somebody else, and how to wait again."""
    write("lapse", registration)


def send_circular(registration: Registration, receiver: Receiver, language: str, subject: str, body: str) -> Email:
    """What staff wrote to a group, as this person, or who acts for them, reads it."""
    return mail.queue(
        template="registration/mail/circular",
        context={"edition": registration.edition, "subject": subject, "text": body} | for_whom(registration, receiver),
        to=[receiver.address],
        language=language,
    )


def for_whom(registration: Registration, receiver: Receiver) -> dict:
    """What a letter to a contact says before all else; nothing in one to the person."""
    if not receiver.contact:
        return {}
    with override(receiver.language):
        return {"contact": receiver.contact, "for_whom": registration.addressed_in(receiver.language)}


Told = Callable[[str], dict]


def write(
    template: str,
    registration: Registration,
    told: Told | None = None,
    attached: Told | None = None,
    only: Iterable[str] = (),
) -> None:
    """One letter to each who receives the person's messages, in their language. To nobody where there is no address: a
    letter on paper says what is to be known. ``told`` and ``attached`` give the rest in a language; a ``template`` of
    another room has its whole name."""
    for receiver in registration.receivers:
        if only and receiver.address not in only:
            continue
        language = receiver.language
        mail.queue(
            template=template if "/" in template else f"registration/mail/{template}",
            context={
                "registration": registration,
                "edition": registration.edition,
                "name": registration.addressed_in(language),
                "missing": _missing(registration, language),
                "link": _own(registration, language),
            }
            | for_whom(registration, receiver)
            | (told(language) if told else {}),
            to=[receiver.address],
            language=language,
            attachments=attached(language) if attached else None,
        )


def _own(registration, language) -> str:
    return whole("registration:own", registration.token, language=language)


def _missing(registration: Registration, language: str) -> str:
    """What security or the badge still needs, in the language of the letter."""
    with override(language):
        return get_text_list(Accreditation.objects.lacking([registration]).get(registration.pk, []), gettext("and"))


def _text(registration: Registration, sentence: str) -> None:
    """A short message too, where no mail reaches the person themselves: to who acts for them, else to their own telephone,
    unless they have an address and wish that nobody writes to them."""
    if registration.receives != Receives.CONTACT and registration.email:
        return
    phone, language = registration.phone, registration.language
    if registration.contact_phone:
        phone, language = registration.contact_phone, registration.contact_language or language
    elif registration.email:
        return
    if not phone:
        return
    with override(language):
        text = gettext(sentence) % {
            "edition": registration.edition.short_name,
            "code": registration.short_code,
            "link": _own(registration, language),
        }
    channels.queue(channel="sms", to=phone, text=text)
