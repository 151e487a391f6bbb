"""The programme of the demonstration: rooms, tracks, made-up speakers, and sessions on three days."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from agenda.models import Role, Room, Session, Slot, Speaker, Track
from cms.models import Edition
from forum.home.demonstration.files import read_json

BIO_EN = "<p>A made-up person: nobody of this name speaks anywhere. The biography of a real speaker stands here.</p>"
BIO_KM = "<p>បុគ្គលប្រឌិត៖ គ្មានវាគ្មិនពិតប្រាកដណាមានឈ្មោះនេះទេ។ ជីវប្រវត្តិរបស់វាគ្មិនពិតប្រាកដនឹងបង្ហាញនៅទីនេះ។</p>"


@transaction.atomic
def load(edition: Edition) -> None:
    plan = read_json("programme.json")
    rooms = _create(Room, plan["rooms"], edition)
    tracks = _create(Track, plan["tracks"], edition)
    speakers = _create(Speaker, plan["speakers"], edition, bio_en=BIO_EN, bio_km=BIO_KM)
    sessions = [_session(entry, edition, tracks) for entry in plan["sessions"]]
    Session.objects.bulk_create(sessions)
    Slot.objects.bulk_create(_slot(entry, session, rooms) for entry, session in zip(plan["sessions"], sessions, strict=True))
    Role.objects.bulk_create(
        Role(session=session, speaker=speakers[person], part=part, sort_order=place)
        for entry, session in zip(plan["sessions"], sessions, strict=True)
        for place, (person, part) in enumerate(entry["people"])
    )


def _create(model, entries, edition, **fields) -> dict:
    """One row for each entry, by the key that sessions name it by."""
    made = {}
    for entry in entries:
        columns = {name: value for name, value in entry.items() if name != "key"}
        made[entry["key"]] = model(edition=edition, **fields, **columns)
        made[entry["key"]].index()
    model.objects.bulk_create(made.values())
    return made


def _session(entry, edition, tracks) -> Session:
    """A published session, as publishing leaves it."""
    now = timezone.now()
    session = Session(
        edition=edition,
        track=tracks.get(entry["track"]),
        abstract_en=format_html("<p>{}</p>", entry["abstract_en"]),
        abstract_km=format_html("<p>{}</p>", entry["abstract_km"]),
        live=True,
        first_published_at=now,
        last_published_at=now,
        **{name: entry[name] for name in ("title_en", "title_km", "kind", "language", "is_featured")},
    )
    session.index()
    return session


def _slot(entry, session, rooms) -> Slot:
    edition = session.edition
    day = edition.opens_on + datetime.timedelta(days=entry["day"] - 1)
    starts_at = datetime.datetime.combine(day, datetime.time.fromisoformat(entry["starts"]), edition.zone)
    ends_at = starts_at + datetime.timedelta(minutes=entry["minutes"])
    return Slot(session=session, room=rooms[entry["room"]], starts_at=starts_at, ends_at=ends_at)
