"""The doors of rooms: who was in which session, and how long where they see people leave too."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agenda.models import Session
from forum.badges import printing
from forum.checkin import admission, attending
from forum.checkin.models import Gate
from forum.registration.models import Registration
from tests.factories import accounts, agenda, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def edition():
    return cms.edition_under_way()


@pytest.fixture
def badge(edition):
    return printing.issue([make.registration(make.pass_type(edition))])[0]


@pytest.fixture
def at(edition, monkeypatch):
    """Puts the clock to so many minutes after nine of the second day, on which the forum is."""
    nine = agenda.moment(edition, day=2)

    def put(minutes):
        monkeypatch.setattr(timezone, "now", lambda: nine + minutes * MINUTE)
        return nine + minutes * MINUTE

    return put


def door(edition, room=None, **rules):
    room = room or agenda.room(edition=edition)
    return Gate.objects.create(edition=edition, name_en=f"Door of {room}", room=room, **{"passage": "free"} | rules)


def session(edition, starts_at, title="Services for all", **slot):
    return agenda.session(edition, at=starts_at, room=agenda.room(edition=edition), title_en=title, **slot)


def came_at(at, gate, badge, *passages):
    """Each passage is minutes after nine and a way; the titles of the sessions counted."""
    titles = []
    for minutes, way in passages:
        at(minutes)
        scan = admission.scan(gate=gate, typed=badge.serial, way=way).scan
        titles.append(scan.session and scan.session.title_en)
    return titles


def test_whoever_passes_is_counted_in_the_session_that_is_held_or_comes_next(edition, badge, at):
    main, first, second = door(edition), session(edition, at(0), "First"), session(edition, at(90), "Second")

    said = came_at(at, main, badge, (-31, "in"), (-30, "in"), (0, "in"), (59, "in"), (59.99, "in"), (60, "in"), (150, "in"))

    assert said == [None, "First", "First", "First", "First", "Second", None]
    assert [stay.session for stay in attending.stays(badge.registration)] == [first, second]


def test_who_comes_during_a_break_comes_for_what_is_next(edition, badge, at):
    coffee = session(edition, at(0), "Coffee")
    Session.objects.filter(pk=coffee.pk).update(kind="break")
    session(edition, at(60), "Next")

    assert came_at(at, door(edition), badge, (20, "in"), (40, "in")) == [None, "Next"]
    assert [slot.session.title_en for slot in attending.counts(edition)] == ["Next"]


def test_a_session_that_is_cancelled_or_elsewhere_counts_nobody(edition, badge, at):
    starts_at = at(0)
    session(edition, starts_at).slots.update(is_cancelled=True)
    agenda.session(edition, at=starts_at, room=agenda.room("Hall Two", edition=edition), title_en="Elsewhere")
    main = Gate.objects.create(edition=edition, name_en="Main gate", passage="free")

    assert came_at(at, door(edition), badge, (5, "in")) == came_at(at, main, badge, (5, "in")) == [None]


def test_how_long_is_known_where_the_door_sees_people_leave(edition, badge, at):
    main = door(edition, ways="both")
    one, two, three = (session(edition, at(minutes), f"At {minutes}") for minutes in (0, 120, 240))
    came_at(at, main, badge, (-10, "in"), (20, "out"), (30, "in"), (70, "out"))  # leaves when the next is not yet due
    came_at(at, main, badge, (135, "in"), (140, "in"), (150, "out"))
    came_at(at, main, badge, (250, "in"))  # nobody saw them leave

    stays = attending.stays(badge.registration)

    assert [(stay.session, stay.minutes) for stay in stays] == [(one, 50), (two, 15), (three, 50)]


def test_how_long_is_not_known_where_the_door_leads_in_alone(edition, badge, at):
    held = session(edition, at(0))
    came_at(at, door(edition), badge, (5, "in"))

    assert attending.stays(badge.registration) == [attending.Stay(held, None)]


def test_refused_people_and_earlier_holders_were_not_there(edition, badge, at):
    session(edition, at(0))
    press = door(edition, days=[edition.closes_on.isoformat()])
    assert came_at(at, press, badge, (5, "in")) == [None]
    came_at(at, door(edition), badge, (6, "in"))
    Registration.objects.update(holder_no=2)

    assert attending.stays(Registration.objects.get()) == []


def test_what_was_seen_of_a_merged_registration_is_the_persons(edition, badge, at):
    held = session(edition, at(0))
    came_at(at, door(edition), badge, (5, "in"))
    keep = make.registration(badge.registration.pass_type)
    Registration.objects.filter(pk=badge.registration_id).update(state="withdrawn", merged_into=keep)

    assert attending.stays(keep) == [attending.Stay(held, None)]


def test_whoever_leaves_a_session_has_not_left_the_forum(edition, badge, at):
    hall = Gate.objects.create(edition=edition, name_en="Hall", passage="return", ways="both")
    came_at(at, hall, badge, (0, "in"))
    came_at(at, door(edition, ways="both"), badge, (1, "in"), (2, "out"))

    at(3)
    assert admission.scan(gate=hall, typed=badge.serial, way="in").scan.refusal == "again"


def test_a_door_of_a_room_lets_people_pass_as_often_as_they_like(edition):
    room = agenda.room(edition=edition)

    with pytest.raises(ValidationError) as refusal:
        Gate(edition=edition, name_en="Door", room=room, passage="once").clean()
    assert list(refusal.value.error_dict) == ["passage"]
    with pytest.raises(IntegrityError), transaction.atomic():
        door(edition, room, passage="once")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_sessions_counts_people_once_each(edition, at, client, count, django_assert_num_queries):
    main = door(edition)
    for number in range(count):
        session(edition, at(120 * number), f"Session {number}")
    people = printing.issue([make.registration(make.pass_type(edition)) for _number in range(1)])
    for badge in people:
        came_at(at, main, badge, *((120 * number + minute, "in") for number in range(count) for minute in (1, 2)))
    client.force_login(accounts.user("checkin.override_scan"))
    client.get(reverse("onsite:sessions"))

    with django_assert_num_queries(7):
        page = client.get(reverse("onsite:sessions"))

    assert [slot.people for _day, slots in page.context["days"] for slot in slots] == [1] * count
    assert f"Session {count - 1}" in page.content.decode()


def test_where_no_room_has_a_door_the_list_says_so(edition, client):
    client.force_login(accounts.user("checkin.override_scan"))

    assert "No room has a door" in client.get(reverse("onsite:sessions")).content.decode()
