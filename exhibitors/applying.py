"""Applications for booths: an agency writes, submits and withdraws one; the organisers decide. Only here states change."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from cms.refusals import beside
from exhibitors import allocation, emails
from exhibitors.models import Agency, Application, Booth, Neighbour, Wish, Zone

State = Application.State

# What the organisers may decide, and of which applications. A decision can be changed while no booth hangs on it.
DECISIONS: dict[State, set[State]] = {
    State.RETURNED: {State.SUBMITTED, State.ACCEPTED, State.WAITLISTED},
    State.ACCEPTED: {State.SUBMITTED, State.WAITLISTED, State.REFUSED},
    State.WAITLISTED: {State.SUBMITTED, State.ACCEPTED, State.REFUSED},
    State.REFUSED: {State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.WAITLISTED},
}
NEEDS_A_WORD = {State.RETURNED, State.REFUSED}


def may_decide(user) -> bool:
    return user.has_perm("exhibitors.decide_application")


def why_not(edition: Edition, row: Application | None, user) -> ValidationError | None:
    """What keeps an agency from writing ``row``, or from beginning one: ``closed`` or ``decided``. Organisers enter what
    came by letter at any time; an agency that was asked something may answer after the last day."""
    if row and not row.is_open_to_edit:
        return ValidationError(
            _("The organisers have decided on this application. Ask them to return it if something has changed."),
            code="decided",
        )
    if row and row.state == State.RETURNED and not edition.is_over:
        return None
    call = getattr(edition, "call", None)
    if (call and call.is_open) or may_decide(user):
        return None
    return ValidationError(_("Agencies cannot apply for booths of this forum at the moment."), code="closed")


@transaction.atomic
def save(
    *,
    edition: Edition,
    agency: Agency,
    user,
    wishes: list[Booth | Zone] = (),
    near: list[str] = (),
    apart: list[str] = (),
    version: int | None = None,
    is_final: bool = False,
    **words,
) -> Application:
    """Keeps what the agency asks for, as a draft or, if ``is_final``, submitted; what was submitted before stays so.

    ``words`` are columns of the application, ``near`` and ``apart`` names as typed. ``version`` is that which the writer
    has read, None of a new one. Refuses with ``forbidden``, ``closed``, ``decided`` and ``changed`` (somebody else wrote
    meanwhile).
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)  # one application, whoever begins it
    _refuse_stranger(agency, user)
    row = agency.applications.live().filter(edition=edition).select_for_update().first()
    if refusal := why_not(edition, row, user):
        raise refusal
    if version != (row.version if row else None):
        raise ValidationError(
            _("A colleague has changed the application meanwhile. Compare it with what you typed, and save again."),
            code="changed",
        )
    row = row or Application(edition=edition, agency=agency, version=0)
    for name, value in words.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    _write_wishes(row, wishes)
    _write_neighbours(row, {Neighbour.Kind.NEAR: near, Neighbour.Kind.APART: apart})
    log(instance=row, action="exhibitors.save_application", user=user, data={"version": row.version})
    if is_final and row.state != State.SUBMITTED:
        _submit(row, user)
    return row


def _submit(row, user) -> None:
    row.state, row.submitted_by = State.SUBMITTED, user
    row.submitted_at = row.submitted_at or timezone.now()  # answering a question costs nobody their turn
    row.save(update_fields=["state", "submitted_by", "submitted_at"])
    log(instance=row, action="exhibitors.submit_application", user=user)
    emails.tell_of_application(row)


@transaction.atomic
def decide(*, application: Application, to: str, user, remark: str = "", version: int | None = None) -> Application:
    """The organisers' word. Once more changes nothing.

    Refuses with ``forbidden``, ``changed`` (the agency wrote after ``version`` was read), ``remark`` where the agency has
    to be told why, ``booth`` where a booth hangs on it, and ``state``.
    """
    if not may_decide(user):
        raise ValidationError(_("Only an exhibition manager decides on applications."), code="forbidden")
    row = _lock(application)
    if row.state == to:
        return row
    if version is not None and row.version != version:
        raise ValidationError(_("The agency has changed the application meanwhile. Look at it again."), code="changed")
    if row.state not in DECISIONS[to]:
        raise ValidationError(
            _("This application is %(state)s, so this cannot be decided.") % {"state": row.get_state_display()}, code="state"
        )
    if to in NEEDS_A_WORD and not remark.strip():
        raise beside("remark", _("Say why: the agency reads it."), "remark")
    if to != State.ACCEPTED and row.bookings.live().exists():
        raise ValidationError(_("A booth is offered or given for this application. Release it first."), code="booth")
    row.state, row.remark = to, remark.strip()
    row.decided_at, row.decided_by = timezone.now(), user
    row.save(update_fields=["state", "remark", "decided_at", "decided_by"])
    log(instance=row, action=f"exhibitors.application_{to}", user=user, data={"remark": row.remark})
    emails.tell_of_application(row)
    return row


@transaction.atomic
def withdraw(*, application: Application, user, reason: str = "") -> Application:
    """The agency wants no booth any more; what was offered goes back. Once more changes nothing. Refuses with ``forbidden``,
    and as ``allocation.release`` where a booth hangs on it: an agency that has its booth asks the organisers."""
    _refuse_stranger(Agency.objects.select_for_update(no_key=True).get(pk=application.agency_id), user)
    row = _lock(application)
    if not row.is_live:
        return row
    for booking in row.bookings.live():
        allocation.release(booking=booking, user=user, reason=reason)
    was_submitted = row.submitted_at is not None
    row.state, row.pin, row.remark = State.WITHDRAWN, None, reason.strip()
    row.save(update_fields=["state", "pin", "remark"])
    log(instance=row, action="exhibitors.withdraw_application", user=user, data={"reason": row.remark})
    if was_submitted:
        emails.tell_of_application(row)
    return row


def _lock(application) -> Application:
    rows = Application.objects.select_related("edition", "agency").select_for_update(of=("self",))
    return rows.get(pk=application.pk)


def _refuse_stranger(agency, user):
    if may_decide(user) or agency.is_managed_by(user):
        return
    raise ValidationError(
        _("You may not apply for %(agency)s. Ask a colleague who manages its booth.") % {"agency": agency.name},
        code="forbidden",
    )


def _write_wishes(row, wishes):
    row.wishes.all().delete()
    Wish.objects.bulk_create(
        Wish(application=row, rank=rank, **{"booth" if isinstance(wish, Booth) else "zone": wish})
        for rank, wish in enumerate(wishes, 1)
    )


def _write_neighbours(row, typed):
    """What an organiser said of a name stays as long as the name does."""
    before = list(row.neighbours.select_related("agency"))
    known = {each.name: each.agency for each in before}
    softened = {each.name for each in before if each.kind == Neighbour.Kind.RIVALS}
    row.neighbours.exclude(kind=Neighbour.Kind.RIVALS).delete()
    names = {name: kind for kind, some in typed.items() for name in some if name not in softened}
    found = _named({name for name in names if not known.get(name)})
    Neighbour.objects.bulk_create(
        Neighbour(application=row, kind=kind, name=name, agency=known.get(name) or found.get(name))
        for name, kind in names.items()
    )


def _named(names: set[str]) -> dict[str, Agency]:
    """The agencies with exactly these names."""
    found = {name: Agency.objects.named(name) for name in names}
    return {name: agency for name, agency in found.items() if agency}
