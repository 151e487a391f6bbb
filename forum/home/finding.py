"""What the site's search finds in every room of one edition."""

from dataclasses import dataclass

from agenda.models import Session, Speaker
from cms import languages
from cms.models import Edition
from exhibitors import directory
from forum.home.models import ContentPage, EditionPage
from forum.mou.models import Memorandum

LIMIT = 20  # of each kind; who wants more narrows the words


@dataclass
class Found:
    """Rows of one kind, and whether there are more than are shown."""

    rows: list
    has_more: bool


def find(edition: Edition, words: str) -> dict[str, Found]:
    """By kind, what holds all of ``words``: only what anybody may see. Kinds of which there is nothing are left out."""
    kinds = {
        "pages": _pages(edition).matching(words),
        "sessions": Session.objects.public(edition).matching(words).with_people(),
        "speakers": Speaker.objects.public(edition).matching(words),
        "agencies": directory.matching(edition, words),
        "memoranda": Memorandum.objects.public().filter(edition=edition).matching(words),
    }
    found = {kind: _first(rows) for kind, rows in kinds.items()}
    return {kind: some for kind, some in found.items() if some.rows}


def _first(rows) -> Found:
    rows = list(rows[: LIMIT + 1])
    return Found(rows[:LIMIT], len(rows) > LIMIT)


def _pages(edition):
    """Pages of text in the reader's language: this edition's and those of no edition."""
    pages = ContentPage.objects.live().public().filter(locale__language_code=languages.current())
    for other in EditionPage.objects.exclude(edition=edition):
        pages = pages.not_descendant_of(other)
    return pages
