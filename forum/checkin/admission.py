"""Letting a badge through a gate by the gate's rules, and letting somebody in in spite of them."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import codes
from cms.models import Edition
from cms.prepared import Prepared
from cms.refusals import beside
from forum.badges import keys, tokens
from forum.badges.models import Badge, SigningKey
from forum.badges.tokens import Token
from forum.checkin import attending, excepting, rules
from forum.checkin.models import Device, Gate, PassException, Scan, Way
from forum.registration.models import PassType, Registration

# So long after the refusal a supervisor may still let somebody in; afterwards the badge is scanned anew.
OVERRIDE_REST = datetime.timedelta(minutes=15)


@dataclass(frozen=True)
class Verdict:
    """What the gate says: the scan, the badge it was, and where it was admitted before."""

    scan: Scan
    badge: Badge | None = None
    before: Scan | None = None

    @property
    def is_accepted(self) -> bool:
        return self.scan.is_accepted

    @property
    def name_en(self) -> str:
        """With the form of address before it: how one speaks to the person stands without a name."""
        return self.badge.registration.addressed_in("en")

    @property
    def name_km(self) -> str:
        return self.badge.registration.addressed_in("km")

    @property
    def may_be_overridden(self) -> bool:
        """A supervisor may let in whose badge it is; what is no badge of ours goes to the desk."""
        return self.badge is not None and not self.is_accepted


def scan(*, gate: Gate, typed: str, way: str = "", user=None, device: Device | None = None, client_id=None) -> Verdict:
    """Lets through the badge whose QR was scanned or whose serial was typed, or says why not; every scan is kept.

    ``way`` counts at a gate for both; any other has its own. One INSERT under a unique key decides, so that of two gates
    at the same moment one admits. ``client_id`` is by what the device knows its own scan.
    """
    now, way = timezone.now(), way_at(gate, way)
    facts = {"gate": gate, "zone_id": gate.zone_id, "day": gate.edition.day_of(now), "way": way, "scanned_by": user}
    facts |= {"device": device, "client_id": client_id, "scanned_at": now}
    badge, reason = judge(gate=gate, typed=typed, way=way, moment=now)
    if reason:
        return Verdict(Scan.objects.create(**facts, badge=badge, refusal=reason), badge)
    key = key_of(gate, badge, way, now)
    facts["session_id"] = attending.session_at(gate, badge, way, now)
    if admitted := Scan.objects.admit(Scan(**facts, badge=badge, once_key=key)):
        return Verdict(admitted, badge)
    before = Scan.objects.select_related("gate").get(once_key=key)
    return Verdict(Scan.objects.create(**facts, badge=badge, refusal=Scan.Refusal.AGAIN), badge, before)


def judge(*, gate: Gate, typed: str, way: str, moment: datetime.datetime) -> tuple[Badge | None, str]:
    """The badge, where it is one of ours and of this forum, and why it was not to be let through at that moment; whether it
    had been let through before is not asked."""
    token = tokens.read(typed)
    serial = token.serial if token else codes.read(typed)
    badge = find(serial, gate.zone_id)
    if reason := rules.doubt(_seen(gate.edition, token, serial, badge)):
        return None, reason
    return badge, rules.refusal(_facts(gate, badge, way, moment))


def verdict_of(scan: Scan) -> Verdict:
    """What the gate said, said once more."""
    return Verdict(scan, find(scan.badge.serial) if scan.badge_id else None)


@transaction.atomic
def override(*, scan: Scan, reason: str, user) -> Verdict:
    """Lets in whom the gate has refused, because a supervisor says so; the history says who and why. Once more changes
    nothing. Refuses with ``reason`` without one, ``nobody`` where the scan was no badge of ours or no refusal, and
    ``late`` some minutes after it."""
    row = Scan.objects.select_for_update(of=["self"]).select_related("gate__edition").get(pk=scan.pk)
    badge = find(row.badge.serial) if row.badge_id else None
    if done := Scan.objects.filter(overrides=row).first():
        return Verdict(done, badge)
    if badge is None or row.is_accepted:
        raise ValidationError(_("There is nobody here whom the gate has refused."), code="nobody")
    if not reason.strip():
        raise beside("reason", _("Say why."), "reason")
    if row.scanned_at < timezone.now() - OVERRIDE_REST:
        raise ValidationError(_("That was too long ago: scan the badge once more."), code="late")
    # Whose turn is still to come has taken it hereby, or a copy of the badge would come in after them.
    key = key_of(row.gate, badge, row.way, row.scanned_at)
    facts = {"gate_id": row.gate_id, "zone_id": row.zone_id, "day": row.day, "way": row.way, "badge": badge}
    facts |= {"overrides": row, "reason": reason.strip(), "scanned_by": user}
    facts["session_id"] = attending.session_at(row.gate, badge, row.way, row.scanned_at)
    try:
        with transaction.atomic():
            admitted = Scan.objects.create(**facts, once_key=key)
    except IntegrityError:
        admitted = Scan.objects.create(**facts)
    data = {"refusal": row.refusal, "gate": row.gate.code, "reason": admitted.reason}
    log(instance=badge.registration, action="checkin.override", user=user, data=data)
    return Verdict(admitted, badge)


def way_at(gate: Gate, asked: str) -> str:
    """The way that counts there."""
    if not gate.is_both_ways:
        return gate.ways
    return asked if asked in Way.values else Way.IN


def _facts(gate: Gate, badge: Badge, way: str, moment) -> dict:
    """As ``rules`` takes them. A demonstration, whose days lie ahead, is tried on any day."""
    edition, pass_type = gate.edition, badge.registration.pass_type
    day = edition.day_of(moment)
    is_trial = edition.is_demonstration and not edition.opens_on <= day <= edition.closes_on
    return {
        "day": day.isoformat(),
        "clock": f"{moment.astimezone(edition.zone):%H:%M}",
        "begins": f"{edition.day_begins_at:02}:00",
        "way": way,
        "is_valid": badge.was_valid(moment),
        "forum": {"days": [] if is_trial else edition.days},
        "gate": {
            "zone": _zone(gate),
            "days": [] if is_trial else gate.days,
            "opens": f"{gate.opens:%H:%M}" if gate.opens else None,
            "closes": f"{gate.closes:%H:%M}" if gate.closes else None,
        },
        "pass": {
            "days": [] if is_trial else pass_type.days,
            "zones": [_zone(gate)] if gate.zone_id and badge.opens_zone else [],
        },
        **_exceptions(badge, is_trial),
    }


def _exceptions(badge: Badge, is_trial: bool) -> dict:
    """What is said of this person alone; hardly anybody has any, and whoever finds a badge has looked whether they have."""
    rows = PassException.objects.of(badge) if badge.has_exceptions else ()
    return excepting.facts((row for row in rows if row.zone_id or not is_trial), lambda row: str(row.zone_id))


def key_of(gate: Gate, badge: Badge, way: str, moment, left: int | None = None) -> str | None:
    """What this badge may write once, as ``rules`` names it; ``left`` where somebody else has counted."""
    day = gate.edition.day_of(moment)
    if left is None:
        left = _left(gate, badge, day) if gate.passage == Gate.Passage.RETURN else 0
    said = {"way": way, "day": day.isoformat(), "gate": {"zone": _zone(gate)}}
    return rules.once_key(said, passage=gate.passage, badge=badge.serial, left=left)


def _zone(gate: Gate) -> str | None:
    return str(gate.zone_id) if gate.zone_id else None


def _left(gate: Gate, badge: Badge, day) -> int:
    """How often the badge went out of there today after it had come in: a copy that is only held to the way out earns no
    way in."""
    passed = Scan.objects.filter(badge=badge, day=day, zone=gate.zone_id, gate__room=None, refusal="")
    passed = passed.order_by("scanned_at", "pk")
    left, is_inside = 0, False
    for way in passed.values_list("way", flat=True):
        left += is_inside and way == Way.OUT
        is_inside = way == Way.IN
    return left


def _seen(edition: Edition, token: Token | None, serial: str, badge: Badge | None) -> dict:
    """As ``rules`` takes it; what nothing depends on is not asked of the database."""
    is_typed = not token and not badge
    return {
        "edition": edition.code,
        "token": token and _vouched(token, badge),
        "badge": badge and {"edition": _edition_of(badge, edition)},
        # People hold out the code of their own page too, which opens no gate.
        "is_own_page": is_typed and Registration.objects.of(edition).filter(code=serial).exists(),
        "is_slip": is_typed and len(serial) == tokens.SERIAL and not codes.is_checked(serial),
        "is_all_known": True,
    }


def _edition_of(badge: Badge, expected: Edition) -> str:
    """Its code; whose it may be elsewhere nobody asks."""
    return expected.code if badge.registration.edition_id == expected.pk else ""


def _vouched(token: Token, badge: Badge | None) -> dict:
    """Whether the signature is ours, and whether somebody else may have its key."""
    key = badge.key if badge and badge.key and badge.key.code == token.key else _key_named(token)
    is_signed = key is not None and token.is_signed_by(keys.public_of(key.public))
    return {"is_signed": is_signed, "is_revoked": bool(key and key.revoked_at), "edition": token.edition}


def _key_named(token) -> SigningKey | None:
    return SigningKey.objects.filter(code=token.key).first()


# What a gate says and decides by.
SHOWN = {
    "": "serial holder_no revoked_at",
    "key__": "code public revoked_at",
    "registration__": "code edition state holder_no honorific name_latin name_km agency_name protocol_rank",
    "registration__pass_type__": "code name_en name_km days",
    "registration__agency__": "name_en name_km",
}


def _badges(serial: str, zone: int):
    """With ``has_exceptions`` of the person, and whether their pass ``opens_zone``."""
    people = Badge.objects.select_related("key", "registration__pass_type", "registration__agency")
    theirs = PassException.objects.filter(registration=OuterRef("registration"), holder_no=OuterRef("holder_no"))
    opened = PassType.zones.through.objects.filter(passtype=OuterRef("registration__pass_type"), accesszone=zone)
    people = people.annotate(has_exceptions=Exists(theirs), opens_zone=Exists(opened))
    return people.only(*(start + name for start, names in SHOWN.items() for name in names.split())).filter(serial=serial)


_badge = Prepared(_badges, serial=str, zone=int)


def find(serial: str, zone: int | None = None) -> Badge | None:
    """The badge of that serial; ``zone`` is that of the gate to which it is held."""
    return _badge.first(serial=serial, zone=zone or 0)
