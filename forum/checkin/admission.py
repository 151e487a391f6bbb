"""Admitting a badge at a gate, once on each day."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cms import codes
from cms.models import Edition
from forum.badges.models import Badge
from forum.checkin.models import Gate, Scan
from forum.registration.models import Registration


@dataclass(frozen=True)
class Verdict:
    """What the gate says: the scan, the badge it was, and where it was admitted before."""

    scan: Scan
    badge: Badge | None = None
    before: Scan | None = None

    @property
    def is_accepted(self) -> bool:
        return self.scan.is_accepted


def scan(*, gate: Gate, typed: str, user=None) -> Verdict:
    """Admits the badge whose serial was scanned or typed, or says why not; every scan is kept.

    One INSERT under a unique constraint decides, so that of two gates at the same moment one admits.
    """
    serial, day = codes.read(typed), gate.edition.today
    badge = _find(gate.edition, serial)
    if badge is None:
        return Verdict(_refuse(gate, None, day, user, _what_else(gate.edition, serial)))
    if not _is_open(gate.edition, day):
        return Verdict(_refuse(gate, badge, day, user, Scan.Refusal.DAY), badge)
    if not badge.is_valid:
        return Verdict(_refuse(gate, badge, day, user, Scan.Refusal.INVALID), badge)
    if not _is_for_today(badge, gate.edition, day):
        return Verdict(_refuse(gate, badge, day, user, Scan.Refusal.PASS_DAY), badge)
    try:
        with transaction.atomic():
            return Verdict(Scan.objects.create(gate=gate, badge=badge, day=day, scanned_by=user), badge)
    except IntegrityError:
        before = Scan.objects.select_related("gate").get(badge=badge, day=day, refusal="")
        return Verdict(_refuse(gate, badge, day, user, Scan.Refusal.AGAIN), badge, before)


def _is_open(edition: Edition, day) -> bool:
    """On the days of the forum; a demonstration, whose days lie ahead, is tried today."""
    return edition.is_demonstration or edition.opens_on <= day <= edition.closes_on


def _is_for_today(badge: Badge, edition: Edition, day) -> bool:
    """The pass is valid today; before and after the days of a demonstration every pass is tried."""
    return badge.registration.pass_type.is_valid_on(day) or not edition.opens_on <= day <= edition.closes_on


def _find(edition: Edition, serial: str) -> Badge | None:
    people = Badge.objects.select_related("registration__pass_type", "registration__agency")
    return people.filter(serial=serial, registration__edition=edition).first()


def _what_else(edition, serial) -> str:
    """People hold out the code of their own page too, which opens no gate."""
    is_persons = Registration.objects.of(edition).filter(code=serial).exists()
    return Scan.Refusal.DESK if is_persons else Scan.Refusal.UNKNOWN


def _refuse(gate, badge, day, user, reason) -> Scan:
    return Scan.objects.create(gate=gate, badge=badge, day=day, scanned_by=user, refusal=reason)
