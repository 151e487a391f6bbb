"""Finding the sessions of a file their rooms and times, where nothing else takes place."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agenda.models import Room, Session, Slot
from agenda.scheduling import refuse_impossible_times
from cms.models import Edition


@dataclass(frozen=True)
class Place:
    session: Session
    room: Room
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    slot: Slot | None = field(default=None, compare=False)  # where the session is until now

    @classmethod
    def of(cls, slot: Slot) -> "Place":
        return cls(slot.session, slot.room, slot.starts_at, slot.ends_at, slot)


class Plan:
    """Who takes which room when; what stands in it first stays."""

    def __init__(self, edition: Edition, places: Iterable[Place]):
        self.edition = edition
        self.by_room = defaultdict(list)
        for place in places:
            self._add(place)

    def place(self, wanted: Iterable[Place]) -> tuple[list[Place], list[Slot], list[str]]:
        """Takes what is free, in order: the places taken, the slots to give up, and a sentence for each that is not taken.

        Who does not get the place of the file stays where they are, unless somebody else is there now.
        """
        taken, refused, notes = [], [], []
        for place in wanted:
            if note := self._trouble(place):
                notes.append(note)
                refused.append(place)
            else:
                self._add(place)
                taken.append(place)
        given_up = [place.slot for place in refused if place.slot and not self._stays(place.slot)]
        return taken, given_up, notes

    def _stays(self, slot: Slot) -> bool:
        if slot.is_cancelled:
            return True
        place = Place.of(slot)
        if self._other(place):
            return False
        self._add(place)
        return True

    def _add(self, place: Place):
        self.by_room[place.room.pk].append(place)

    def _other(self, wanted: Place) -> Place | None:
        at_once = (
            place
            for place in self.by_room[wanted.room.pk]
            if place.starts_at < wanted.ends_at and place.ends_at > wanted.starts_at
        )
        return next(at_once, None)

    def _trouble(self, wanted: Place) -> str:
        try:
            refuse_impossible_times(self.edition, wanted.starts_at, wanted.ends_at)
        except ValidationError as refusal:
            return _("“%(title)s” gets no room and time. %(reason)s") % {
                "title": wanted.session.title,
                "reason": " ".join(refusal.messages),
            }
        other = self._other(wanted)
        if other is None:
            return ""
        return _("“%(title)s” cannot be in %(room)s %(when)s: “%(other)s” takes place there %(other_when)s.") % {
            "title": wanted.session.title,
            "room": wanted.room.name,
            "when": self._when(wanted),
            "other": other.session.title,
            "other_when": self._when(other),
        }

    def _when(self, place: Place) -> str:
        """2024-03-11 09:00–10:30, as in the organisers' lists."""
        starts_at, ends_at = (moment.astimezone(self.edition.zone) for moment in (place.starts_at, place.ends_at))
        return f"{starts_at:%Y-%m-%d %H:%M}–{ends_at:%H:%M}"
