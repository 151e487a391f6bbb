"""The forum as an entry for a person's own calendar (RFC 5545)."""

import datetime
from functools import lru_cache

from django.utils.translation import override
from icalendar import Calendar, Event

from cms.addresses import absolute
from forum.registration.models import Registration


def of_person(registration: Registration, language: str) -> bytes:
    """The days on which their pass is valid, those in a row as one whole-day entry; it carries nothing personal, since
    calendars are shared. The first entry has one number whatever the pass: another pass moves it in the calendar."""
    edition = registration.edition
    runs = registration.pass_type.runs or [(edition.opens_on, edition.closes_on)]
    with override(language):
        return _written(
            tuple(runs),
            uid=f"{edition.slug}@vetika",
            summary=edition.name,
            dtstamp=edition.registration_opens_at or datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
            url=absolute(edition.get_absolute_url()),
            location=edition.venue,
        )


@lru_cache(maxsize=64)  # it goes with every letter, and is the same in each of one pass
def _written(runs, uid, **properties) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Vetika//Forum//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for number, (first, last) in enumerate(runs, start=1):
        event = Event()
        event.add("uid", uid if number == 1 else f"{number}-{uid}")
        event.add("dtstart", first)
        event.add("dtend", last + datetime.timedelta(days=1))
        for name, value in properties.items():
            if value:
                event.add(name, value)
        calendar.add_component(event)
    return calendar.to_ical()
