"""Bringing a programme in from a file: what is new is made, what changed is changed, what vanished is cancelled."""

import datetime
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from agenda.imports.base import ImportedProgramme, ImportedSession
from agenda.models import Role, Room, Session, Slot, Speaker, Track
from cms.models import Edition

BATCH = 500
TEXTS = ("title", "subtitle", "abstract", "description")
COLUMNS = [f"{name}_{language}" for name in TEXTS for language in ("en", "km")]
COLUMNS += ["kind", "language", "track", "search_text"]
NAMESPACE = uuid.UUID("5b1a3f0e-8c0d-4d0a-9a5e-5f4d3c2b1a00")  # of the GUIDs of sessions that come without one


@dataclass
class Report:
    """What an import did, or would do; ``kept`` were edited, placed or cancelled here, which a file does not undo."""

    edition: str
    time_zone: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    cancelled: int = 0
    kept: int = 0
    speakers_created: int = 0
    speakers_updated: int = 0
    rooms_created: int = 0
    tracks_created: int = 0
    without_length: int = 0


def bring_in(*, programme: ImportedProgramme, edition: Edition | None = None, dry_run: bool = False) -> Report:
    """Writes the programme into ``edition``, or into an edition of its own, whole or not at all.

    With ``dry_run`` everything is written and rolled back, so that the report is the same. Refuses with the code
    ``edition_taken``.
    """
    with transaction.atomic():
        edition = edition or _own_edition(programme)
        Edition.objects.select_for_update().get(pk=edition.pk)  # two imports at once wait for each other
        report = Import(programme, edition).run()
        log(edition, "agenda.import", data={"source": programme.source})
        transaction.set_rollback(dry_run)
    return report


def _own_edition(programme: ImportedProgramme) -> Edition:
    """The edition made by an earlier import of this conference, or a new one that is archive: not current, not open."""
    edition = Edition.objects.filter(slug=programme.slug).first()
    if edition is None:
        return _new_edition(programme)
    if not edition.sessions.filter(source=programme.source).exists():
        raise ValidationError(
            _("There is an edition “%(slug)s” already that no such file has made; name the edition with --edition."),
            code="edition_taken",
            params={"slug": programme.slug},
        )
    return edition


def _new_edition(programme: ImportedProgramme) -> Edition:
    edition = Edition(
        slug=programme.slug,
        name_en=programme.title,
        short_name_en=programme.title[:60],
        venue_en=programme.venue,
        opens_on=programme.opens_on,
        closes_on=programme.closes_on,
    )
    if programme.time_zone:
        edition.time_zone = programme.time_zone
    if programme.day_begins_at is not None:
        edition.day_begins_at = programme.day_begins_at
    edition.full_clean()
    edition.save()
    return edition


class Import:
    """One import under way, within its transaction."""

    def __init__(self, programme: ImportedProgramme, edition: Edition):
        self.programme, self.edition = programme, edition
        self.now = timezone.now()
        self.report = Report(edition.slug, edition.time_zone, without_length=programme.without_length)

    def run(self) -> Report:
        items = self.programme.sessions
        self.tracks, self.report.tracks_created = self._named(Track, (item.track for item in items))
        self.rooms, self.report.rooms_created = self._named(Room, (item.room for item in items))
        self.speakers = self._speakers()
        self.touched, self.kept, self.created = set(), set(), set()
        self._sessions()
        self._slots()
        self._roles()
        self._vanished()
        changed = self.touched - self.created
        self.report.created, self.report.updated, self.report.kept = len(self.created), len(changed), len(self.kept)
        self.report.unchanged = len(items) - len(self.created) - len(changed)
        return self.report

    def _named(self, model, names) -> tuple[dict, int]:
        """Rooms or tracks of the edition by name, and how many are new."""
        found = {row.name_en: row for row in model.objects.filter(edition=self.edition)}
        new = [model(edition=self.edition, name_en=name) for name in dict.fromkeys(names) if name and name not in found]
        for position, row in enumerate(new, len(found)):
            row.position = position
            row.index()
        model.objects.bulk_create(new, BATCH)
        return found | {row.name_en: row for row in new}, len(new)

    def _speakers(self) -> dict[str, Speaker]:
        found = {row.external_id: row for row in self._ours(Speaker)}
        people = {person.external_id: person.name for item in self.programme.sessions for person in item.speakers}
        new, changed = [], []
        for external_id, name in people.items():
            speaker = found.get(external_id)
            if speaker is None:
                found[external_id] = speaker = Speaker(
                    edition=self.edition, source=self.programme.source, external_id=external_id, name_en=name
                )
                new.append(speaker)
            elif speaker.name_en != name:
                speaker.name_en = name
                changed.append(speaker)
        for speaker in (*new, *changed):
            speaker.index()
        Speaker.objects.bulk_create(new, BATCH)
        Speaker.objects.bulk_update(changed, ["name_en", "search_text", "sort_key"], BATCH)
        self.report.speakers_created, self.report.speakers_updated = len(new), len(changed)
        return found

    def _ours(self, model):
        return model.objects.filter(edition=self.edition, source=self.programme.source)

    def _sessions(self):
        self.sessions = {row.external_id: row for row in self._ours(Session)}
        self.guids = set(self.edition.sessions.values_list("guid", flat=True))
        new, changed = [], []
        for item in self.programme.sessions:
            session, values = self.sessions.get(item.external_id), self._values(item)
            if session is None:
                session = self.sessions[item.external_id] = self._new_session(item, values)
                new.append(session)
            elif any(getattr(session, name) != value for name, value in values.items()):
                if session.latest_revision_id:  # an editor has worked on it here
                    self.kept.add(item.external_id)
                    continue
                for name, value in values.items():
                    setattr(session, name, value)
                changed.append(session)
        for session in (*new, *changed):
            session.index()
        Session.objects.bulk_create(new, BATCH)
        Session.objects.bulk_update(changed, COLUMNS, BATCH)
        self.created |= {row.external_id for row in new}
        self.touched |= {row.external_id for row in changed}

    def _values(self, item: ImportedSession) -> dict:
        """Texts stand in the columns of the language they are in, all but Khmer as English; translations stay."""
        own = "km" if item.language.casefold().startswith("km") else "en"
        texts = {f"{name}_{own}": getattr(item, name) for name in TEXTS}
        track = self.tracks[item.track].pk if item.track else None
        return texts | {"kind": item.kind, "language": item.language, "track_id": track}

    def _new_session(self, item: ImportedSession, values: dict) -> Session:
        session = Session(
            edition=self.edition,
            source=self.programme.source,
            external_id=item.external_id,
            first_published_at=self.now,
            last_published_at=self.now,
            **values,
        )
        session.guid = uuid.UUID(item.guid) if item.guid else uuid.uuid5(NAMESPACE, f"{session.source} {item.external_id}")
        if session.guid in self.guids:  # of a session made here or of another conference: it keeps it
            session.guid = uuid.uuid4()
        self.guids.add(session.guid)
        return session

    def _slots(self):
        found = {slot.session_id: slot for slot in Slot.objects.filter(session__in=self._ours(Session))}
        new, changed = [], []
        for item in self.programme.sessions:
            session = self.sessions[item.external_id]
            wanted = {
                "room_id": self.rooms[item.room].pk,
                "starts_at": self._moment(item.starts_at),
                "ends_at": self._moment(item.ends_at),
                "is_cancelled": False,
            }
            slot = found.get(session.pk)
            if slot is None:
                new.append(Slot(session=session, changed_at=self.now, **wanted))
            elif all(getattr(slot, name) == value for name, value in wanted.items()):
                continue
            elif slot.follows_source:
                self._set(slot, wanted)
                changed.append(slot)
            else:
                self.kept.add(item.external_id)
                continue
            self.touched.add(item.external_id)
        Slot.objects.bulk_create(new, BATCH)
        Slot.objects.bulk_update(changed, ["room", "starts_at", "ends_at", "is_cancelled", "changed_at"], BATCH)

    def _set(self, slot: Slot, wanted: dict):
        for name, value in (wanted | {"changed_at": self.now}).items():
            setattr(slot, name, value)

    def _moment(self, moment: datetime.datetime) -> datetime.datetime:
        """A time without a zone is on the edition's clock."""
        return moment if moment.tzinfo else moment.replace(tzinfo=self.edition.zone)

    def _roles(self):
        found = {}
        for role in Role.objects.filter(session__in=self._ours(Session)).order_by("sort_order", "id"):
            found.setdefault(role.session_id, []).append(role.speaker_id)
        gone, new = [], []
        for item in self.programme.sessions:
            session = self.sessions[item.external_id]
            wanted = [self.speakers[person.external_id].pk for person in item.speakers]
            if found.get(session.pk, []) == wanted:
                continue
            if session.latest_revision_id:
                self.kept.add(item.external_id)
                continue
            gone.append(session.pk)
            new += [Role(session=session, speaker_id=pk, sort_order=place) for place, pk in enumerate(wanted)]
            self.touched.add(item.external_id)
        Role.objects.filter(session__in=gone).delete()
        Role.objects.bulk_create(new, BATCH)

    def _vanished(self):
        """What the file no longer has is cancelled: people may have it in their calendars."""
        in_file = {self.sessions[item.external_id].pk for item in self.programme.sessions}
        slots = Slot.objects.filter(session__in=self._ours(Session), is_cancelled=False, follows_source=True)
        gone = [slot for slot in slots if slot.session_id not in in_file]
        for slot in gone:
            self._set(slot, {"is_cancelled": True})
        Slot.objects.bulk_update(gone, ["is_cancelled", "changed_at"], BATCH)
        self.report.cancelled = len(gone)
