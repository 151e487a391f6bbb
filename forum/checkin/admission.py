"""Admitting a badge at a gate, once on each day."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cms import codes
from cms.models import Edition
from forum.badges import keys, tokens
from forum.badges.models import Badge, SigningKey
from forum.badges.tokens import Token
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
    """Admits the badge whose QR was scanned or whose serial was typed, or says why not; every scan is kept.

    One INSERT under a unique constraint decides, so that of two gates at the same moment one admits.
    """
    edition, day = gate.edition, gate.edition.today
    token = tokens.read(typed)
    serial = token.serial if token else codes.read(typed)
    badge = _find(serial)
    if reason := _doubt(edition, token, serial, badge):
        return Verdict(_refuse(gate, badge, day, user, reason))
    if reason := _refusal(edition, badge, day):
        return Verdict(_refuse(gate, badge, day, user, reason), badge)
    try:
        with transaction.atomic():
            return Verdict(Scan.objects.create(gate=gate, badge=badge, day=day, scanned_by=user), badge)
    except IntegrityError:
        before = Scan.objects.select_related("gate").get(badge=badge, day=day, refusal="")
        return Verdict(_refuse(gate, badge, day, user, Scan.Refusal.AGAIN), badge, before)


def _doubt(edition: Edition, token: Token | None, serial: str, badge: Badge | None) -> str:
    """Why this is no badge of the edition at all; whose it may be elsewhere is not shown."""
    if token and (reason := _doubt_of(token, badge)):
        return reason
    if (token and token.edition != edition.code) or (badge and badge.registration.edition_id != edition.pk):
        return Scan.Refusal.EDITION
    if badge:
        return ""
    if token:
        return Scan.Refusal.INVALID  # signed by us, and erased since
    return _what_else(edition, serial)


def _doubt_of(token: Token, badge: Badge | None) -> str:
    """A signature that is not ours, or of a key that somebody else may have."""
    key = badge.key if badge and badge.key and badge.key.code == token.key else _key_named(token)
    if key is None or not token.is_signed_by(keys.public_of(key.public)):
        return Scan.Refusal.FORGED
    return Scan.Refusal.INVALID if key.revoked_at else ""


def _key_named(token) -> SigningKey | None:
    return SigningKey.objects.filter(code=token.key).first()


def _refusal(edition: Edition, badge: Badge, day) -> str:
    """Why a badge of the edition is not admitted on this day."""
    if not _is_open(edition, day):
        return Scan.Refusal.DAY
    if not badge.is_valid:
        return Scan.Refusal.INVALID
    return "" if _is_for_today(badge, edition, day) else Scan.Refusal.PASS_DAY


def _is_open(edition: Edition, day) -> bool:
    """On the days of the forum; a demonstration, whose days lie ahead, is tried today."""
    return edition.is_demonstration or edition.opens_on <= day <= edition.closes_on


def _is_for_today(badge: Badge, edition: Edition, day) -> bool:
    """The pass is valid today; before and after the days of a demonstration every pass is tried."""
    return badge.registration.pass_type.is_valid_on(day) or not edition.opens_on <= day <= edition.closes_on


def _find(serial: str) -> Badge | None:
    people = Badge.objects.select_related("key", "registration__pass_type", "registration__agency")
    return people.filter(serial=serial).first()


def _what_else(edition, serial) -> str:
    """People hold out the code of their own page too, which opens no gate."""
    if Registration.objects.of(edition).filter(code=serial).exists():
        return Scan.Refusal.DESK
    is_slip = len(serial) == tokens.SERIAL and not codes.is_checked(serial)
    return Scan.Refusal.MISTYPED if is_slip else Scan.Refusal.UNKNOWN


def _refuse(gate, badge, day, user, reason) -> Scan:
    return Scan.objects.create(gate=gate, badge=badge, day=day, scanned_by=user, refusal=reason)
