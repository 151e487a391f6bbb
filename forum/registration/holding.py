"""Places that are taken and not yet paid for: made firm, given up, and taken anew. Called by who keeps the money."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.registration import access, emails, quotas, shares, signup
from forum.registration.models import Registration

State = Registration.State


@transaction.atomic
def make_firm(*, registration: Registration, may_return: bool = False, user=None) -> Registration:
    """Turns a held place into a firm one; once more changes nothing.

    Who has left is refused with ``withdrawn``, or, where they ``may_return`` (their time had merely run out), takes a free
    place: ``full`` or, in a delegation, ``places`` where there is none, an IntegrityError where the same person has come in
    by another door meanwhile.
    """
    row = _locked(registration)
    if row.is_coming:
        return row
    if row.is_applied:  # changed meanwhile, and presented to the offices again: firm when they have said yes
        Registration.objects.filter(pk=row.pk).update(approved_state=State.CONFIRMED)
        return row
    if not row.is_live:
        if not may_return or row.erased_at or row.merged_into_id:
            raise ValidationError(_("This registration was withdrawn."), code="withdrawn")
        if row.delegation_id:
            shares.take(row.delegation, row.pass_type)
        quotas.take_places(row.pass_type)
        if row.access_code_id:
            access.take_use(row.access_code)
    Registration.objects.filter(pk=row.pk).update(state=State.CONFIRMED)
    row.state = registration.state = State.CONFIRMED
    log(instance=row, action="registration.make_firm", user=user)
    emails.send_confirmation(row)
    return row


@transaction.atomic
def give_up(*, registration: Registration, user=None) -> None:
    """The time to pay is over, or the order was ended: the place goes back, whether it was firm or not."""
    row = _locked(registration)
    if row.is_live:
        signup.withdraw(registration=row, user=user)


def _locked(registration) -> Registration:
    """Locked without joins, as in ``editing.edit``."""
    Registration.objects.select_for_update().get(pk=registration.pk)
    return Registration.objects.with_names().select_related("access_code").get(pk=registration.pk)
