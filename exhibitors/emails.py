"""What is written to the people of an agency."""

from cms import mail
from cms.addresses import whole
from cms.models import Edition
from exhibitors.models import Booking, Invitation


def tell_members(booking: Booking) -> None:
    """The booking's new state, to everyone who acts for its agency, each in their own language."""
    for membership in booking.agency.memberships.select_related("user"):
        person = membership.user
        mail.queue(
            template=f"exhibitors/emails/{booking.state}",
            context={
                "booking": booking,
                "booth": booking.booth,
                "agency": booking.agency,
                "edition": booking.booth.edition,
                "link": whole("desks:agency", booking.agency.code, language=person.language),
            },
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
