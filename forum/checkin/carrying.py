"""What a device carries with it in order to decide alone: keys, passes, the rules of its gate, the badges there are.

Of people it holds what the guard is shown and nothing else: the name as one speaks it, the pass, and of guests of honour the
photo. Numbers of rows stay here; a zone is known there by its name.
"""

import datetime
import hashlib
import json
from collections import defaultdict

from django.core.cache import caches
from django.db.models import F
from django.utils import timezone

from forum.badges.models import Badge, SigningKey
from forum.checkin import excepting, faces, pins
from forum.checkin.models import Device, Gate, PassException, Scan
from forum.registration import honorifics
from forum.registration.honorifics import Form
from forum.registration.models import PassType

# Seconds for which a process keeps the people of an edition ready: sixteen devices that sync at once read them once.
KEPT = 40
# Rows that were being written when somebody asked are told the next time.
OVERLAP = datetime.timedelta(minutes=1)
PERSON = ("registration__honorific", "registration__name_km", "registration__name_latin")


def load(device: Device) -> tuple[str, str]:
    """All that it needs, as JSON, and by what it is told whether it has that already."""
    gate = device.gate
    people, digest = _people(gate.edition)
    head = json.dumps(_head(device, gate), ensure_ascii=False)
    version = hashlib.sha256((head + digest).encode()).hexdigest()[:32]
    return f'{{"version": "{version}", {head[1:-1]}, "badges": {people}}}', version


def _head(device, gate) -> dict:
    edition = gate.edition
    return {
        "device": device.name,
        "edition": {
            "code": edition.code,
            "zone": edition.time_zone,
            "begins": f"{edition.day_begins_at:02}:00",
            "days": edition.days,
            "is_demonstration": edition.is_demonstration,
        },
        "gate": _gate(gate),
        "keys": {
            key.code: {"public": key.public, "revoked": key.revoked_at is not None} for key in SigningKey.objects.all()
        },
        "passes": {pass_type.code: _pass(pass_type) for pass_type in _passes(edition)},
        "exceptions": _exceptions(edition),
        "photos": faces.versions(edition),
        "staff": [{"code": pin.code, "name": str(pin.user)} for pin in pins.of_staff()],
    }


def _gate(gate: Gate) -> dict:
    return {
        "name_en": gate.name_en,
        "name_km": gate.name_km or gate.name_en,
        "zone": gate.zone.name_en if gate.zone_id else None,
        "zone_km": (gate.zone.name_km or gate.zone.name_en) if gate.zone_id else "",
        "passage": gate.passage,
        "ways": gate.ways,
        "days": gate.days,
        "opens": f"{gate.opens:%H:%M}" if gate.opens else None,
        "closes": f"{gate.closes:%H:%M}" if gate.closes else None,
    }


def _passes(edition):
    return PassType.objects.filter(edition=edition).prefetch_related("zones").order_by("pk")


def _pass(pass_type: PassType) -> dict:
    return {
        "name_en": pass_type.name_en,
        "name_km": pass_type.name_km or pass_type.name_en,
        "days": pass_type.days,
        "zones": [zone.name_en for zone in pass_type.zones.all()],
    }


def _exceptions(edition) -> dict:
    """What is said of single people, by the serials of their badges."""
    found = defaultdict(list)
    rows = PassException.objects.in_force().filter(registration__edition=edition).select_related("zone").order_by("pk")
    for row in rows:
        found[row.registration_id].append(row)
    badges = Badge.objects.current().filter(registration__in=found, registration__holder_no=F("holder_no")).order_by("pk")
    return {badge.serial: excepting.facts(found[badge.registration_id], lambda row: row.zone.name_en) for badge in badges}


def _people(edition) -> tuple[str, str]:
    """``[serial, pass, name in Khmer, name in Latin]`` of each valid badge, the serial alone of others; with a digest."""
    cache, key = caches["pages"], f"carried:{edition.pk}"
    if kept := cache.get(key):
        return kept
    written = json.dumps([*_valid(edition), *_ended(edition)], ensure_ascii=False, separators=(",", ":"))
    kept = written, hashlib.sha256(written.encode()).hexdigest()
    cache.set(key, kept, KEPT)
    return kept


def _valid(edition):
    """Without a row of the model for each: there are twenty thousand."""
    codes_of = dict(PassType.objects.filter(edition=edition).values_list("pk", "code"))
    badges = Badge.objects.valid().filter(registration__edition=edition).order_by("pk")
    for serial, pass_type, *person in badges.values_list("serial", "registration__pass_type", *PERSON).iterator():
        yield [serial, codes_of[pass_type], *_addressed(*person)]


def _addressed(honorific: str, name_km: str, name_latin: str) -> tuple[str, str]:
    """As ``Registration.addressed_in`` writes it."""
    in_khmer, in_english = (honorifics.written(honorific, language, Form.LETTER) for language in ("km", "en"))
    return f"{in_khmer} {name_km or name_latin}".strip(), f"{in_english} {name_latin}".strip()


def _ended(edition):
    valid = Badge.objects.valid().filter(registration__edition=edition).values("pk")
    ended = Badge.objects.filter(registration__edition=edition).exclude(pk__in=valid).order_by("pk")
    return [[serial] for serial in ended.values_list("serial", flat=True)]


def passed(device: Device, since: datetime.datetime | None) -> list[list]:
    """Who went through into or out of the same place today by other hands, as ``[serial, way, moment]`` with moments in
    milliseconds; told since a moment, some of it twice. What the device did it knows."""
    gate = device.gate
    if gate.passage == Gate.Passage.FREE:
        return []
    rows = Scan.objects.filter(day=gate.edition.today, zone=gate.zone_id, gate__edition=gate.edition_id, refusal="")
    rows = rows.filter(gate__room=None)  # who leaves a session has not left the forum
    rows = rows.exclude(badge=None).exclude(device=device)
    if since:
        rows = rows.filter(recorded_at__gte=min(since, timezone.now()) - OVERLAP)
    told = rows.order_by("scanned_at", "pk").values_list("badge__serial", "way", "scanned_at")
    return [[serial, way, int(moment.timestamp() * 1000)] for serial, way, moment in told.iterator(chunk_size=2_000)]
