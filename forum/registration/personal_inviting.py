"""Personal invitations: staff make one for a person, who registers by it once."""

import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from forum.registration import personal_emails, registering, signup
from forum.registration.models import AccessCode, PassType, PersonalInvitation, Registration
from forum.registration.models.personal import signer


@transaction.atomic
def invite(*, pass_type: PassType, valid_until: datetime.datetime, user, **person) -> PersonalInvitation:
    """Makes an invitation, also to a pass that is given by invitation alone, and mails it where there is an address.

    ``person`` holds the columns of ``PersonalInvitation`` that staff type. Refuses with ``past`` and ``over``.
    """
    _refuse_past(valid_until)
    if pass_type.edition.is_over:
        raise beside("pass_type", _("This forum is over."), "over")
    code = AccessCode.objects.create(pass_type=pass_type, uses=1, valid_until=valid_until)
    person["email"] = person.get("email", "").strip().lower()
    invitation = PersonalInvitation.objects.create(pass_type=pass_type, access_code=code, **person)
    log(instance=invitation, action="registration.make_invitation", user=user)
    if invitation.email:
        _send(invitation)
    return invitation


@transaction.atomic
def send_again(*, invitation: PersonalInvitation, email: str, valid_until: datetime.datetime, user) -> PersonalInvitation:
    """Mails it once more, with a new time if need be; to another address with a new link, and the old one dies.

    Refuses with ``closed`` (used or revoked) and ``past``.
    """
    _refuse_past(valid_until)
    email = email.strip().lower()
    row = PersonalInvitation.objects.open().select_for_update().filter(pk=invitation.pk, erased_at=None).first()
    if row is None:
        raise _ended()
    row.epoch += row.email != email
    row.email = email
    row.save(update_fields=["epoch", "email", "search_text"])
    AccessCode.objects.filter(pk=row.access_code_id).update(valid_until=valid_until)
    row = PersonalInvitation.objects.with_names().get(pk=row.pk)
    _send(row)
    log(instance=row, action="registration.send_invitation", user=user)
    return row


@transaction.atomic
def revoke(*, invitation: PersonalInvitation, user) -> PersonalInvitation:
    """The link dies; once more changes nothing. Refuses with ``used``: of revoking and using one wins."""
    if PersonalInvitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        log(instance=invitation, action="registration.revoke_invitation", user=user)
    invitation.refresh_from_db(fields=["revoked_at", "used_at"])
    if invitation.used_at:
        raise ValidationError(_("It has been used. Withdraw the person instead."), code="used")
    return invitation


def note_opening(invitation: PersonalInvitation) -> None:
    """When it was first opened."""
    if not invitation.opened_at:
        PersonalInvitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())


@transaction.atomic
def note_printing(*, invitation: PersonalInvitation, user) -> None:
    PersonalInvitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    log(instance=invitation, action="registration.print_invitation", user=user)


@transaction.atomic
def use(*, invitation: PersonalInvitation, email: str, **person) -> Registration:
    """Registers who opened the invitation; it is dead afterwards, also when the person withdraws later.

    The time of the invitation stands in place of the pass's own window. Of two at once the conditional UPDATE lets one
    pass. Who is registered already gets that registration's link again, as at the public form, and the invitation stays.
    Refuses with ``closed``, ``again`` and the codes of ``signup.register``; whatever refuses gives the use back.
    """
    own = PersonalInvitation.objects.filter(pk=invitation.pk, epoch=invitation.epoch)
    if invitation.access_code.is_expired or not own.open().update(used_at=timezone.now()):
        raise closed()
    pass_type = invitation.pass_type
    number = (
        1 if email or person.get("contact_email") else registering.next_namesake(pass_type.edition, person["name_latin"])
    )
    try:
        registration = signup.register(
            edition=pass_type.edition, pass_type=pass_type, access_code=invitation.access_code, email=email,
            namesake_no=number, **person,
        )  # fmt: skip
    except IntegrityError:  # a namesake without an address, at this moment
        raise ValidationError(_("Please send this form once more."), code="again") from None
    if registration.access_code_id != invitation.access_code_id:
        own.update(used_at=None)
        return registration
    own.update(registration=registration)
    log(instance=registration, action="registration.use_invitation", user=None)
    return registration


def find_by_token(token: str) -> PersonalInvitation:
    """The invitation that ``token`` opens, also one that is over; 404 for a forged one and for one sent elsewhere since."""
    try:
        code, epoch = signer.unsign(token).split(".")
        return PersonalInvitation.objects.with_names().get(code=code, epoch=epoch, erased_at=None)
    except (signing.BadSignature, ValueError, PersonalInvitation.DoesNotExist):
        raise Http404("no such link") from None


def closed() -> ValidationError:
    return ValidationError(_("This invitation is no longer valid."), code="closed")


def _send(invitation):
    PersonalInvitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    personal_emails.send(invitation)


def _refuse_past(valid_until):
    if valid_until <= timezone.now():
        raise beside("valid_until", _("This time is past."), "past")


def _ended() -> ValidationError:
    return ValidationError(_("It has been used or revoked."), code="closed")
