"""The kinds of other systems in our words."""

from agenda.models import Session

WORDS = {
    "ceremony": Session.Kind.CEREMONY,
    "opening": Session.Kind.CEREMONY,
    "keynote": Session.Kind.KEYNOTE,
    "panel": Session.Kind.PANEL,
    "podium": Session.Kind.PANEL,
    "discussion": Session.Kind.PANEL,
    "workshop": Session.Kind.WORKSHOP,
    "hands-on": Session.Kind.WORKSHOP,
    "tutorial": Session.Kind.WORKSHOP,
    "meeting": Session.Kind.MEETING,
    "meetup": Session.Kind.MEETING,
    "bof": Session.Kind.MEETING,
    "break": Session.Kind.BREAK,
    "lunch": Session.Kind.BREAK,
    "other": Session.Kind.OTHER,
}


def kind_of(text: str) -> str:
    """The kind whose word occurs in what a file calls the type; a talk where none does."""
    folded = text.casefold()
    return next((kind for word, kind in WORDS.items() if word in folded), Session.Kind.TALK)
