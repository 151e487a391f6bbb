"""A programme as it stands in a file, whatever its format."""

import datetime
from dataclasses import dataclass, field


class NotASchedule(Exception):
    """The file cannot be brought in; the message is one translated sentence for the person who chose it."""


@dataclass(frozen=True)
class ImportedSpeaker:
    external_id: str
    name: str


@dataclass(frozen=True)
class Identity:
    """By what a session of the file is recognised, today and next time."""

    external_id: str  # no two of one file have the same
    guid: str  # "" where the file has none that is a UUID
    code: str  # of a session here, where the file comes from here; "" where it cannot


@dataclass(frozen=True)
class ImportedSession(Identity):
    """Texts are as in the file, formatted ones already cleaned."""

    title: str
    subtitle: str
    abstract: str
    description: str
    language: str  # a code of ``agenda.spoken``, or ""
    kind: str  # a value of Session.Kind
    track: str
    room: str
    starts_at: datetime.datetime  # without a zone where the file says none: the edition's
    ends_at: datetime.datetime
    speakers: tuple[ImportedSpeaker, ...] = ()


@dataclass(frozen=True)
class ImportedProgramme:
    """``source`` names the conference: a later file of it updates, a file of another one adds."""

    source: str
    slug: str
    title: str
    venue: str
    opens_on: datetime.date
    closes_on: datetime.date
    time_zone: str  # "" where the file gives no hint
    day_begins_at: int | None
    sessions: list[ImportedSession] = field(default_factory=list)
    without_length: int = 0
    notes: list[str] = field(default_factory=list)  # what could not be read, a translated sentence for each
    left_out: list[Identity] = field(default_factory=list)  # they are in the file, though they could not be read
