"""Everything that is kept of one person, as one file that they may take along."""

import base64

from wagtail.log_actions import registry

from cms import history
from forum.badges.models import Badge
from forum.checkin.models import PassException, Scan
from forum.registration import accrediting, erasing
from forum.registration.answering import answers_of
from forum.registration.models import AccessNeeds, Accreditation, Figures, Registration
from forum.visas.forms import FACTS

GIVEN = (
    "honorific", "name_latin", "name_km", "position", "protocol_rank", "agency_name", "email", "phone",
    "contact_name", "contact_role", "contact_email", "contact_phone", "contact_language", "receives", "language",
    "registered_at", "link_sent_at",
)  # fmt: skip

INVITED = (
    "code", "honorific", "name_latin", "name_km", "position", "position_km", "agency_name", "agency_name_km",
    "protocol_rank", "contact_name", "email", "phone", "language", "letter_number", "letter_date", "sent_at", "reminded_at",
    "reply", "replied_at",
)  # fmt: skip

BEFOREHAND = (
    "code", "honorific", "name_latin", "name_km", "position", "agency_name", "contact_name", "email", "language",
)  # fmt: skip


def gather(registration: Registration) -> dict:
    return {
        "forum": registration.edition.name,
        "code": registration.code,
        "state": registration.state,
        "pass": registration.pass_type.name,
        "agency": registration.agency_in("en"),
        "access_code": str(registration.access_code or ""),
        **{name: getattr(registration, name) for name in GIVEN},
        "answers": [_answer(answer) for answer in answers_of(registration, registration.language)],
        "privacy_notice": [_consent(row) for row in registration.consents.select_related("notice")],
        "further_uses": [_permission(row) for row in registration.permissions.select_related("use")],
        "access_needs": AccessNeeds.objects.filter(pk=registration.pk).values("wheelchair", "sign_language", "diet").first(),
        "accreditation": _accreditation(registration),
        "visa_letters": list(registration.visa_requests.values("state", *FACTS, "asked_at", "decided_at", "reason")),
        "voluntary_figures": Figures.objects.filter(registration=registration).values("sex", "province", "body").first(),
        "decisions": list(registration.decisions.values("round", "step", "is_yes", "reason", "decided_at")),
        "invitation": _invitation(registration),
        "circulars": list(registration.circulars.values("circular__subject_en", "circular__written_at", "state")),
        "personal_invitations": [_personal(row, registration) for row in erasing.invitations_of(registration)],
        "badges": [
            _badge(badge)
            for badge in Badge.objects.filter(registration=registration).prefetch_related("prints", "handovers")
        ],
        "exceptions_to_the_pass": [_exception(row) for row in _exceptions_of(registration)],
        "scans": [_scan(scan) for scan in Scan.objects.filter(badge__registration=registration).select_related("gate")],
        "merged": [gather(same) for same in registration.merged.filter(erased_at=None).with_names()],
        "history": [_event(entry) for entry in registry.get_logs_for_instance(registration)],
    }


def _accreditation(registration):
    columns = ("sex", "born_on", "nationality", "document_kind", "document_number", "given_at")
    given = Accreditation.objects.filter(pk=registration.pk).values(*columns).first()
    photo = accrediting.photo_of(registration)
    return given and given | {"photo_base64": base64.b64encode(photo).decode() if photo else ""}


def _invitation(registration):
    """By which invitation the person comes; of the guest's own data only where it is theirs."""
    guest = registration.guest
    if guest is None:
        return None
    told = {"list": guest.guest_list.name, "as": "companion" if registration.is_companion else "guest"}
    if erasing.guest_who_is(registration) is None:
        return told if registration.is_companion else told | {"as": "representative"}
    return told | {name: getattr(guest, name) for name in INVITED} | _file(guest.scan)


def _personal(row, registration):
    """What was written of the person; of who handed the link on, no more than when."""
    times = {name: getattr(row, name) for name in ("made_at", "sent_at", "opened_at", "used_at", "revoked_at")}
    is_theirs = any(row.is_of(each) for each in erasing.same_person(registration))
    written = {name: getattr(row, name) for name in BEFOREHAND} if is_theirs else {}
    return {"pass": row.pass_type.name} | written | times


def _file(file):
    if not file:
        return {}
    with file.open() as content:
        return {"file": file.name.rpartition("/")[2], "base64": base64.b64encode(content.read()).decode()}


def _answer(answer):
    written = {"question": answer.question.label, "answer": answer.written}
    return written | _file(answer.file)


def _consent(row):
    is_theirs = row.holder_no == row.registration.holder_no
    return {
        "version": row.notice.version,
        "text": row.notice.text,
        "at": row.said_at,
        "how": row.how,
        "by_present_holder": is_theirs,
    }


def _permission(row):
    return {"what": row.use.label, "at": row.said_at, "how": row.how, "taken_back_at": row.taken_back_at}


def _badge(badge):
    return {
        "serial": badge.serial,
        "issued_at": badge.issued_at,
        "printed_at": [row.printed_at for row in badge.prints.all()],
        "handed_over": [{"at": row.handed_at, "to": row.to, "undone_at": row.undone_at} for row in badge.handovers.all()],
    }


def _scan(scan):
    return {"at": scan.scanned_at, "gate": scan.gate.name, "day": scan.day, "refusal": scan.refusal}


def _exceptions_of(registration):
    return PassException.objects.in_force().filter(registration=registration).select_related("zone").order_by("pk")


def _exception(row):
    return {"what": row.written, "why": row.reason, "at": row.made_at}


def _event(entry):
    """Who of the staff did something, and from where, is not the person's own data; from where they themselves did it is."""
    told = {"at": entry.timestamp, "what": entry.action, "changed": entry.data.get("changed", [])}
    return told if entry.user_id else told | {"from": entry.data.get(history.FROM, {}).get("address", "")}
