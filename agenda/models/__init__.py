"""What the programme keeps: tracks, rooms, speakers, sessions and their slots."""

from agenda.models.rooms import Room, Track
from agenda.models.sessions import Role, Session
from agenda.models.slots import Slot
from agenda.models.speakers import Speaker

__all__ = ["Role", "Room", "Session", "Slot", "Speaker", "Track"]
