"""Who acts for an agency, as its managers say: whom they ask to join, what each may do, and who leaves."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from exhibitors import invitations
from exhibitors.models import Agency, Invitation, Membership

STAYS = gettext_lazy("Nobody else may book and edit. Give somebody that role first.")
MOST_OPEN = 20  # invitations without an answer: more is no agency's staff

Role = Membership.Role


@transaction.atomic
def invite(*, agency: Agency, email: str, role: str, language: str, user) -> Invitation:
    """A manager asks somebody to act for the agency, as ``invitations.invite``; refuses with ``forbidden`` and ``many``
    besides."""
    agency = _managed(agency, user)
    if agency.invitations.open().exclude(email=email.strip().lower()).count() >= MOST_OPEN:
        raise ValidationError(
            _("Too many invitations wait for an answer. Take one back before you send another."), code="many"
        )
    return invitations.invite(agency=agency, email=email, role=role, language=language, user=user)


@transaction.atomic
def take_back(*, invitation: Invitation, user) -> Invitation:
    """A manager takes an invitation back, as ``invitations.revoke``; refuses with ``forbidden`` besides."""
    _managed(invitation.agency, user)
    return invitations.revoke(invitation=invitation, user=user)


@transaction.atomic
def give_role(*, membership: Membership, role: str, user) -> Membership:
    """Once more changes nothing. Refuses with ``forbidden``, ``gone``, and ``last`` where nobody would manage any more."""
    row = _locked(membership, user)
    if row.role == role:
        return row
    _refuse_last(row)
    row.role = role
    row.save(update_fields=["role"])
    log(instance=row.agency, action="exhibitors.give_role", user=user, data={"user": row.user_id, "role": role})
    return row


@transaction.atomic
def remove(*, membership: Membership, user) -> None:
    """The person acts for the agency no more; their account stays. Refuses as ``give_role`` does."""
    row = _locked(membership, user)
    _refuse_last(row)
    log(instance=row.agency, action="exhibitors.remove_member", user=user, data={"user": row.user_id})
    row.delete()


def last_manager(agency: Agency) -> Membership | None:
    """Who alone manages the agency and therefore stays, until somebody else does."""
    managers = list(agency.memberships.filter(role=Role.MANAGER)[:2])
    return managers[0] if len(managers) == 1 else None


def _managed(agency, user) -> Agency:
    """Locked, so that of two managers who leave at once one stays."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not agency.is_managed_by(user):
        raise ValidationError(_("Only who may book and edit says who acts for the agency."), code="forbidden")
    return agency


def _locked(membership, user) -> Membership:
    agency = _managed(membership.agency, user)
    row = agency.memberships.filter(pk=membership.pk).first()
    if row is None:
        raise ValidationError(_("This person does not act for the agency any more."), code="gone")
    return row


def _refuse_last(row) -> None:
    if row == last_manager(row.agency):
        raise ValidationError(STAYS, code="last")
