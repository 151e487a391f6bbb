"""The public programme laid out for reading: its days, and one day hour by hour."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from agenda.models import Slot
from cms.models import Edition


@dataclass(frozen=True)
class Day:
    number: int  # 1 for the first day of the programme, as in addresses
    date: datetime.date


def days(edition: Edition) -> list[Day]:
    """The days on which something takes place, in order."""
    moments = Slot.objects.public(edition).values_list("starts_at", flat=True)
    dates = sorted({edition.day_of(moment) for moment in moments})
    return [Day(number, date) for number, date in enumerate(dates, 1)]


def opened(edition: Edition, all_days: list[Day], number: int | None) -> Day | None:
    """The day asked for; without a number today's, else the first. None where there is no such day."""
    if number is not None:
        return next((day for day in all_days if day.number == number), None)
    return next((day for day in all_days if day.date == edition.today), all_days[0] if all_days else None)


def by_hour(slots: Iterable[Slot]) -> list[tuple[datetime.datetime, list[Slot]]]:
    """What begins together stands together."""
    return [(moment, list(group)) for moment, group in groupby(slots, key=lambda slot: slot.starts_at)]
