"""Documents of exhibitors: an agency sends a version, the organisers approve it, return it or need none."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from exhibitors import emails, representing
from exhibitors.models import Agency, Booth, RequiredDocument, SentDocument
from exhibitors.models.required import VERSIONS

State = SentDocument.State


def may_decide(user) -> bool:
    return user.has_perm("exhibitors.decide_sentdocument")


@transaction.atomic
def send(*, required: RequiredDocument, agency: Agency, user, file: ContentFile) -> SentDocument:
    """Keeps ``file``, checked already, as the next version; earlier ones stay.

    Refuses with ``forbidden``, ``over``, ``not_asked`` and ``many``.
    """
    agency = _lock(agency)
    _refuse_stranger(agency, user, required.edition)
    if refusal := why_not(required, agency):
        raise refusal
    version = _last_version(required, agency) + 1
    if version > VERSIONS:
        raise ValidationError(_("So many versions were sent already; write to the organisers."), code="many")
    row = SentDocument.objects.create(required=required, agency=agency, version=version, sent_by=user, file=file)
    data = representing.on_behalf(user, agency, required.edition) | {"version": version}
    log(instance=row, action="exhibitors.send_document", user=user, data=data)
    return row


@transaction.atomic
def decide(*, document: SentDocument, to: str, user, remark: str = "") -> SentDocument:
    """Approves or returns the version that was looked at. Once more changes nothing.

    Refuses with ``forbidden``, ``changed`` where a later version came meanwhile, ``state`` where something was decided
    already or nothing is to be, and ``remark`` where the agency has to be told why.
    """
    _refuse_who_may_not_decide(user)
    agency = _lock(document.agency)
    row = SentDocument.objects.select_related("required__edition").get(pk=document.pk)
    if row.version != _last_version(row.required, agency):
        raise ValidationError(_("The agency has sent another version meanwhile. Look at that one."), code="changed")
    if row.state == to:
        return row
    if not row.is_decidable or to not in (State.APPROVED, State.RETURNED):
        raise ValidationError(_("This version is not to be decided on."), code="state")
    if to == State.RETURNED and not remark.strip():
        raise beside("remark", _("Say why: the agency reads it."), "remark")
    row.state, row.remark = to, remark.strip()
    row.decided_at, row.decided_by = timezone.now(), user
    row.save(update_fields=["state", "remark", "decided_at", "decided_by"])
    log(instance=row, action=f"exhibitors.document_{to}", user=user, data={"remark": row.remark})
    emails.tell_of_document(row)
    return row


@transaction.atomic
def waive(*, required: RequiredDocument, agency: Agency, user, remark: str = "") -> SentDocument:
    """The organisers do not need this document of this agency. Once more changes nothing. Refuses with ``forbidden``."""
    _refuse_who_may_not_decide(user)
    agency = _lock(agency)
    last = required.sent.filter(agency=agency).order_by("-version").first()
    if last and last.state == State.WAIVED:
        return last
    row = SentDocument.objects.create(
        required=required,
        agency=agency,
        version=last.version + 1 if last else 1,
        state=State.WAIVED,
        remark=remark.strip(),
        decided_at=timezone.now(),
        decided_by=user,
    )
    log(instance=row, action="exhibitors.waive_document", user=user, data={"remark": row.remark})
    return row


@transaction.atomic
def forget(rows: Iterable[SentDocument]) -> None:
    """The files go, and what was remarked on them; that they were sent and what was decided stay."""
    for row in rows:
        file = row.file.storage, row.file.name
        SentDocument.objects.filter(pk=row.pk).update(file="", remark=row.remark and "–", erased_at=timezone.now())
        transaction.on_commit(lambda file=file: file[1] and file[0].delete(file[1]))


def why_not(required: RequiredDocument, agency: Agency) -> ValidationError | None:
    """What stands against sending this document: ``over`` or ``not_asked``; None where it may be sent."""
    if required.edition.is_over:
        return ValidationError(_("This forum is over; nothing is needed any more."), code="over")
    if not required.is_asked_of(agency, _booths_of(agency, required.edition)):
        return ValidationError(_("This document is not asked of you."), code="not_asked")
    return None


def _booths_of(agency: Agency, edition) -> list[Booth]:
    """Those that are certain: what is asked of an agency follows from them."""
    return list(Booth.objects.filter(edition=edition, bookings__agency=agency, bookings__state="confirmed"))


def _lock(agency) -> Agency:
    """Two who send, or send and decide, come one after the other."""
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _last_version(required, agency) -> int:
    last = required.sent.filter(agency=agency).order_by("-version").values_list("version", flat=True).first()
    return last or 0


def _refuse_stranger(agency, user, edition):
    if not representing.may_act(user, agency, edition):
        raise ValidationError(_("You may look at these documents but not send any."), code="forbidden")


def _refuse_who_may_not_decide(user):
    if not may_decide(user):
        raise ValidationError(_("Only an exhibition manager decides on documents."), code="forbidden")
