"""Asking a person to act for an agency, and taking it back."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exhibitors import emails
from exhibitors.models import Agency, Invitation, Membership

VALID_FOR = timedelta(days=14)


@transaction.atomic
def invite(*, agency: Agency, email: str, language: str, user, role: str = Membership.Role.MANAGER) -> Invitation:
    """A new letter to this address; an earlier unanswered one stops working, so one link at a time is good."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    email = email.strip().lower()
    if agency.memberships.filter(user__email=email).exists():
        raise ValidationError(
            _("%(email)s already acts for %(agency)s.") % {"email": email, "agency": agency.name}, code="member"
        )
    for earlier in agency.invitations.unanswered().filter(email=email):
        revoke(invitation=earlier, user=user)

    invitation = Invitation.objects.create(
        agency=agency,
        email=email,
        role=role,
        language=language,
        invited_by=user,
        expires_at=timezone.now() + VALID_FOR,
    )
    log(instance=agency, action="exhibitors.invite", user=user, data={"email": email})
    emails.send_invitation(invitation)
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, user) -> Invitation:
    """The link stops working. Once more changes nothing; an accepted one is refused: the person is a member then."""
    invitation = Invitation.objects.select_related("agency").select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.accepted_at:
        raise ValidationError(_("This invitation has been accepted. Remove the member instead."), code="accepted")
    if invitation.revoked_at:
        return invitation
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    log(instance=invitation.agency, action="exhibitors.revoke", user=user, data={"email": invitation.email})
    return invitation
