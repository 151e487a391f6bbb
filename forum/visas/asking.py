"""Asking for a letter, deciding on it, and letting go of what stands in passports."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from cms.refusals import beside
from forum.documents import issuing
from forum.documents.models import IssuedDocument
from forum.registration import emails
from forum.registration.models import Registration
from forum.registration.purging import Due
from forum.visas import drawing
from forum.visas.models import VisaDesk, VisaRequest

State = VisaRequest.State
AT_ONCE = 500
LEFT = "The person does not come any more, or is another one."  # in the history, which is English


def desk_of(registration: Registration) -> VisaDesk | None:
    """Where the person may ask; none where they hold no place or the edition writes no such letters."""
    return desk_at(registration.edition) if registration.is_coming else None


def desk_at(edition: Edition) -> VisaDesk | None:
    desk = VisaDesk.objects.filter(edition=edition).first()
    if desk:
        desk.edition = edition
    return desk


@transaction.atomic
def ask(*, registration: Registration, **facts) -> VisaRequest:
    """Asks, or asks again with other facts; a letter that was written holds until the next one. Who was refused may ask
    again. Refuses with ``closed`` where none may be asked for, or the person holds no place."""
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    row.edition = registration.edition
    desk = desk_of(row)
    if desk is None or not desk.is_open:
        raise ValidationError(_("A letter for a visa cannot be asked for now."), code="closed")
    before = VisaRequest.objects.of(row).first()
    request = before or VisaRequest(registration=row, holder_no=row.holder_no)
    if before and not before.is_refused and all(getattr(before, name) == value for name, value in facts.items()):
        return before
    for name, value in facts.items():
        setattr(request, name, value)
    request.version += bool(before)
    request.state, request.reason = State.ASKED, ""
    request.decided_at = request.decided_by = None
    request.save()
    log(instance=row, action="visas.ask")
    return request


@transaction.atomic
def grant(*, request: VisaRequest, version: int, user=None) -> VisaRequest:
    """Writes the letter and tells the person; refuses as ``_lock`` does. The request stays locked while the letter is drawn,
    a tenth of a second, so that of two who decide at once one does and no letter is drawn in vain."""
    row, registration = _lock(request, version)
    facts = drawing.facts_of(registration, row)
    row.document = issuing.issue(
        edition=registration.edition,
        kind=IssuedDocument.Kind.VISA,
        holder=(registration.name_in("en"), ""),
        says=drawing.words_of(facts),
        draw=lambda link: drawing.draw(registration.edition, facts, link),
        before=row.document,
        user=user,
    )
    _decide(row, State.GRANTED, user)
    log(instance=registration, action="visas.grant", user=user)
    emails.write("visas/mail/granted", registration)
    return row


@transaction.atomic
def refuse(*, request: VisaRequest, version: int, reason: str, user=None) -> VisaRequest:
    """Tells the person why; an earlier letter no longer holds. Refuses with ``reason`` without one, and as ``_lock``."""
    if not reason.strip():
        raise beside("reason", _("Say why: the person reads it."), "reason")
    row, registration = _lock(request, version)
    row.reason = reason.strip()
    _decide(row, State.REFUSED, user)
    if row.document:
        issuing.revoke(document=row.document, reason=row.reason[:200], user=user)
    log(instance=registration, action="visas.refuse", user=user)
    emails.write("visas/mail/refused", registration, lambda _language: {"reason": row.reason})
    return row


def _lock(request, version) -> tuple[VisaRequest, Registration]:
    """``changed`` where the person wrote something else meanwhile; ``decided`` where somebody was quicker; ``left`` where
    the person holds no place any more."""
    registration = Registration.objects.with_names().select_for_update(of=["self"]).get(pk=request.registration_id)
    row = VisaRequest.objects.select_for_update(of=["self"]).select_related("document").get(pk=request.pk)
    if row.version != version:
        raise ValidationError(_("The person has changed something meanwhile. Look at it again."), code="changed")
    if not row.is_asked:
        raise ValidationError(_("This was decided already."), code="decided")
    if not registration.is_coming or row.holder_no != registration.holder_no:
        raise ValidationError(_("This person does not come any more."), code="left")
    return row, registration


def _decide(row, state, user) -> None:
    row.state, row.decided_at, row.decided_by = state, timezone.now(), user
    row.save()


@transaction.atomic
def forget_some() -> int:
    """Deletes some of the requests that are needless, the letters' bytes with them; how many. The letter of who has left no
    longer holds."""
    rows = list(VisaRequest.objects.needless().select_related("registration__edition", "document")[:AT_ONCE])
    for row in rows:
        if row.document_id and not row.registration.edition.is_over:
            issuing.revoke(document=row.document, reason=LEFT)
    papers = [paper.pk for row in rows for paper in issuing.with_those_before(row.document)]
    VisaRequest.objects.filter(pk__in=[row.pk for row in rows]).delete()
    issuing.forget(IssuedDocument.objects.filter(pk__in=papers))
    return len(rows)


def due() -> Iterator[Due]:
    """What the purge tells and deletes of this room."""
    if number := VisaRequest.objects.needless().count():
        yield Due("requests for visa letters, with what stands in passports", number, _forget_all)


def _forget_all():
    while forget_some():
        pass
