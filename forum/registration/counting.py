"""Voluntary figures: told by people, kept apart from them, shown as totals in which nobody can be found."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from cms import languages
from cms.models import Edition
from forum.registration import places
from forum.registration.models import Figures, Registration

COLUMNS = ("sex", "province", "body")
FEWEST = 5  # a smaller number is not shown: in a small group one could tell who it is
ROUNDED = 5


@dataclass(frozen=True)
class Bar:
    """One line of a table: what is counted, how many (None: too few to show), and its length in per cent of the longest."""

    name: str
    number: int | None
    words: str
    length: int


@transaction.atomic
def tell(*, registration: Registration, **told) -> None:
    """Keeps what a person tells now; ``told`` has the keys of ``COLUMNS``, and nothing told keeps no row."""
    told = {name: told.get(name) or "" for name in COLUMNS}
    Registration.objects.select_for_update().get(pk=registration.pk)  # of two forms sent at once the second waits
    if any(told.values()):
        Figures.objects.update_or_create(registration=registration, defaults=told | {"edition_id": registration.edition_id})
    else:
        Figures.objects.filter(registration=registration).delete()


def forget(registration: Registration) -> None:
    """The person is another one from now on, or never came."""
    Figures.objects.filter(registration=registration).delete()


def hand_over(other: Registration, keep: Registration) -> None:
    """Two registrations of one person: what ``keep`` told stands, else what the other did; a person is counted once."""
    if not Figures.objects.filter(registration=keep).exists():
        Figures.objects.filter(registration=other).update(registration=keep)
    forget(other)


def part(registration: Registration, *, was_coming: bool) -> None:
    """The person is erased: who has come, or comes on these days, stays counted, without being anybody."""
    if was_coming and registration.edition.opens_on <= registration.edition.today:
        Figures.objects.filter(registration=registration).update(registration=None)
    else:
        forget(registration)


def totals(edition: Edition) -> list[tuple[str, list[Bar]]]:
    """A table for each question, in the reader's language; as many queries as questions."""
    return [
        (_("Sex"), _bars(edition, "sex", dict(Figures.Sex.choices))),
        (_("Province"), _bars(edition, "province", dict(province_choices()))),
        (_("Kind of body"), _bars(edition, "body", dict(Figures.Body.choices))),
    ]


def told_by(edition: Edition) -> int:
    """How many told anything, rounded, so that no missing number can be reckoned from it."""
    return round(Figures.objects.counted(edition).count() / ROUNDED) * ROUNDED


def province_choices() -> list[tuple[str, str]]:
    return [*places.provinces(languages.current()), (Figures.ABROAD, _("Outside Cambodia"))]


def _bars(edition, column, names) -> list[Bar]:
    rows = Figures.objects.counted(edition).exclude(**{column: ""}).order_by().values_list(column)
    numbers = {value: number for value, number in rows.annotate(all=Count("pk")) if value in names}
    hidden = _hidden(numbers)
    longest = max(numbers.values(), default=0)
    return [_bar(names[value], numbers[value], longest, value in hidden) for value in names if value in numbers]


def _hidden(numbers) -> set[str]:
    """What is too small; where that is one number alone, also the next smallest, or the one could be reckoned."""
    hidden = {value for value, number in numbers.items() if number < FEWEST}
    others = numbers.keys() - hidden
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=lambda value: (numbers[value], value)))
    return hidden


def _bar(name, number, longest, is_hidden) -> Bar:
    if not is_hidden:
        return Bar(str(name), number, str(number), round(100 * number / longest))
    words = (
        _("fewer than %(number)s") % {"number": FEWEST} if number < FEWEST else _("not shown, to protect the smaller number")
    )
    return Bar(str(name), None, words, 0)
