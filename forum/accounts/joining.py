"""Accepting an invitation: once, in time, by the person it was written to."""

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exhibitors.models import Invitation, Membership


def has_account(email: str) -> bool:
    """Whether somebody signs in with this address. Only the holder of a letter sent there is told."""
    return (
        get_user_model().objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()
    )


def is_addressee(user, invitation: Invitation) -> bool:
    """Whether the letter's address is the person's own, proven by a letter answered before."""
    return EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email).exists()


@transaction.atomic
def join(*, invitation: Invitation, user) -> Membership:
    """Makes the person a member of the agency."""
    if not is_addressee(user, invitation):
        raise ValidationError(
            _("This invitation is for another address: sign in with %(email)s.") % {"email": invitation.email},
            code="address",
        )
    _use(invitation, user)
    membership, _new = Membership.objects.get_or_create(
        user=user, agency=invitation.agency, defaults={"role": invitation.role}
    )
    log(instance=invitation.agency, action="exhibitors.join", user=user, data={"email": invitation.email})
    return membership


@transaction.atomic
def open_account(*, invitation: Invitation, first_name: str, last_name: str, password: str):
    """A new person with the invited address, proven by the letter itself, who is a member at once."""
    if has_account(invitation.email):
        raise _has_account()
    names = {"first_name": first_name, "last_name": last_name}
    try:
        with transaction.atomic():
            user = get_user_model().objects.create_user(invitation.email, password, language=invitation.language, **names)
    except IntegrityError:
        if has_account(invitation.email):  # by another click at this moment
            raise _has_account() from None
        raise
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    join(invitation=invitation, user=user)
    return user


def _has_account() -> ValidationError:
    return ValidationError(_("This address has an account already: sign in to join."), code="account")


def _use(invitation, user):
    """Takes the invitation: one conditional update, so two clicks at once cannot both have it."""
    now = timezone.now()
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=now, accepted_by=user):
        raise ValidationError(
            _("This invitation is no longer valid. Ask the organisers or your colleagues for a new one."), code="closed"
        )
