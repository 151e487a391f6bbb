"""The public programme in the formats of others: ``schedule.xml`` (https://c3voc.de/wiki/schedule)."""

import datetime
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from lxml import etree

from agenda import timetable
from agenda.models import Slot, Track
from cms import codes, languages
from cms.addresses import absolute, whole
from cms.models import Edition

LANGUAGE = "en"  # the format has one text for everything


def schedule_xml(edition: Edition) -> bytes:
    """What takes place, day by day and room by room; what is cancelled is left out, as the format has no word for it."""
    slots = list(Slot.objects.public(edition).with_sessions().filter(is_cancelled=False))
    root = etree.Element("schedule")
    etree.SubElement(root, "generator", name="Vetika")
    _add(root, "url", absolute(reverse("programme:schedule_xml")))
    _add(root, "version", max((f"{slot.changed_at:%Y-%m-%d %H:%M:%S}" for slot in slots), default="0"))
    _conference(root, edition)
    for day in timetable.days(edition):
        _day(root, edition, day, [slot for slot in slots if edition.day_of(slot.starts_at) == day.date])
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _conference(root, edition):
    conference = etree.SubElement(root, "conference")
    _add(conference, "title", edition.name_en)
    _add(conference, "acronym", edition.slug if len(edition.slug) > 3 else f"{edition.slug}-forum")
    _add(conference, "start", edition.opens_on.isoformat())
    _add(conference, "end", edition.closes_on.isoformat())
    _add(conference, "days", str((edition.closes_on - edition.opens_on).days + 1))
    _add(conference, "timeslot_duration", "00:05")
    _add(conference, "base_url", f"{settings.BASE_URL}/{LANGUAGE}/{edition.slug}/")
    _add(conference, "url", f"{settings.BASE_URL}/{LANGUAGE}/{edition.slug}/")
    _add(conference, "time_zone_name", edition.time_zone)
    for track in Track.objects.filter(edition=edition):
        element = _add(conference, "track", track.name_en)
        element.set("name", element.text)
        if track.colour:
            element.set("color", track.colour)


def _day(root, edition, day, slots):
    day_element = etree.SubElement(
        root,
        "day",
        index=str(day.number),
        date=day.date.isoformat(),
        start=edition.start_of(day.date).isoformat(),
        end=edition.start_of(day.date + datetime.timedelta(days=1)).isoformat(),
    )
    in_rooms = sorted(slots, key=lambda slot: (slot.room.position, slot.room.sort_key, slot.room.pk, slot.starts_at))
    for room, group in groupby(in_rooms, key=lambda slot: slot.room):
        room_element = etree.SubElement(day_element, "room", name=_clean(room.name_en))
        for slot in group:
            _event(room_element, edition, slot)


def _event(parent, edition, slot):
    session, starts_at = slot.session, slot.starts_at.astimezone(edition.zone)
    event = etree.SubElement(parent, "event", guid=str(session.guid), id=str(codes.number(session.code)), code=session.code)
    _add(event, "room", slot.room.name_en)
    _add(event, "title", _text(session, "title"))
    _add(event, "subtitle", _text(session, "subtitle"))
    _add(event, "type", session.kind)
    _add(event, "date", starts_at.isoformat())
    _add(event, "start", f"{starts_at:%H:%M}")
    _add(event, "duration", _duration(slot.ends_at - slot.starts_at))
    _add(event, "abstract", _text(session, "abstract"))
    _add(event, "track", session.track.name_en if session.track else "")
    _add(event, "language", session.language)
    _add(event, "description", _text(session, "description"))
    _add(event, "url", whole("agenda:session", edition.slug, session.code, language=LANGUAGE))
    persons = etree.SubElement(event, "persons")
    for role in session.roles.all():
        _add(persons, "person", role.speaker.name_en, id=str(codes.number(role.speaker.code)))


def _text(row, name):
    return languages.read(row, name, LANGUAGE)[0]


NEVER_IN_XML = {"\ufffe", "\uffff", *map(chr, range(0xD800, 0xE000))}


def _duration(length: datetime.timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours:02}:{minutes:02}"


def _add(parent, tag, text, **attributes):
    element = etree.SubElement(parent, tag, **attributes)
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold (XML 1.0, 2.2)."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (ord(sign) > 31 and sign not in NEVER_IN_XML))
