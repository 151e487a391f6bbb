"""The ``schedule.xml`` that frab, pentabarf, pretalx and their kin write (https://c3voc.de/wiki/schedule)."""

import datetime
import uuid
from dataclasses import asdict
from pathlib import Path

from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext as _
from lxml import etree

from agenda import richtext, spoken
from agenda.imports import zones
from agenda.imports.base import Identity, ImportedProgramme, ImportedSession, ImportedSpeaker, NotASchedule
from agenda.imports.kinds import kind_of
from agenda.scheduling import LONGEST
from cms import codes

LARGEST = 20_000_000  # bytes; the largest real schedule we know has 2.3 million
LONGEST_NAME, LONGEST_TITLE, LONGEST_ID, LONGEST_KEY = 200, 300, 200, 250  # what the columns hold
YEARS = range(1970, 2200)  # others are slips, with which no clock can reckon
FALLBACK_LENGTH = datetime.timedelta(minutes=5)


def read(path: Path) -> ImportedProgramme:
    """The programme in the file; refuses with ``NotASchedule`` what is no such schedule, and leaves out, with a note,
    the events of one that cannot be read."""
    return Reader(_tree(path)).programme()


def _tree(path: Path) -> etree._Element:
    try:
        if path.stat().st_size > LARGEST:
            raise NotASchedule(_("The file is larger than %(size)s.") % {"size": filesizeformat(LARGEST)})
        content = path.read_bytes()
    except OSError as error:
        raise NotASchedule(_("The file cannot be read: %(reason)s.") % {"reason": error.strerror}) from error
    # Entities are neither expanded nor fetched; a schedule has no use for a document type, so one is refused.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotASchedule(_("The file is not whole XML: %(reason)s.") % {"reason": str(error).rstrip(".")}) from error
    if root.getroottree().docinfo.doctype:
        raise NotASchedule(_("The file declares a document type of its own, which a schedule.xml never does."))
    if root.tag != "schedule" or root.find("day//event") is None:
        raise NotASchedule(_("The file is not a frab schedule.xml: it has no days with events."))
    return root


class Reader:
    """One file being read."""

    def __init__(self, root: etree._Element):
        self.root = root
        self.conference = root.find("conference")
        if self.conference is None or not _words(self.conference, "title"):
            raise NotASchedule(_("The file is not a frab schedule.xml: it does not name its conference."))
        self.day_change = self._day_change()
        self.shortest = _length(_words(self.conference, "timeslot_duration")) or FALLBACK_LENGTH
        self.names_of_id = self._names_of_id()
        self.seen_ids, self.seen_guids = set(), set()
        self.without_length = 0
        self.notes, self.left_out = [], []

    def programme(self) -> ImportedProgramme:
        sessions = self._sessions()
        days = [date for day in self.root.findall("day") if (date := _day(day.get("date")))]
        days = days or [session.starts_at.date() for session in sessions]
        title = _short(_words(self.conference, "title"), LONGEST_NAME)
        slug = slugify(_words(self.conference, "acronym") or title)[:40].strip("-") or "imported"
        return ImportedProgramme(
            source=f"schedule.xml {slug}",
            slug=slug,
            title=title,
            venue=_short(", ".join(filter(None, (_words(self.conference, "venue"), _words(self.conference, "city")))), 200),
            opens_on=min(days),
            closes_on=max(days),
            time_zone=self._time_zone(sessions),
            day_begins_at=self.day_change.hour if self.day_change else None,
            sessions=sessions,
            without_length=self.without_length,
            notes=self.notes,
            left_out=self.left_out,
        )

    def _sessions(self) -> list[ImportedSession]:
        """Those that can be read; refuses a file of which none can."""
        sessions = []
        for day in self.root.findall("day"):
            for event in day.iter("event"):
                identity = self._identity(event)
                try:
                    sessions.append(self._session(event, day, identity))
                except NotASchedule as refusal:
                    self.notes.append(str(refusal))
                    self.left_out.append(identity)
        if not sessions:
            raise NotASchedule(self.notes[0])
        return sessions

    def _identity(self, event) -> Identity:
        code = event.get("code") or codes.of_number(event.get("id") or "")
        return Identity(self._external_id(event), self._guid(event), code)

    def _time_zone(self, sessions) -> str:
        return zones.guess(_words(self.conference, "time_zone_name"), _words(self.conference, "city"), sessions[0].starts_at)

    def _day_change(self) -> datetime.time | None:
        text = _words(self.conference, "day_change")
        return _clock(text, "day_change") if text else None

    def _names_of_id(self) -> dict[str, set[str]]:
        """In merged files one number stands for several people."""
        names = {}
        for person in self.root.iter("person"):
            names.setdefault(person.get("id"), set()).add(_text(person))
        return names

    def _session(self, event, day, identity) -> ImportedSession:
        title = _words(event, "title")
        if not title:
            raise NotASchedule(_("Event %(id)s has no title.") % {"id": identity.external_id[:60] or "?"})
        title = _short(title, LONGEST_TITLE)
        starts_at = self._starts_at(event, day, title)
        return ImportedSession(
            **asdict(identity),
            title=title,
            subtitle=_short(_words(event, "subtitle"), LONGEST_TITLE),
            abstract=richtext.clean(event.findtext("abstract") or ""),
            description=richtext.clean(event.findtext("description") or ""),
            language=self._language(event, title),
            kind=kind_of(_words(event, "type")),
            track=_short(_words(event, "track"), LONGEST_NAME),
            room=self._room(event, title),
            starts_at=starts_at,
            ends_at=starts_at + self._length(event, title),
            speakers=self._speakers(event, title),
        )

    def _external_id(self, event) -> str:
        """The event's number; where a merged file uses it twice, its GUID or place in the file tells them apart."""
        own = (event.get("id") or event.get("code") or event.get("guid") or _words(event, "slug"))[:LONGEST_ID]
        wanted, count = own, 1
        while not wanted or wanted in self.seen_ids:
            count += 1
            wanted = f"{own} {count}"
        self.seen_ids.add(wanted)
        return wanted

    def _guid(self, event) -> str:
        try:
            guid = str(uuid.UUID(event.get("guid") or ""))
        except ValueError:
            return ""
        if guid in self.seen_guids:
            return ""
        self.seen_guids.add(guid)
        return guid

    def _room(self, event, title) -> str:
        parent = event.getparent()
        room = _words(event, "room") or (parent.get("name", "").strip() if parent.tag == "room" else "")
        if not room:
            raise NotASchedule(_("“%(title)s” has no room.") % {"title": title})
        return _short(room, LONGEST_NAME)

    def _starts_at(self, event, day, title) -> datetime.datetime:
        if text := _words(event, "date"):
            try:
                moment = datetime.datetime.fromisoformat(text)
            except ValueError:
                moment = None
            if moment is None or moment.year not in YEARS:
                raise NotASchedule(
                    _("The date of “%(title)s” is not a date: %(date)s.") % {"title": title, "date": text[:60]}
                )
            if moment.tzinfo or "T" in text:
                return moment
        clock = _clock(_words(event, "start"), title)
        date = _date(day.get("date"), title)
        past_midnight = self.day_change is not None and clock < self.day_change
        return datetime.datetime.combine(date + datetime.timedelta(days=past_midnight), clock)

    def _language(self, event, title) -> str:
        text = _words(event, "language")
        language = spoken.read(text)
        if language is None:
            self.notes.append(
                _("The language of “%(title)s” is not known and left blank: %(language)s.")
                % {"title": title, "language": text[:60]}
            )
        return language or ""

    def _length(self, event, title) -> datetime.timedelta:
        text = _words(event, "duration")
        length = _length(text)
        if text and (length is None or length > LONGEST):
            raise NotASchedule(
                _("The length of “%(title)s” is no length of a day at most: %(length)s.")
                % {"title": title, "length": text[:60]}
            )
        if not length:
            self.without_length += 1
        return length or self.shortest

    def _speakers(self, event, title) -> tuple[ImportedSpeaker, ...]:
        """Those whom the columns can hold; the others are noted."""
        people = {}
        for person in event.iter("person"):
            name = _text(person)
            if not name:
                continue
            number = person.get("id") or person.get("guid") or ""
            key = f"{number} {name}" if not number or len(self.names_of_id.get(person.get("id"), ())) > 1 else number
            try:
                people[key] = ImportedSpeaker(_short(key.strip(), LONGEST_KEY), _short(name, LONGEST_NAME))
            except NotASchedule as refusal:
                self.notes.append(_("Somebody is left out of “%(title)s”. %(reason)s") % {"title": title, "reason": refusal})
        return tuple(people.values())


def _text(element) -> str:
    return " ".join("".join(element.itertext()).split())


def _words(parent, name: str) -> str:
    child = parent.find(name)
    return "" if child is None else _text(child)


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise NotASchedule(
            _("A name in the file is longer than %(longest)s characters: %(text)s…")
            % {"longest": longest, "text": text[:60]}
        )
    return text


def _date(text: str | None, what: str) -> datetime.date:
    date = _day(text)
    if date is None:
        text = " ".join((text or "–").split())[:60]
        raise NotASchedule(_("The day of “%(title)s” is not a date: %(date)s.") % {"title": what, "date": text})
    return date


def _day(text: str | None) -> datetime.date | None:
    try:
        date = datetime.date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None
    return date if date.year in YEARS else None


def _clock(text: str, what: str) -> datetime.time:
    try:
        hours, minutes = text.split(":")[:2]
        return datetime.time(int(hours), int(minutes))
    except ValueError:
        raise NotASchedule(
            _("The time of “%(title)s” is not a time: %(time)s.") % {"title": what, "time": text[:60] or "–"}
        ) from None


def _length(text: str) -> datetime.timedelta | None:
    """HH:MM or HH:MM:SS; None where it is not a length."""
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        return None
    return datetime.timedelta(hours=int(parts[0]), minutes=int(parts[1]))
