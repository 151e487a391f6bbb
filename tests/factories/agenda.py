"""Tracks, rooms, speakers, sessions and slots for tests."""

import datetime

from agenda.models import Role, Room, Session, Slot, Speaker, Track
from cms.models import Edition
from tests.factories import cms as editions

HOUR = datetime.timedelta(hours=1)


def _current() -> Edition:
    return Edition.objects.current() or editions.edition()


def track(name_en="Digital services", edition=None, **fields) -> Track:
    return Track.objects.create(edition=edition or _current(), name_en=name_en, **fields)


def room(name_en="Hall One", edition=None, **fields) -> Room:
    edition = edition or _current()
    return edition.rooms.filter(name_en=name_en).first() or Room.objects.create(edition=edition, name_en=name_en, **fields)


def speaker(name_en="Ada Example", edition=None, **fields) -> Speaker:
    return Speaker.objects.create(edition=edition or _current(), name_en=name_en, **fields)


def moment(edition: Edition, hour=9, minute=0, day=1) -> datetime.datetime:
    """A moment on the clock of the edition, on its first, second or later day."""
    date = edition.opens_on + datetime.timedelta(days=day - 1)
    return datetime.datetime.combine(date, datetime.time(hour, minute), edition.zone)


def _some_room(edition: Edition) -> Room:
    return room(edition=edition)


def slot(session: Session, at=None, room=None, length=HOUR, **fields) -> Slot:
    starts_at = at or moment(session.edition)
    values = {"room": room or _some_room(session.edition), "starts_at": starts_at, "ends_at": starts_at + length}
    return Slot.objects.create(session=session, **(values | fields))


def session(edition=None, published=True, at=None, room=None, speakers=(), **fields) -> Session:
    """A session; with ``at`` or ``room`` it has its slot."""
    values = {"title_en": "Services for all", "kind": Session.Kind.TALK, "language": "en"} | fields
    row = Session.objects.create(edition=edition or _current(), live=published, **values)
    for place, person in enumerate(speakers):
        Role.objects.create(session=row, speaker=person, sort_order=place)
    if at or room:
        slot(row, at=at, room=room)
    return row
