"""Everything that is kept of one person, as one file that they may take along."""

import base64

from wagtail.log_actions import registry

from cms import history
from forum.badges.models import Badge
from forum.checkin.models import Scan
from forum.registration.answering import answers_of
from forum.registration.models import AccessNeeds, Registration

GIVEN = (
    "honorific", "name_latin", "name_km", "position", "protocol_rank", "agency_name", "contact_name", "email", "phone",
    "language", "registered_at", "link_sent_at",
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
        "access_needs": AccessNeeds.objects.filter(pk=registration.pk).values("wheelchair", "sign_language", "diet").first(),
        "decisions": list(registration.decisions.values("round", "step", "is_yes", "reason", "decided_at")),
        "badges": [_badge(badge) for badge in Badge.objects.filter(registration=registration).prefetch_related("prints")],
        "scans": [_scan(scan) for scan in Scan.objects.filter(badge__registration=registration).select_related("gate")],
        "history": [_event(entry) for entry in registry.get_logs_for_instance(registration)],
    }


def _answer(answer):
    written = {"question": answer.question.label, "answer": answer.written}
    if not answer.file:
        return written
    with answer.file.open() as file:
        return written | {"file": answer.file.name.rpartition("/")[2], "base64": base64.b64encode(file.read()).decode()}


def _badge(badge):
    return {
        "serial": badge.serial,
        "issued_at": badge.issued_at,
        "printed_at": [row.printed_at for row in badge.prints.all()],
    }


def _scan(scan):
    return {"at": scan.scanned_at, "gate": scan.gate.name, "day": scan.day, "refusal": scan.refusal}


def _event(entry):
    """Who of the staff did something, and from where, is not the person's own data; from where they themselves did it is."""
    told = {"at": entry.timestamp, "what": entry.action, "changed": entry.data.get("changed", [])}
    return told if entry.user_id else told | {"from": entry.data.get(history.FROM, {}).get("address", "")}
