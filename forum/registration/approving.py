"""What the offices decide of a person, one after the other."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from forum.registration import accrediting, emails, leaving, presenting
from forum.registration.models import Accreditation, Decision, Registration, Step


@transaction.atomic
def decide(
    *, registration: Registration, step: str, is_yes: bool, reason: str = "", seen: int | None = None, user
) -> Registration:
    """Writes down what one office says. The last yes makes the place theirs, or to be paid; a no gives it back. Either is
    told by mail, the no with its reason. ``seen`` is the version of the accreditation that security looked at.

    Refuses with ``step`` where this office is not asked (any more), ``reason`` for a no without one, and for security's yes
    with ``incomplete`` where something is missing, ``changed`` where the person has changed what was seen.
    """
    reason = reason.strip()
    Registration.objects.select_for_update().get(pk=registration.pk)  # without joins, as in ``editing.edit``
    row = Registration.objects.with_names().get(pk=registration.pk)
    if not row.is_applied or row.awaits != step:
        raise ValidationError(_("This person does not await this decision any more."), code="step")
    if not (is_yes or reason):
        raise beside("reason", _("Say why: the person reads it."), "reason")
    if is_yes and step == Step.SECURITY:
        _refuse_unseen(row, seen)
    Decision.objects.create(registration=row, round=row.round, step=step, is_yes=is_yes, reason=reason, decided_by=user)
    log(instance=row, action="registration.approve" if is_yes else "registration.refuse", user=user, data={"step": step})
    if not is_yes:
        leaving.leave(row, Registration.State.REFUSED)
        emails.tell_refused(row, reason)
        return row
    is_last = presenting.go_on(row)
    Registration.objects.filter(pk=row.pk).update(**presenting.columns(row))
    if is_last:
        emails.send_confirmation(row)
    return row


def _refuse_unseen(row, seen):
    if accrediting.lacks(row):
        raise ValidationError(_("What security needs to know is incomplete: nobody is cleared so."), code="incomplete")
    version = Accreditation.objects.values_list("version", flat=True).get(pk=row.pk)
    if seen not in {None, version}:
        raise ValidationError(_("The person has changed what you saw. Look again before you decide."), code="changed")


def decide_many(
    *,
    registrations: Iterable[Registration],
    step: str,
    is_yes: bool,
    reason: str = "",
    seen: dict[str, int] | None = None,
    user,
) -> tuple[int, dict[str, list[str]]]:
    """Each in a transaction of its own; of how many it was decided, and the codes of the others by the sentence that says
    why not. ``seen`` are the versions that security looked at, by code.

    Refuses with ``reason`` before anything is decided.
    """
    if not (is_yes or reason.strip()):
        raise beside("reason", _("Say why: the person reads it."), "reason")
    done, others = 0, {}
    for row in registrations:
        looked_at = None if seen is None else seen.get(row.code, 0)
        try:
            decide(registration=row, step=step, is_yes=is_yes, reason=reason, seen=looked_at, user=user)
            done += 1
        except ValidationError as refusal:
            others.setdefault(refusal.messages[0], []).append(row.short_code)
    return done, others


def queue(step: str):
    """Whom an office is asked about, those first who have waited longest."""
    asked = Registration.objects.filter(state=Registration.State.APPLIED, awaits=step)
    return asked.with_names().order_by("registered_at", "pk")


def refusal_of(registration: Registration) -> str:
    """The reason for which somebody was not admitted."""
    said = registration.decisions.filter(round=registration.round, is_yes=False).first()
    return said.reason if said else ""
