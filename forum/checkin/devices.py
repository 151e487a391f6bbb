"""Telephones and tablets at the gates: each is paired once, by a link that a QR shows, and has the rights of its gate."""

import datetime
import hashlib
import secrets

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.checkin import pins
from forum.checkin.models import Device, DeviceVisit, Gate, Pin, Shift

SALT = "vetika device"
PAIRING = datetime.timedelta(minutes=10)
# How exactly it is known when a device was seen last: most of its questions then write nothing but their answer.
EXACTLY = datetime.timedelta(seconds=30)


@transaction.atomic
def prepare(*, gate: Gate, name: str, user) -> Device:
    """A device that waits to be paired."""
    device = Device.objects.create(gate=gate, name=name, made_by=user)
    log(instance=device, action="checkin.prepare_device", user=user, data={"gate": gate.code})
    return device


def link_of(device: Device) -> str:
    """What the telephone shows us in order to become this device: good for some minutes from now, and once."""
    return signing.dumps(device.code, salt=SALT)


def waiting(link: str) -> Device | None:
    """The device that a link is to be made into, as long as it may."""
    try:
        code = signing.loads(link, salt=SALT, max_age=PAIRING)
    except signing.BadSignature:
        return None
    return Device.objects.filter(code=code, paired_at=None, revoked_at=None).select_related("gate__edition").first()


@transaction.atomic
def pair(*, link: str) -> tuple[Device, str]:
    """Whoever shows the link first is the device from now on; the token is told this once. Refuses with ``pairing`` a link
    that is none, too old, used or revoked."""
    device, token = waiting(link), secrets.token_urlsafe(32)
    changed = {"token_hash": _hash(token), "paired_at": timezone.now()}
    # The condition decides between two telephones that hold the same link.
    if not device or not Device.objects.filter(pk=device.pk, paired_at=None, revoked_at=None).update(**changed):
        raise ValidationError(_("This link has been used or is too old. Ask for a new one."), code="pairing")
    device.refresh_from_db()
    log(instance=device, action="checkin.pair_device", user=device.made_by, data={"gate": device.gate.code})
    return device, token


@transaction.atomic
def revoke(*, device: Device, user) -> Device:
    """It is lost or no longer needed: from now on it is told nothing and believed nothing. Once more changes nothing."""
    if Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=timezone.now()):
        log(instance=device, action="checkin.revoke_device", user=user, data={"gate": device.gate.code})
    device.refresh_from_db()
    return device


def find(token: str) -> Device | None:
    """Whose token this is, unless it was revoked."""
    found = Device.objects.usable().filter(token_hash=_hash(token))
    return found.select_related("gate__edition", "gate__zone", "visit").first()


def note_visit(device: Device, *, is_sync: bool = False) -> None:
    """That it was here just now."""
    now, last = timezone.now(), getattr(device, "visit", None)
    if is_sync or last is None or last.seen_at < now - EXACTLY:
        noted = {"seen_at": now} | ({"synced_at": now} if is_sync else {})
        DeviceVisit.objects.update_or_create(device=device, defaults=noted)


@transaction.atomic
def begin_shift(*, device: Device, pin: Pin, typed: str) -> Shift:
    """Somebody takes the device over. Refuses with ``pin`` a wrong one, and whoever may no longer scan."""
    if not pins.is_right(pin, typed):
        raise ValidationError(_("This PIN is wrong."), code="pin")
    shift = Shift.objects.create(device=device, user=pin.user)
    log(instance=device, action="checkin.begin_shift", user=pin.user, data={"gate": device.gate.code})
    return shift


def _hash(token: str) -> str:
    """A token has 256 random bits: nothing is gained by a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
