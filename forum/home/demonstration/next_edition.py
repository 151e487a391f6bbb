"""The next forum, plainly a demonstration: three days some ten weeks from now, with registration open."""

import datetime

from django.db import transaction
from django.utils import timezone

from cms.models import Edition
from forum.home.demonstration import pages
from forum.home.demonstration.files import read_json

SLUG = "next"
TUESDAY = 1


def find() -> Edition | None:
    return Edition.objects.filter(slug=SLUG).first()


@transaction.atomic
def load() -> Edition:
    """The current edition and its page in both languages."""
    facts = read_json("next_edition.json")
    edition = Edition(slug=SLUG, is_current=True, is_demonstration=True, **facts["edition"])
    now = timezone.now()
    edition.opens_on = first_day(now.astimezone(edition.zone).date())
    edition.closes_on = edition.opens_on + datetime.timedelta(days=2)
    day_before = edition.opens_on - datetime.timedelta(days=1)
    edition.registration_opens_at = now - datetime.timedelta(days=1)
    edition.reminder_days = 7
    edition.registration_closes_at = datetime.datetime.combine(day_before, datetime.time(17), edition.zone)
    edition.save()
    pages.write_front(edition, facts["page"])
    return edition


def first_day(today: datetime.date) -> datetime.date:
    """The first Tuesday that is ten weeks away or more."""
    soonest = today + datetime.timedelta(weeks=10)
    return soonest + datetime.timedelta(days=(TUESDAY - soonest.weekday()) % 7)
