"""The live board tells figures that are right, name nobody and cost the same however many people there are."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.badges import printing
from forum.badges.models import BadgePrint
from forum.checkin import admission, board
from forum.checkin.models import Gate
from forum.registration.models import AccessZone
from tests.factories import accounts, agenda, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def edition():
    return cms.edition_under_way()


@pytest.fixture
def at(edition, monkeypatch):
    nine = agenda.moment(edition, day=2)

    def put(minutes):
        monkeypatch.setattr(timezone, "now", lambda: nine + minutes * MINUTE)

    put(0)
    return put


def badges(edition, count=1):
    pass_type = edition.pass_types.first() or make.pass_type(edition)
    return printing.issue([make.registration(pass_type) for _number in range(count)])


def gate(edition, name="Main gate", **rules):
    return Gate.objects.create(edition=edition, name_en=name, **rules)


def pass_through(gate, *badges, way="in"):
    for badge in badges:
        admission.scan(gate=gate, typed=badge.serial, way=way)


def test_arrivals_stand_at_their_gate_and_quarter_of_an_hour(edition, at):
    main, side, people = gate(edition), gate(edition, "Side gate"), badges(edition, 4)
    at(-60)
    pass_through(main, people[0])
    at(14.9)
    pass_through(main, people[1])
    at(15)
    pass_through(main, people[2])
    pass_through(side, people[3], people[0])  # the second has come already

    told = board.of(edition)

    assert told.quarters[-1] == agenda.moment(edition, 9, 15, day=2)
    by_gate = {row.gate: (row.total, row.counts[-6:]) for row in told.arrivals}
    assert by_gate == {main: (3, [1, 0, 0, 0, 1, 1]), side: (1, [0, 0, 0, 0, 0, 1])}
    assert (told.arrived, told.refusals) == (4, [("Already admitted", 1)])


def test_what_is_longer_ago_than_the_drawing_still_counts_for_the_day(edition, at):
    main, (badge,) = gate(edition), badges(edition)
    at(-120)
    pass_through(main, badge)
    at(600)

    (row,) = board.of(edition).arrivals

    assert (row.total, sum(row.counts), len(row.counts)) == (1, 0, board.SHOWN)


def test_inside_are_those_whose_last_way_was_in(edition, at):
    hall = gate(edition, ways="both", passage="return")
    press = AccessZone.objects.create(edition=edition, name_en="Press room")
    people = badges(edition, 3)
    people[0].registration.pass_type.zones.add(press)
    pass_through(hall, *people)
    pass_through(gate(edition, "Press", zone=press, passage="free", ways="both"), people[0])
    at(1)
    pass_through(hall, *people[:2], way="out")
    at(2)
    pass_through(hall, people[1])
    room = gate(edition, "Door", room=agenda.room(edition=edition), passage="free", ways="both")
    pass_through(room, people[2], way="out")  # of a session

    assert board.of(edition).inside == [(None, 2), (press, 1)]


def test_desks_tell_what_they_printed_in_the_last_quarter_of_an_hour(edition, at):
    people = badges(edition, 3)
    for badge, minutes, desk in zip(people, (-20, -14, -1), ("badges", "badges", "west"), strict=True):
        row = BadgePrint.objects.create(badge=badge, desk=desk)
        BadgePrint.objects.filter(pk=row.pk).update(printed_at=timezone.now() + minutes * MINUTE)

    assert board.of(edition).desks == [("badges", 1), ("west", 1)]


def test_another_day_and_another_forum_are_not_told(edition, at):
    main, (badge,) = gate(edition), badges(edition)
    at(-24 * 60)
    pass_through(main, badge)
    at(0)
    other = cms.edition_under_way(slug="other", is_current=False)
    pass_through(gate(other), *badges(other))

    told = board.of(edition)

    assert (told.arrived, told.inside) == (0, [(None, 0)])


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_come(edition, at, client, count, django_assert_num_queries):
    for number, badge in enumerate(badges(edition, count)):
        pass_through(gate(edition, f"Gate {number}"), badge)
    client.force_login(accounts.user("checkin.override_scan"))
    client.get(reverse("onsite:board"))

    with django_assert_num_queries(12):
        page = client.get(reverse("onsite:board")).content.decode()

    assert page.count("<rect") == count
    assert f"<strong>{count}</strong> arrivals today" in page


@pytest.mark.parametrize(("permission", "status"), [("checkin.override_scan", 200), ("checkin.view_gate", 200),
                                                     ("checkin.add_scan", 403)])  # fmt: skip
def test_it_is_shown_to_supervisors_and_to_who_sees_gates(edition, client, permission, status):
    client.force_login(accounts.user(permission))

    assert [client.get(reverse(f"onsite:{name}")).status_code for name in ("board", "sessions")] == [status] * 2


def test_without_a_forum_or_a_gate_there_is_nothing_to_tell(client):
    client.force_login(accounts.user("checkin.override_scan"))
    assert "There is no forum now" in client.get(reverse("onsite:board")).content.decode()

    cms.edition_under_way()

    assert "There is no gate yet" in client.get(reverse("onsite:board")).content.decode()


def test_figures_are_khmer_for_who_reads_khmer(edition, at, client):
    pass_through(gate(edition), *badges(edition, 2))
    client.force_login(accounts.user("checkin.override_scan"))

    assert "<strong>២</strong>" in client.get(reverse("onsite:board"), {"language": "km"}).content.decode()
