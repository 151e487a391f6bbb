"""The forum as an entry for a person's own calendar (RFC 5545)."""

import datetime
from functools import lru_cache

from django.utils.translation import override
from icalendar import Calendar, Event

from cms.addresses import absolute
from cms.models import Edition


def of_edition(edition: Edition, language: str) -> bytes:
    """The days of the forum as one whole-day entry; it carries nothing personal, since calendars are shared."""
    with override(language):
        return _written(
            uid=f"{edition.slug}@vetika",
            summary=edition.name,
            dtstart=edition.opens_on,
            dtend=edition.closes_on + datetime.timedelta(days=1),
            dtstamp=edition.registration_opens_at or datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
            url=absolute(edition.get_absolute_url()),
            location=edition.venue,
        )


@lru_cache(maxsize=16)  # it goes with every letter, and is the same in each
def _written(**properties) -> bytes:
    event = Event()
    for name, value in properties.items():
        if value:
            event.add(name, value)
    calendar = Calendar()
    calendar.add("prodid", "-//Vetika//Forum//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()
