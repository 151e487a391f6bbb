"""Editions for tests: the test states what matters, these the rest."""

import datetime

from django.utils import timezone

from cms.models import Edition


def edition(slug="next", **fields) -> Edition:
    today = timezone.localdate()
    values = {
        "name_en": "Digital Government Forum",
        "name_km": "វេទិការដ្ឋាភិបាលឌីជីថល",
        "short_name_en": "DGF",
        "opens_on": today + datetime.timedelta(days=30),
        "closes_on": today + datetime.timedelta(days=32),
        "registration_opens_at": timezone.now() - datetime.timedelta(days=1),
        "is_current": not Edition.objects.filter(is_current=True).exists(),
    }
    return Edition.objects.create(slug=slug, **(values | fields))


def edition_under_way(**fields) -> Edition:
    """One whose second day is today."""
    today, day = timezone.localdate(), datetime.timedelta(days=1)
    return edition(opens_on=today - day, closes_on=today + day, **fields)
