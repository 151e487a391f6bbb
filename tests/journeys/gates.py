"""An edition that is under way on a running site, with gates, telephones and badges of every kind: made and looked at in a
process of its own, as the site's own commands are. What is given and returned is JSON."""

from dataclasses import replace

from django.utils import timezone

from cms import codes
from forum.badges import printing
from forum.badges.models import Badge
from forum.checkin import devices, excepting, pins
from forum.checkin.models import Device, Gate, Scan
from forum.registration import signup
from forum.registration.models import AccessZone, PassType
from tests.factories import accounts, cms
from tests.factories import registration as make

FACE = (200, 30, 60)  # one colour, by which a picture is known again


def prepare() -> dict:
    """The links of two telephones, and badges by what a gate says of them."""
    edition = cms.edition_under_way(slug=f"gates-{codes.six().lower()}", is_current=False)
    last_year = cms.edition(slug=f"last-{codes.six().lower()}", is_current=False)
    hall = AccessZone.objects.create(edition=edition, name_en="Hall", name_km="សាល")
    passes = {name: make.pass_type(edition, slug=name, name_en=name) for name in ("delegate", "visitor", "one-day")}
    passes["delegate"].zones.add(hall)
    passes["one-day"].zones.add(hall)
    passes["one-day"].days = [edition.closes_on.isoformat()]
    passes["one-day"].save()

    def badges(pass_type, count):
        people = [
            make.registration(pass_type, name_latin=f"Sok Dara {number}", name_km="សុខ ដារ៉ា", honorific="excellency")
            for number in range(count)
        ]
        return printing.issue(people)

    valid, revoked = badges(passes["delegate"], 10), badges(passes["delegate"], 2)
    signup.withdraw(registration=revoked[0].registration)
    Badge.objects.filter(pk=revoked[1].pk).update(revoked_at=timezone.now())
    forged = [replace(valid[0].token, serial=codes.checked(12)), replace(valid[1].token, key="ZZZ")]
    gates = [Gate.objects.create(edition=edition, name_en=f"Hall {side}", zone=hall) for side in ("east", "west")]
    guard = accounts.user(pins.PERMISSION, first_name="Bopha", email=f"{codes.six().lower()}@example.org")
    pin = pins.set_pin(user=guard, typed="295817")
    guest = make.pass_type(edition, slug="guest", name_en="guest", needs_photo=True, shows_photo=True)
    guest.zones.add(hall)
    (honoured,) = badges(guest, 1)
    make.accredit(honoured.registration, photo=make.photo(colour=FACE))
    excepted = badges(passes["visitor"], 1)
    excepting.make(registration=excepted[0].registration, zone=hall, is_open=True, reason="Speaks there")
    return {
        "edition": edition.slug,
        "guard": pin.code,
        "links": [
            devices.link_of(devices.prepare(gate=gate, name=f"Telephone {gate.name_en}", user=None)) for gate in gates
        ],
        "valid": [str(badge.token) for badge in valid],
        "serials": [badge.serial for badge in valid],
        "honoured": str(honoured.token),
        "face": FACE,
        "late": [str(badge.token) for badge in badges(passes["delegate"], 1)],
        "invalid": [str(badge.token) for badge in revoked],
        "excepted": [str(badge.token) for badge in excepted],
        "zone": [str(badge.token) for badge in badges(passes["visitor"], 2)],
        "pass-day": [str(badge.token) for badge in badges(passes["one-day"], 2)],
        "forged": [str(token) for token in forged],
        "edition-before": [str(badge.token) for badge in badges(make.pass_type(last_year), 2)],
        "own-page": valid[0].registration.code,
    }


def issue(edition: str) -> str:
    """A badge that is made now."""
    (badge,) = printing.issue([make.registration(PassType.objects.get(edition__slug=edition, slug="delegate"))])
    return str(badge.token)


def scans(edition: str) -> list:
    """What was recorded, in the order of time."""
    rows = Scan.objects.filter(gate__edition__slug=edition).order_by("scanned_at", "pk")
    return [[scan.refusal, scan.flag, scan.is_offline, scan.device.name, str(scan.scanned_by or "")] for scan in rows]


def revoke(edition: str) -> None:
    for device in Device.objects.filter(gate__edition__slug=edition):
        devices.revoke(device=device, user=None)
