"""One badge at eight gates at once: one admits."""

from forum.badges import printing
from forum.badges.models import Badge
from forum.checkin import admission, devices
from forum.checkin.models import Gate, Scan
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
