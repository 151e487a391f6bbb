"""What devices decided alone and we would not have: the supervisor sees it, with the other time."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.badges import printing
from forum.checkin import devices, recording
from forum.checkin.models import Gate
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def let_in_twice(count):
    """So many badges that two telephones without a network let in."""
    edition = cms.edition_under_way()
    pass_type = make.pass_type(edition)
    badges = printing.issue([make.registration(pass_type, name_latin=f"Sok Dara {number}") for number in range(count)])
    for name in ("left", "right"):
        gate = Gate.objects.create(edition=edition, name_en=f"Gate {name}")
        waiting = devices.prepare(gate=gate, name=f"Telephone {name}", user=None)
        device, _token = devices.pair(link=devices.link_of(waiting))
        told = [recording.Told(uuid.uuid4(), badge.serial, "in", timezone.now(), "") for badge in badges]
        recording.record(device=device, told=told)


@pytest.mark.parametrize("count", [1, 3])
def test_a_supervisor_sees_whom_two_gates_let_in(client, count, django_assert_num_queries):
    let_in_twice(count)
    client.force_login(accounts.user("checkin.override_scan", "checkin.add_scan"))
    client.get(reverse("onsite:flagged"))

    with django_assert_num_queries(9):
        page = client.get(reverse("onsite:flagged")).content.decode()

    assert [page.count(words) for words in ("Sok Dara", "Telephone right", "Already admitted", ", Gate left")] == [count] * 4
    assert f"{count} scan" in client.get(reverse("onsite:home")).content.decode()


def test_where_devices_and_we_agree_there_is_nothing_to_look_at(client):
    client.force_login(accounts.user("checkin.override_scan"))

    assert "agree on everything" in client.get(reverse("onsite:flagged")).content.decode()
    cms.edition_under_way()
    assert "agree on everything" in client.get(reverse("onsite:flagged")).content.decode()
