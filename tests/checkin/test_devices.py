"""Devices at the gates: paired once by a link, known by a token, revoked; staff are told apart by PIN."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.checkin import devices, pins
from forum.checkin.models import Device, DeviceVisit, Gate, Pin, Shift
from tests.factories import accounts, cms

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    gate = Gate.objects.create(edition=cms.edition_under_way(), name_en="Main gate")
    return devices.prepare(gate=gate, name="Red telephone", user=accounts.user())


def refusal(act, **said):
    with pytest.raises(ValidationError) as raised:
        act(**said)
    return code_of(raised.value)


def test_whoever_shows_the_link_first_is_the_device(waiting):
    link = devices.link_of(waiting)

    device, token = devices.pair(link=link)

    assert devices.find(token) == device == waiting
    assert refusal(devices.pair, link=link) == "pairing"
    assert devices.find("") is devices.find(token[:-1]) is devices.find(device.token_hash) is None
    assert [entry.action for entry in ModelLogEntry.objects.order_by("pk")] == [
        "checkin.prepare_device",
        "checkin.pair_device",
    ]


def test_the_token_stands_nowhere(waiting):
    _device, token = devices.pair(link=devices.link_of(waiting))

    assert token not in str(Device.objects.values()) + str(ModelLogEntry.objects.values())


def test_a_link_that_is_too_old_false_or_of_a_revoked_device_pairs_nothing(waiting, monkeypatch):
    link = devices.link_of(waiting)

    assert refusal(devices.pair, link=link[:-1]) == "pairing"
    monkeypatch.setattr(devices, "PAIRING", datetime.timedelta(seconds=-1))
    assert refusal(devices.pair, link=link) == "pairing"
    monkeypatch.undo()
    devices.revoke(device=waiting, user=None)
    assert refusal(devices.pair, link=link) == "pairing"
    assert Device.objects.get().paired_at is None


def test_a_revoked_device_is_nobody_and_revoking_it_once_more_changes_nothing(waiting):
    device, token = devices.pair(link=devices.link_of(waiting))

    first = devices.revoke(device=device, user=accounts.user()).revoked_at

    assert devices.find(token) is None
    assert devices.revoke(device=device, user=accounts.user()).revoked_at == first
    assert ModelLogEntry.objects.filter(action="checkin.revoke_device").count() == 1


def test_the_database_pairs_nothing_without_a_token(waiting):
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.update(paired_at=timezone.now())


def test_it_is_known_when_a_device_was_here_without_writing_so_each_time(waiting, django_assert_num_queries):
    _device, token = devices.pair(link=devices.link_of(waiting))
    devices.note_visit(devices.find(token))
    seen = DeviceVisit.objects.get().seen_at

    known = devices.find(token)
    with django_assert_num_queries(0):
        devices.note_visit(known)
    DeviceVisit.objects.update(seen_at=seen - devices.EXACTLY * 2)
    devices.note_visit(devices.find(token))
    assert DeviceVisit.objects.get().seen_at > seen
    devices.note_visit(devices.find(token), is_sync=True)
    assert DeviceVisit.objects.get().synced_at


@pytest.mark.parametrize(
    ("typed", "code"),
    [("12", "length"), ("1234567", "length"), ("pin 295817", "length"), ("", "length"), ("123456", "easy"),
     ("987654", "easy"), ("112211", "easy"), ("000000", "easy")],
)  # fmt: skip
def test_a_pin_that_others_would_try_first_is_refused(typed, code):
    assert refusal(pins.set_pin, user=accounts.user(), typed=typed) == code
    assert not Pin.objects.exists()


def test_a_pin_may_be_typed_in_khmer_figures_and_takes_the_place_of_the_one_before():
    user = accounts.user(pins.PERMISSION)
    pins.set_pin(user=user, typed="២៩៥ ៨១៧")

    assert pins.is_right(Pin.objects.get(), "295817")
    pins.set_pin(user=user, typed="481602")
    pin = Pin.objects.get()
    assert (pins.is_right(pin, "295817"), pins.is_right(pin, "៤៨១៦០២")) == (False, True)
    assert "481602" not in pin.hash
    assert ModelLogEntry.objects.filter(action="checkin.set_pin", user=user).count() == 2


def test_a_shift_is_theirs_who_typed_their_own_pin(waiting):
    user = accounts.user(pins.PERMISSION)
    pin = pins.set_pin(user=user, typed="295817")
    device, _token = devices.pair(link=devices.link_of(waiting))

    shift = devices.begin_shift(device=device, pin=pin, typed="295817")

    assert (shift.device, shift.user) == (device, user)
    assert refusal(devices.begin_shift, device=device, pin=pin, typed="295818") == "pin"
    assert Shift.objects.count() == 1
    assert ModelLogEntry.objects.get(action="checkin.begin_shift").user == user


def test_who_may_scan_no_more_takes_over_no_device_and_is_not_listed(waiting):
    people = [accounts.user(pins.PERMISSION, first_name=name) for name in ("Vuthy", "Bopha")]
    own = [pins.set_pin(user=user, typed="295817") for user in people]
    assert pins.of_staff() == own[::-1]

    people[0].user_permissions.clear()
    get_user_model().objects.filter(pk=people[1].pk).update(is_active=False)

    assert pins.of_staff() == []
    device, _token = devices.pair(link=devices.link_of(waiting))
    for pin in Pin.objects.select_related("user"):
        assert refusal(devices.begin_shift, device=device, pin=pin, typed="295817") == "pin"
