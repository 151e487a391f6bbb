"""What is written to the people of an agency."""

from cms import mail
from cms.addresses import whole
from cms.models import Edition
from exhibitors.models import AccountRequest, Agency, Application, Booking, Booth, Invitation, Membership, SentDocument

# What is written of an offer that nobody has accepted.
OFFERS = {"held": "offered", "lapsed": "offer_lapsed", "released": "offer_released"}


def tell_members(booking: Booking) -> None:
    """The booking's new state."""
    context = {"booking": booking, "booth": booking.booth, "edition": booking.booth.edition}
    template = booking.state
    if booking.booth.pavilion_id:
        template, context = f"pavilion_{booking.state}", context | {"pavilion": booking.booth.pavilion}
    elif booking.was_offered:
        template, context = OFFERS[booking.state], context | {"wish": booking.wish}
    _tell(booking.agency, f"exhibitors/emails/{template}", context)


def tell_moved(booking: Booking, before: Booth, reason: str) -> None:
    """Its booth is another one now."""
    context = {"booking": booking, "booth": booking.booth, "before": before, "edition": booking.booth.edition}
    _tell(booking.agency, "exhibitors/emails/moved", context | {"reason": reason})


def _tell(agency: Agency, template: str, context: dict, place: tuple[str, ...] = (), members=None) -> None:
    """To everyone who acts for the agency, or to these ``members``, each in their own language, with a link to ``place`` or
    to the desk."""
    for membership in (agency.memberships.all() if members is None else members).select_related("user"):
        person = membership.user
        link = whole(*(place or ("desks:agency", agency.code)), language=person.language)
        mail.queue(
            template=template,
            context=context | {"agency": agency, "link": link},
            to=[person.email],
            language=person.language,
        )


def send_invitation(invitation: Invitation) -> None:
    mail.queue(
        template="exhibitors/emails/invitation",
        context={
            "invitation": invitation,
            "agency": invitation.agency,
            "edition": Edition.objects.current(),
            "link": whole("accounts:invitation", invitation.token, language=invitation.language),
        },
        to=[invitation.email],
        language=invitation.language,
    )


def confirm_request(request: AccountRequest) -> None:
    """To who asks for an account: the link that confirms the address and shows how the request stands."""
    _tell_asker(request, "request_confirm")


def tell_of_request(request: AccountRequest) -> None:
    """What the organisers ask back, or why there is no account."""
    _tell_asker(request, f"request_{request.state}")


def tell_managers_of_request(request: AccountRequest, agency: Agency) -> None:
    """Who is invited to their agency, because somebody asked the organisers."""
    managers = agency.memberships.filter(role=Membership.Role.MANAGER)
    context = {"request": request, "edition": request.edition}
    _tell(agency, "exhibitors/emails/request_joins", context, ("desks:colleagues", agency.code), managers)


def _tell_asker(request, template):
    mail.queue(
        template=f"exhibitors/emails/{template}",
        context={
            "request": request,
            "edition": request.edition,
            "link": whole("accounts:request_answer", request.token, language=request.language),
        },
        to=[request.email],
        language=request.language,
    )


def tell_of_application(application: Application) -> None:
    """Where the application stands now, to everyone who acts for its agency."""
    _tell(
        application.agency,
        f"exhibitors/emails/application_{application.state}",
        {"application": application, "edition": application.edition},
    )


def tell_of_document(document: SentDocument) -> None:
    """What the organisers decided on it."""
    required, agency = document.required, document.agency
    edition = required.edition
    place = ("desks:document", agency.code, edition.slug, required.code)
    if document.state == SentDocument.State.APPROVED:
        place = ("desks:ready", agency.code, edition.slug)
    context = {"document": document, "required": required, "edition": edition}
    _tell(agency, f"exhibitors/emails/document_{document.state}", context, place)
