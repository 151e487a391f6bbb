"""What becomes of badges by the clock."""

import datetime

from django.core.cache import cache

from cms.models import Edition
from forum.badges import batching, keeping, printing
from forum.registration.models import Registration

DAYS_AHEAD = datetime.timedelta(days=3)
AT_ONCE = 20  # about a second of work, so that mail does not wait for it
REMEMBERED = 24 * 60 * 60  # seconds


def forget_kept() -> bool:
    return keeping.forget_some() + batching.forget_some() > 0


def print_batches() -> None:
    batching.see_to()


def draw_ahead() -> bool:
    """From three days before a forum to its end, draws what the desks will print and what has changed since, person by
    person; whether there are more."""
    soon = [edition for edition in Edition.objects.all() if edition.opens_on - DAYS_AHEAD <= edition.today]
    return any(_draw_some(edition) for edition in soon if not edition.is_over)


def _draw_some(edition) -> bool:
    key = f"forum.badges.drawn_to.{edition.pk}"
    people = Registration.objects.of(edition).coming().with_names().filter(pk__gt=cache.get(key, 0))
    block = list(people.order_by("pk")[:AT_ONCE])
    for badge, drawable in keeping.stale(printing.issue(block)):
        keeping.draw(badge, drawable)
    cache.set(key, block[-1].pk if block else 0, REMEMBERED)
    return bool(block)
