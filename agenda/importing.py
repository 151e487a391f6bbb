"""Bringing a programme in from a file: what is new is made, what changed is changed, what vanished is cancelled."""

import datetime
import uuid
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from agenda.imports.base import ImportedProgramme, ImportedSession
from agenda.models import Role, Room, Session, Slot, Speaker, Track
from agenda.placing import Place, Plan
from agenda.recognition import guid_of, known_speakers, recognise
from cms import codes, languages
from cms.models import Edition

BATCH = 500
TEXTS = ("title", "subtitle", "abstract", "description")
COLUMNS = [f"{name}_{language}" for name in TEXTS for language in ("en", "km")]
COLUMNS += ["kind", "language", "track", "search_text"]


@dataclass
class Report:
    """What an import did, or would do; ``kept`` were made, edited, placed or cancelled here, which a file does not undo."""

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
    notes: list[str] = field(default_factory=list)  # a translated sentence for each thing left out or not placed


def bring_in(*, programme: ImportedProgramme, edition: Edition | None = None, dry_run: bool = False) -> Report:
    """Writes the programme into ``edition``, or into an edition of its own, whole or not at all.

    With ``dry_run`` everything is written and rolled back, so that the report is the same. Refuses with the code
    ``edition_taken``.
    """
    with transaction.atomic():
        edition = edition or _own_edition(programme)
        _wait_for_others(edition)
        report = Import(programme, edition).run()
        log(edition, "agenda.import", data={"source": programme.source})
        transaction.set_rollback(dry_run)
    return report


def _wait_for_others(edition: Edition) -> None:
    """Two imports wait for each other, and for organisers who place something, in the order in which these do."""
    for rows in (Edition.objects.filter(pk=edition.pk), edition.sessions.order_by("pk"), edition.rooms.order_by("pk")):
        list(rows.select_for_update().values_list("pk"))


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
        notes = list(programme.notes)
        self.report = Report(edition.slug, edition.time_zone, without_length=programme.without_length, notes=notes)

    def run(self) -> Report:
        self.found = recognise(self.edition, self.programme.source, [*self.programme.sessions, *self.programme.left_out])
        # What was made here, or came from another conference, is left as it is.
        items = [item for item in self.programme.sessions if self._is_ours(item)]
        self.tracks, self.report.tracks_created = self._named(Track, (item.track for item in items))
        self.rooms, self.report.rooms_created = self._named(Room, (item.room for item in items))
        self.speakers = self._speakers(items)
        self.touched, self.created = set(), set()
        self.kept = {item.external_id for item in self.programme.sessions if self._differs_here(item)}
        self._vanished()
        self._sessions(items)
        self._slots(items)
        self._roles(items)
        changed = self.touched - self.created
        self.report.created, self.report.updated, self.report.kept = len(self.created), len(changed), len(self.kept)
        self.report.unchanged = len(self.programme.sessions) - len(self.created) - len(changed)
        return self.report

    def _is_ours(self, item: ImportedSession) -> bool:
        session = self.found.get(item.external_id)
        return session is None or session.source == self.programme.source

    def _differs_here(self, item: ImportedSession) -> bool:
        """Whether the file says something else of a session that it may not change."""
        if self._is_ours(item):
            return False
        session = self.found[item.external_id]
        title = " ".join(languages.read(session, "title", "en")[0].split())
        times = self._moment(item.starts_at), self._moment(item.ends_at)
        return (title, session.starts_at, session.ends_at) != (item.title, *times)

    def _named(self, model, names) -> tuple[dict, int]:
        """Rooms or tracks of the edition by name, and how many are new."""
        found = {" ".join(row.name_en.split()): row for row in model.objects.filter(edition=self.edition)}
        new = [model(edition=self.edition, name_en=name) for name in dict.fromkeys(names) if name and name not in found]
        for position, row in enumerate(new, len(found)):
            row.position = position
            row.index()
        model.objects.bulk_create(new, BATCH)
        return found | {row.name_en: row for row in new}, len(new)

    def _speakers(self, items) -> dict[str, Speaker]:
        people = {person.external_id: person.name for item in items for person in item.speakers}
        found = known_speakers(self.edition, self.programme.source, people)
        new, changed = [], []
        for external_id, name in people.items():
            speaker = found.get(external_id)
            if speaker is None:
                found[external_id] = speaker = Speaker(
                    edition=self.edition, source=self.programme.source, external_id=external_id, name_en=name
                )
                new.append(speaker)
            elif speaker.source == self.programme.source and speaker.name_en != name:
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

    def _sessions(self, items):
        self.sessions = {item.external_id: self.found.get(item.external_id) for item in items}
        self.codes = set(Session.objects.values_list("code", flat=True))
        self.guids = set(self.edition.sessions.values_list("guid", flat=True))
        self.ids = set(self._ours(Session).values_list("external_id", flat=True))
        new, changed = [], []
        for item in items:
            session, values = self.sessions[item.external_id], self._values(item)
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
        new, changed = ({row.pk for row in rows} for rows in (new, changed))
        self.created |= {item.external_id for item in items if self.sessions[item.external_id].pk in new}
        self.touched |= {item.external_id for item in items if self.sessions[item.external_id].pk in changed}

    def _values(self, item: ImportedSession) -> dict:
        """Texts stand in the columns of the language they are in, all but Khmer as English; translations stay."""
        own = "km" if item.language == "km" else "en"
        texts = {f"{name}_{own}": getattr(item, name) for name in TEXTS}
        track = self.tracks[item.track].pk if item.track else None
        return texts | {"kind": item.kind, "language": item.language, "track_id": track}

    def _new_session(self, item: ImportedSession, values: dict) -> Session:
        session = Session(
            code=codes.unlike(self.codes),
            edition=self.edition,
            source=self.programme.source,
            external_id=self._free_id(item.external_id),
            first_published_at=self.now,
            last_published_at=self.now,
            **values,
        )
        session.guid = guid_of(session.source, item)
        if session.guid in self.guids:
            session.guid = uuid.uuid4()
        self.guids.add(session.guid)
        self.codes.add(session.code)
        return session

    def _free_id(self, wanted: str) -> str:
        """The file's id; where a session recognised otherwise had it first, the next one that is free."""
        free, count = wanted, 1
        while free in self.ids:
            count += 1
            free = f"{wanted} {count}"
        self.ids.add(free)
        return free

    def _slots(self, items):
        slots = Slot.objects.filter(session__edition=self.edition).select_related("session", "room")
        found = {slot.session_id: slot for slot in slots}
        wanted = [self._wanted(item, found) for item in items]
        movable = {place.session.pk for place in wanted if place.slot is None or place.slot.follows_source}
        stay = [slot for slot in found.values() if slot.session_id not in movable and not slot.is_cancelled]
        plan = Plan(self.edition, map(Place.of, stay))
        taken, given_up, notes = plan.place(place for place in wanted if place.session.pk in movable)
        self.report.notes += notes
        Slot.objects.filter(pk__in=[slot.pk for slot in given_up]).delete()
        moving = {place.session.pk for place in wanted if self._moves(place)}
        moved = moving & {place.session.pk for place in taken} | {slot.session_id for slot in given_up}
        self._write([place for place in taken if place.session.pk in moved])
        for item in items:
            session = self.sessions[item.external_id]
            if session.pk in moved:
                self.touched.add(item.external_id)
            elif session.pk in moving - movable:
                self.kept.add(item.external_id)

    def _wanted(self, item: ImportedSession, found: dict[int, Slot]) -> Place:
        session = self.sessions[item.external_id]
        times = self._moment(item.starts_at), self._moment(item.ends_at)
        return Place(session, self.rooms[item.room], *times, found.get(session.pk))

    def _moves(self, place: Place) -> bool:
        return place.slot is None or place.slot.is_cancelled or Place.of(place.slot) != place

    def _write(self, places: list[Place]):
        new, changed = [], []
        for place in places:
            slot = place.slot or Slot(session=place.session)
            (changed if place.slot else new).append(slot)
            wanted = {"room": place.room, "starts_at": place.starts_at, "ends_at": place.ends_at, "is_cancelled": False}
            self._set(slot, wanted)
        Slot.objects.bulk_create(new, BATCH)
        Slot.objects.bulk_update(changed, ["room", "starts_at", "ends_at", "is_cancelled", "changed_at"], BATCH)

    def _set(self, slot: Slot, wanted: dict):
        for name, value in (wanted | {"changed_at": self.now}).items():
            setattr(slot, name, value)

    def _moment(self, moment: datetime.datetime) -> datetime.datetime:
        """A time without a zone is on the edition's clock."""
        return moment if moment.tzinfo else moment.replace(tzinfo=self.edition.zone)

    def _roles(self, items):
        found = {}
        for role in Role.objects.filter(session__edition=self.edition).order_by("sort_order", "id"):
            found.setdefault(role.session_id, []).append(role.speaker_id)
        gone, new = [], []
        for item in items:
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
        """What the file no longer has is cancelled: people may have it in their calendars, unless it is a draft."""
        in_file = {session.pk for session in self.found.values()}
        ours = self._ours(Session).filter(live=True)
        slots = Slot.objects.filter(session__in=ours, is_cancelled=False, follows_source=True)
        gone = [slot for slot in slots if slot.session_id not in in_file]
        for slot in gone:
            self._set(slot, {"is_cancelled": True})
        Slot.objects.bulk_update(gone, ["is_cancelled", "changed_at"], BATCH)
        self.report.cancelled = len(gone)
