"""The forum as an entry for a person's own calendar (RFC 5545)."""

import datetime

from django.utils.translation import override
from icalendar import Calendar, Event

from cms.addresses import absolute
from cms.models import Edition


def of_edition(edition: Edition, language: str) -> bytes:
    """The days of the forum as one whole-day entry; it carries nothing personal, since calendars are shared."""
    with override(language):
        event = Event()
        event.add("uid", f"{edition.slug}@vetika")
        event.add("summary", edition.name)
        event.add("dtstart", edition.opens_on)
        event.add("dtend", edition.closes_on + datetime.timedelta(days=1))
        event.add("dtstamp", edition.registration_opens_at or datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC))
        event.add("url", absolute(edition.get_absolute_url()))
        if edition.venue:
            event.add("location", edition.venue)
    calendar = Calendar()
    calendar.add("prodid", "-//Vetika//Forum//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()
