"""Room and time: the good way and each refusal."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from wagtail.models import ModelLogEntry

from agenda import scheduling
from agenda.models import Room, Session, Slot
from cms.models import Edition
from tests.factories import agenda as make
from tests.factories import cms as editions
from tests.racing import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


def placed(session, hour=9, length=1, **fields):
    starts_at = make.moment(session.edition, hour)
    values = {"room": make.room(), "starts_at": starts_at, "ends_at": starts_at + length * make.HOUR, "user": None}
    return scheduling.place(session=session, **(values | fields))


def history(session) -> list[str]:
    return [entry.message for entry in ModelLogEntry.objects.for_instance(session).order_by("timestamp", "pk")]


def refusal(caught) -> dict:
    return {field: error.code for field, errors in caught.value.error_dict.items() for error in errors}


def test_a_session_gets_its_room_and_time_and_the_history_says_so(edition):
    session = make.session()

    slot = placed(session)

    kept = Slot.objects.get()
    assert (kept.pk, kept.session, kept.room.name, kept.starts_at, kept.is_cancelled) == (
        slot.pk,
        session,
        "Hall One",
        make.moment(edition, 9),
        False,
    )
    assert history(session) == [f"Placed in Hall One on {edition.opens_on} 09:00"]


def test_placing_again_moves_the_one_slot(edition):
    session = make.session()
    placed(session, 9)

    placed(session, 11, room=make.room("Hall Two"))

    assert [(slot.starts_at, slot.room.name) for slot in Slot.objects.all()] == [(make.moment(edition, 11), "Hall Two")]


def test_the_same_place_again_is_no_clash_with_itself(edition):
    session = make.session()
    assert placed(session) == placed(session)


def test_a_room_holds_one_session_at_a_time(edition):
    placed(make.session(title_en="There first"), 9, length=2)

    with pytest.raises(ValidationError) as caught:
        placed(make.session(), 10)

    assert refusal(caught) == {"room": "room_taken"}
    assert caught.value.messages == ["“There first” takes place there from 09:00 to 11:00."]
    placed(make.session(), 11)
    placed(make.session(), 10, room=make.room("Hall Two"))


def test_the_room_of_a_cancelled_session_is_free(edition):
    scheduling.cancel(slot=placed(make.session()), user=None)
    placed(make.session())


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"length": 0}, {"ends_at": "ends_before_it_begins"}),
        ({"length": -1}, {"ends_at": "ends_before_it_begins"}),
        ({"length": 25}, {"ends_at": "too_long"}),
        ({"hour": 3}, {"starts_at": "outside"}),
        ({"hour": 8, "length": 25}, {"ends_at": "too_long"}),
    ],
)
def test_impossible_times_are_refused_and_nothing_is_kept(edition, change, refused):
    with pytest.raises(ValidationError) as caught:
        placed(make.session(), **change)

    assert (refusal(caught), Slot.objects.count()) == (refused, 0)


def test_the_last_day_ends_when_the_next_would_begin(edition):
    late = make.moment(edition, 1, day=4)
    placed(make.session(), starts_at=late, ends_at=late + make.HOUR)
    later = make.moment(edition, 4, day=4)

    with pytest.raises(ValidationError) as caught:
        placed(make.session(), starts_at=later, ends_at=later + make.HOUR)

    assert refusal(caught) == {"starts_at": "outside"}


def test_a_night_belongs_to_the_day_on_which_it_began(edition):
    for day in (1, 3):
        late = make.moment(edition, 23, 30, day=day)
        slot = placed(make.session(), starts_at=late, ends_at=late + 2 * make.HOUR)
        assert edition.day_of(slot.starts_at) == edition.day_of(slot.ends_at) == late.date()


def test_a_session_ends_before_the_forum_does(edition):
    late = make.moment(edition, 23, 30, day=3)
    end = make.moment(edition, 4, day=4)
    placed(make.session(), starts_at=late, ends_at=end)

    with pytest.raises(ValidationError) as caught:
        placed(make.session(), room=make.room("Hall Two"), starts_at=late, ends_at=end + datetime.timedelta(minutes=1))

    assert refusal(caught) == {"ends_at": "outside"}
    assert caught.value.messages == [f"The forum takes place on {edition.dates}."]


def test_a_room_of_another_edition_is_refused(edition):
    with pytest.raises(ValidationError) as caught:
        placed(make.session(), room=make.room("Elsewhere", edition=editions.edition("other")))

    assert refusal(caught) == {"room": "other_edition"}


def test_a_session_is_cancelled_once_and_comes_back_when_placed(edition):
    session = make.session()
    slot = placed(session)

    assert scheduling.cancel(slot=slot, user=None).is_cancelled
    with pytest.raises(ValidationError) as caught:
        scheduling.cancel(slot=slot, user=None)
    assert caught.value.code == "already_cancelled"
    assert not placed(session, 10).is_cancelled
    assert history(session)[1] == "Cancelled the session"


@pytest.mark.parametrize("minutes", [0, -5])
def test_the_database_refuses_a_slot_that_ends_before_it_begins(edition, minutes):
    with pytest.raises(IntegrityError):
        make.slot(make.session(), length=datetime.timedelta(minutes=minutes))


def test_the_database_refuses_a_second_slot_of_a_session(edition):
    session = make.session(at=make.moment(edition))
    with pytest.raises(IntegrityError):
        make.slot(session)


def test_the_database_refuses_a_session_without_a_title(edition):
    with pytest.raises(IntegrityError):
        make.session(title_en="")


def prepare_race() -> list[str]:
    edition = editions.edition()
    make.room(edition=edition)
    return [make.session(edition).code for _ in range(4)]


def place_in_race(code: str) -> str:
    session = Session.objects.get(code=code)
    return placed(session, room=session.edition.rooms.get()).session.code


def taken_in_race() -> int:
    return Slot.objects.public(Edition.objects.get()).count()


def test_of_four_who_place_at_once_one_gets_the_room(race):
    codes = race.prepare(prepare_race)

    outcomes = race(place_in_race, [{"code": code} for code in codes])

    assert outcomes.count(Refused("room_taken")) == 3
    assert race.inspect(taken_in_race) == 1


def prepare_rooms_to_race_for() -> list[str]:
    edition = editions.edition()
    make.session(edition)
    return [make.room(f"Hall {number}", edition=edition).code for number in range(4)]


def place_the_one_session(room: str) -> str:
    session, at = Session.objects.get(), make.moment(Edition.objects.get(), 9)
    place = {"room": Room.objects.get(code=room), "starts_at": at, "ends_at": at + make.HOUR}
    return scheduling.place(session=session, user=None, **place).room.code


def where_it_is() -> list[str]:
    return [slot.room.code for slot in Slot.objects.all()]


def test_one_session_placed_into_four_rooms_at_once_ends_in_one_of_them(race):
    rooms = race.prepare(prepare_rooms_to_race_for)

    outcomes = race(place_the_one_session, [{"room": room} for room in rooms])

    assert outcomes == rooms  # each was heard, one after the other; nobody got an error page
    (last,) = race.inspect(where_it_is)
    assert last in rooms


@pytest.mark.parametrize("year", [1, 1900, 9998])
def test_a_slip_of_the_year_is_refused_like_any_other_day(edition, year):
    starts_at = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)

    with pytest.raises(ValidationError) as caught:
        scheduling.place(
            session=make.session(), room=make.room(), starts_at=starts_at, ends_at=starts_at + make.HOUR, user=None
        )

    assert refusal(caught) == {"starts_at": "outside"}
