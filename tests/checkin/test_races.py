"""One badge at eight gates at once: one admits. Devices that ask and tell at once are each heard once."""

import uuid

from django.utils import timezone

from forum.badges import printing
from forum.badges.models import Badge
from forum.checkin import admission, devices, recording
from forum.checkin.models import Device, Gate, Scan
from forum.checkin.recording import Told
from tests.factories import cms
from tests.factories import registration as make


def prepare():
    (badge,) = printing.issue([make.registration(make.pass_type(cms.edition_under_way()))])
    for number in range(8):
        Gate.objects.create(edition=badge.registration.edition, name_en=f"Gate {number}")
    return badge.serial


def scan(serial, gate):
    verdict = admission.scan(gate=Gate.objects.get(name_en=f"Gate {gate}"), typed=serial)
    return [verdict.scan.refusal, verdict.before.gate.name_en if verdict.before else f"Gate {gate}"]


def issue():
    return printing.issue([Badge.objects.get().registration])[0].serial


def test_one_badge_at_eight_gates_at_once_is_admitted_at_one(race):
    serial = race.prepare(prepare)

    verdicts = race(scan, [{"serial": serial, "gate": number} for number in range(8)])

    assert sorted(refusal for refusal, _gate in verdicts) == [""] + ["again"] * 7
    assert len({gate for _refusal, gate in verdicts}) == 1


def test_making_the_same_badge_at_once_makes_one(race):
    serial = race.prepare(prepare)

    assert set(race(issue, [{}] * 4)) == {serial}


def prepare_return():
    """Eight doors by which one may come back, and somebody who has gone out once."""
    serial = prepare()
    Gate.objects.update(passage="return", ways="both")
    for way in ("in", "out"):
        admission.scan(gate=Gate.objects.first(), typed=serial, way=way)
    return serial


def test_who_went_out_once_comes_back_at_one_of_eight_gates(race):
    serial = race.prepare(prepare_return)

    verdicts = race(scan, [{"serial": serial, "gate": number} for number in range(8)])

    assert sorted(refusal for refusal, _gate in verdicts) == [""] + ["again"] * 7


def prepare_refusal():
    serial = prepare()
    main = Gate.objects.get(name_en="Gate 0")
    for _ in range(2):
        admission.scan(gate=main, typed=serial)
    return Scan.objects.exclude(refusal="").get().pk


def override(pk):
    return admission.override(scan=Scan.objects.get(pk=pk), reason="Forgot a bag", user=None).scan.pk


def test_supervisors_who_let_in_at_once_let_in_once(race):
    pk = race.prepare(prepare_refusal)

    assert len(set(race(override, [{"pk": pk}] * 6))) == 1


def prepare_device():
    gate = Gate.objects.create(edition=cms.edition_under_way(), name_en="Main gate")
    return devices.link_of(devices.prepare(gate=gate, name="Red telephone", user=None))


def pair(link):
    return devices.pair(link=link)[1]


def test_of_telephones_that_show_one_link_at_once_one_is_paired(race):
    link = race.prepare(prepare_device)

    outcomes = race(pair, [{"link": link}] * 6)

    assert sorted(isinstance(outcome, str) for outcome in outcomes) == [False] * 5 + [True]
    assert {outcome.code for outcome in outcomes if not isinstance(outcome, str)} == {"pairing"}


DEVICES, BADGES = 16, 50


def prepare_opening():
    """Sixteen telephones at four gates, and fifty people who come."""
    edition = cms.edition_under_way()
    gates = [Gate.objects.create(edition=edition, name_en=f"Gate {number}") for number in range(4)]
    for number in range(DEVICES):
        devices.pair(link=devices.link_of(devices.prepare(gate=gates[number % 4], name=f"Telephone {number}", user=None)))
    pass_type = make.pass_type(edition)
    return [str(badge.token) for badge in printing.issue([make.registration(pass_type) for _ in range(BADGES)])]


def ask_each(number, typed):
    device = Device.objects.select_related("gate__edition").get(name=f"Telephone {number}")
    # Each begins with another badge, so that they meet.
    turned = typed[number:] + typed[:number]
    return [recording.ask(device=device, client_id=uuid.uuid4(), typed=one, way="in").scan.refusal for one in turned]


def admitted():
    rows = Scan.objects.filter(refusal="").values_list("badge_id", flat=True)
    return len(rows), len(set(rows)), Scan.objects.count()


def test_sixteen_devices_that_scan_the_same_fifty_badges_at_once_let_in_fifty(race):
    typed = race.prepare(prepare_opening)

    said = race(ask_each, [{"number": number, "typed": typed} for number in range(DEVICES)])

    assert {refusal for refusals in said for refusal in refusals} == {"", "again"}
    assert sum(refusals.count("") for refusals in said) == BADGES
    assert race.inspect(admitted) == (BADGES, BADGES, DEVICES * BADGES)


def tell(number, typed, client_ids):
    device = Device.objects.select_related("gate__edition").get(name=f"Telephone {number}")
    told = [
        Told(client_id=client_id, typed=one, way="in", scanned_at=timezone.now(), refusal="")
        for client_id, one in zip(client_ids, typed, strict=True)
    ]
    return [scan.flag for scan in recording.record(device=device, told=told)]


def test_a_device_that_tells_the_same_several_times_at_once_tells_it_once(race):
    typed = race.prepare(prepare_opening)[:10]
    numbers = [uuid.uuid4() for _ in typed]

    flags = race(tell, [{"number": 0, "typed": typed, "client_ids": numbers}] * 6)

    assert flags == [[""] * 10] * 6
    assert race.inspect(admitted) == (10, 10, 10)


def flagged():
    return Scan.objects.exclude(flag="").count(), Scan.objects.exclude(once_key=None).count()


def test_of_gates_that_let_the_same_people_in_without_a_network_all_but_one_are_flagged(race):
    typed = race.prepare(prepare_opening)[:10]

    race(tell, [{"number": n, "typed": typed, "client_ids": [uuid.uuid4() for _ in typed]} for n in range(4)])

    assert race.inspect(admitted) == (40, 10, 40)
    assert race.inspect(flagged) == (30, 10)
