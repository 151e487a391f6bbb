"""Sessions as calendar entries (RFC 5545)."""

import datetime
from collections.abc import Iterable
from urllib.parse import urlsplit

import icalendar
from django.conf import settings

from agenda import richtext
from agenda.models import Slot
from cms import languages
from cms.addresses import whole
from cms.models import Edition


def of(edition: Edition, slots: Iterable[Slot]) -> bytes:
    """A calendar file in the reader's language; times are in UTC, which every calendar knows how to show."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Vetika//Programme//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", edition.short_name)
    for slot in slots:
        calendar.add_component(_event(edition, slot))
    return calendar.to_ical()


def _event(edition: Edition, slot: Slot) -> icalendar.Event:
    session = slot.session
    event = icalendar.Event()
    # The same in every language and however often it is taken: a calendar then moves the entry it has.
    event.add("uid", f"{session.guid}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", slot.changed_at)
    event.add("dtstart", slot.starts_at.astimezone(datetime.UTC))
    event.add("dtend", slot.ends_at.astimezone(datetime.UTC))
    event.add("summary", session.title)
    event.add("location", ", ".join(filter(None, (slot.room.name, edition.venue))))
    event.add("status", "CANCELLED" if slot.is_cancelled else "CONFIRMED")
    event.add("url", whole("agenda:session", edition.slug, session.code, language=languages.current()))
    if words := richtext.plain(session.abstract):
        event.add("description", words)
    return event
