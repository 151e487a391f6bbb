"""What devices tell of their scans: kept once, as it happened, in whatever order; what disagrees is flagged."""

import datetime
import itertools
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.badges import printing
from forum.checkin import admission, devices, pins, recording
from forum.checkin.models import Gate, Scan
from forum.checkin.recording import Told
from forum.registration import signup
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge():
    return printing.issue([make.registration(make.pass_type(cms.edition_under_way()))])[0]


def device(badge, name="Red telephone", **rules):
    gate = Gate.objects.create(edition=badge.registration.edition, name_en=f"Gate of {name}", **rules)
    waiting = devices.prepare(gate=gate, name=name, user=None)
    return devices.pair(link=devices.link_of(waiting))[0]


def told(badge, refusal="", minutes=5, **said):
    """Some minutes ago."""
    values = {"typed": str(badge.token), "way": "in", "scanned_at": timezone.now() - datetime.timedelta(minutes=minutes)}
    return Told(client_id=uuid.uuid4(), refusal=refusal, **values | said)


def kept(*names):
    return list(Scan.objects.order_by("scanned_at").values_list(*(names or ("refusal", "flag")), flat=len(names) == 1))


def test_what_was_decided_without_a_network_is_kept_with_its_moment_device_and_person(badge):
    red, user = device(badge), accounts.user(pins.PERMISSION)
    shift = devices.begin_shift(device=red, pin=pins.set_pin(user=user, typed="295817"), typed="295817")
    one = told(badge, shift=shift.code)

    (scan,) = recording.record(device=red, told=[one])

    assert (scan.badge, scan.gate, scan.refusal, scan.flag, scan.is_offline) == (badge, red.gate, "", "", True)
    assert (scan.scanned_at, scan.device, scan.scanned_by) == (one.scanned_at, red, user)
    assert scan.recorded_at > scan.scanned_at
    assert admission.scan(gate=red.gate, typed=badge.serial).scan.refusal == "again", "the badge has had its turn"


def test_told_once_more_it_is_kept_once(badge):
    red, one = device(badge), told(badge)

    first = recording.record(device=red, told=[one])
    again = recording.record(device=red, told=[one, one])

    assert again == first * 2
    assert Scan.objects.count() == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_it_is_told_the_same_stands_there(badge, order):
    red = device(badge, passage="return", ways="both")
    day = [told(badge, minutes=9), told(badge, minutes=6, way="out"), told(badge, minutes=3, left=1)]

    for number in order:
        recording.record(device=red, told=[day[number]])

    assert kept("refusal", "flag", "way") == [("", "", "in"), ("", "", "out"), ("", "", "in")]


def test_a_refusal_for_coming_twice_is_believed_though_the_first_time_is_told_later(badge):
    red = device(badge)
    first, second = told(badge, minutes=9), told(badge, "again", minutes=3)

    recording.record(device=red, told=[second])
    recording.record(device=red, told=[first])

    assert kept() == [("", ""), ("again", "")]


def test_one_badge_that_two_gates_let_in_without_a_network_is_flagged(badge):
    red, blue = device(badge), device(badge, "Blue telephone")

    recording.record(device=red, told=[told(badge, minutes=5)])
    recording.record(device=blue, told=[told(badge, minutes=4)])

    assert kept() == [("", ""), ("", "again")]
    (scan,) = recording.flagged(badge.registration.edition)
    assert (scan.device, scan.once_key) == (blue, None)


def test_who_was_let_in_though_the_badge_had_been_revoked_stays_so_and_is_flagged(badge):
    red = device(badge)
    printing.print_badges(registrations=[badge.registration])
    printing.print_badges(registrations=[badge.registration], reason="lost")
    badge.refresh_from_db()
    before, after = told(badge, minutes=1), told(badge, minutes=0)

    recording.record(device=red, told=[before])
    assert kept() == [("", "")], "at that moment it was valid"
    Scan.objects.all().delete()
    recording.record(device=red, told=[after])
    assert kept() == [("", "invalid")]


def test_whom_we_would_have_let_in_is_flagged_and_two_reasons_are_as_good_as_one(badge):
    red = device(badge)
    signup.withdraw(
        registration=(other := printing.issue([make.registration(badge.registration.pass_type)])[0]).registration
    )

    recording.record(device=red, told=[told(badge, "invalid", minutes=3), told(other, "zone", minutes=2)])

    assert kept() == [("invalid", "admit"), ("zone", "")]


def test_a_badge_of_somebody_erased_since_is_kept_without_them(badge):
    red, one = device(badge), told(badge)
    badge.delete()

    (scan,) = recording.record(device=red, told=[one])

    assert (scan.badge, scan.refusal, scan.flag) == (None, "", "invalid")


def test_asked_it_answers_as_the_gate_does_and_the_same_once_more(badge):
    red, number = device(badge), uuid.uuid4()

    def ask(client_id):
        verdict = recording.ask(device=red, client_id=client_id, typed=str(badge.token), way="in")
        return verdict.scan, verdict.before

    scan, _before = ask(number)
    assert (scan.refusal, scan.device, scan.is_offline) == ("", red, False)
    assert ask(number) == (scan, None)
    other = uuid.uuid4()
    second, before = ask(other)
    assert (second.refusal, before) == ("again", scan)
    assert ask(other) == (second, scan)
    assert Scan.objects.count() == 2


@pytest.mark.parametrize(
    ("earlier", "theirs", "stands"),
    [
        (0, "", ("", "", False)),
        (1, "", ("", "again", True)),
        (0, "again", ("again", "", True)),
        (0, "zone", ("zone", "admit", True)),
    ],
)
def test_an_answer_that_came_too_late_gives_way_to_what_happened(badge, earlier, theirs, stands):
    red, one = device(badge), told(badge, theirs)
    for _ in range(earlier):
        admission.scan(gate=red.gate, typed=badge.serial)
    recording.ask(device=red, client_id=one.client_id, typed=one.typed, way="in")

    (scan,) = recording.record(device=red, told=[one])
    recording.record(device=red, told=[one])

    scan.refresh_from_db()
    assert (scan.refusal, scan.flag, scan.is_offline) == stands
    assert bool(scan.once_key) == (not theirs and not earlier)
    assert Scan.objects.count() == 1 + earlier


def test_a_moment_is_believed_within_what_can_be():
    now = timezone.now()

    assert recording.bounded(now + datetime.timedelta(days=1)) <= timezone.now()
    assert recording.bounded(now - datetime.timedelta(days=400)) >= now - recording.OLDEST
    assert recording.bounded(now - datetime.timedelta(hours=1)) == now - datetime.timedelta(hours=1)


def test_the_database_flags_nothing_that_was_decided_here(badge):
    scan = admission.scan(gate=device(badge).gate, typed=badge.serial).scan

    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(flag="again")
