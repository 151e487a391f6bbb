"""How the day goes, for a wall screen and a telephone; who came to which session."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms import dates
from cms.models import Edition
from cms.privacy import personal
from forum.checkin import attending
from forum.checkin import board as boards
from forum.desks.onsite import may_watch

AGAIN = 15  # seconds after which the board looks again
# The drawing of one gate, in units of its own.
WIDTH, HEIGHT, GAP = 480, 96, 3


def watching(view):
    """For those who may see how the day goes."""

    @personal
    @login_required
    @require_safe
    def guarded(request):
        if not may_watch(request.user):
            raise PermissionDenied("watches nothing")
        return view(request)

    return guarded


@watching
def board(request):
    edition = Edition.objects.current()
    told = boards.of(edition) if edition else None
    context = {"edition": edition, "board": told, "again": AGAIN}
    if told:
        context |= {"gates": _drawn(told), "clock": [dates.clock(quarter) for quarter in told.quarters]}
        context["rows"] = [(time, [row.counts[at] for row in told.arrivals]) for at, time in enumerate(context["clock"])]
    return render(request, "desks/board.html", context)


@watching
def sessions(request):
    """The slots of rooms with a door, by day."""
    edition = Edition.objects.current()
    slots = attending.counts(edition) if edition else []
    days = [(day, list(rows)) for day, rows in groupby(slots, lambda slot: edition.day_of(slot.starts_at))]
    return render(request, "desks/sessions.html", {"edition": edition, "days": days})


def _drawn(told) -> list[dict]:
    """A bar for each quarter of an hour; all gates have one measure, so that they can be compared."""
    most = max((number for row in told.arrivals for number in row.counts), default=0) or 1
    step = WIDTH / max(len(told.quarters), 1)
    return [
        {
            "gate": row.gate,
            "total": row.total,
            "latest": row.counts[-1],
            "bars": [
                {
                    "x": f"{place * step:.1f}",
                    "y": f"{HEIGHT * (1 - number / most):.1f}",
                    "width": f"{step - GAP:.1f}",
                    "height": f"{HEIGHT * number / most:.1f}",
                }
                for place, number in enumerate(row.counts)
                if number
            ],
        }
        for row in told.arrivals
    ]
