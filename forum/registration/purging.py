"""What is not kept for ever: told first, then deleted."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone

from cms.models import Edition
from forum.registration import accrediting, answering, erasing
from forum.registration.models import (
    PHOTOS,
    AccessCode,
    AccessNeeds,
    Accreditation,
    ActingLink,
    Answer,
    Figures,
    Guest,
    Letterhead,
    PersonalInvitation,
    PlaceLink,
    Question,
    Registration,
)

FOLDERS = ("answers", "letters", PHOTOS)
# A file is written before the row that names it; older than this and without one it belongs to nobody.
FILES_REST = datetime.timedelta(days=1)
AT_ONCE = 500  # rows in one transaction
AT_ONCE_PEOPLE = 100  # each is several rows
PAST = "retention time"  # stands in the history


@dataclass(frozen=True)
class Due:
    """Something whose time has come: in words, how many, and what to delete it with."""

    what: str
    number: int
    purge: object = field(repr=False, compare=False)


def due() -> Iterator[Due]:
    """Everything of this room whose time has come; nothing is deleted before ``purge`` of it is called."""
    for edition in Edition.objects.all():
        for question in edition.questions.all():
            yield from _answers(edition, question)
        yield from _needs(edition)
        yield from _accreditations(edition)
        yield from _figures(edition)
        yield from _people(edition)
    known = {
        name for kept in (Answer.file, Accreditation.photo, Guest.scan, Letterhead.emblem) for name in kept_by(kept.field)
    }
    if files := lost_files(FOLDERS, known):
        yield Due("files that no row names", len(files), lambda: remove(files))


def _answers(edition: Edition, question: Question) -> Iterator[Due]:
    if edition.today <= edition.closes_on + datetime.timedelta(days=question.kept_days):
        return
    if number := question.answers.count():
        yield Due(f"{edition.slug}: answers to “{question.label_en}”", number, lambda: _forget_answers(question))


def _needs(edition: Edition) -> Iterator[Due]:
    """They serve the days of the forum alone."""
    needs = AccessNeeds.objects.filter(registration__edition=edition)
    if edition.is_over and (number := needs.count()):
        yield Due(f"{edition.slug}: access needs", number, lambda: needs.delete())


def _people(edition: Edition) -> Iterator[Due]:
    """Names and addresses; pass, state and scans stay for the figures, orders and their papers for the law."""
    if edition.today <= edition.closes_on + datetime.timedelta(days=edition.people_kept_days):
        return
    people = Registration.objects.of(edition).filter(erased_at=None)
    if number := people.count():
        yield Due(f"{edition.slug}: names and addresses of people", number, lambda: _erase(people))
    guests = Guest.objects.filter(guest_list__edition=edition, erased_at=None)
    if number := guests.count():
        yield Due(f"{edition.slug}: names and addresses of guests", number, lambda: _erase_guests(guests))
    invitations = PersonalInvitation.objects.filter(pass_type__edition=edition, erased_at=None)
    if number := invitations.count():
        yield Due(f"{edition.slug}: names and addresses of people invited", number, lambda: _erase_invitations(invitations))
    links = ActingLink.objects.filter(edition=edition)
    if number := links.count():
        yield Due(f"{edition.slug}: links of those who act for people", number, links.delete)
    codes = AccessCode.objects.filter(pass_type__edition=edition).exclude(note="")
    links = PlaceLink.objects.filter(delegation__edition=edition).exclude(note="")
    for what, rows in (("access codes", codes), ("links to places", links)):
        if number := rows.count():
            yield Due(f"{edition.slug}: notes on {what}", number, lambda rows=rows: rows.update(note=""))


def _erase(people) -> None:
    """Block by block: what was done before it was stopped stays done, and the next run goes on from there."""
    while block := list(people.with_names().order_by("pk")[:AT_ONCE_PEOPLE]):
        with transaction.atomic():
            for person in block:
                erasing.erase(registration=person, reason=PAST)


def _erase_guests(guests) -> None:
    for guest in guests.with_names():
        erasing.erase_guest(guest=guest, reason=PAST)


def _erase_invitations(invitations) -> None:
    for invitation in invitations.with_names():
        erasing.erase_invitation(invitation=invitation, reason=PAST)


def _accreditations(edition: Edition) -> Iterator[Due]:
    """Birth dates, documents and photos serve the days of the forum alone too."""
    rows = Accreditation.objects.filter(registration__edition=edition)
    if edition.is_over and (number := rows.count()):
        yield Due(f"{edition.slug}: accreditations, with their photos", number, lambda: _forget_accreditations(rows))


def _figures(edition: Edition) -> Iterator[Due]:
    """They stay, but nobody need know any more whose they were."""
    rows = Figures.objects.filter(edition=edition).exclude(registration=None)
    if edition.is_over and (number := rows.count()):
        yield Due(f"{edition.slug}: whose the voluntary figures are", number, lambda: _part(edition, rows))


@transaction.atomic
def _part(edition, rows) -> None:
    counted = Figures.objects.counted(edition).values("pk")
    rows.exclude(pk__in=counted).delete()
    rows.update(registration=None)


def _forget_accreditations(rows) -> None:
    while people := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            accrediting.forget(people)


def _forget_answers(question: Question) -> None:
    while rows := list(Answer.objects.filter(question=question)[:AT_ONCE]):
        with transaction.atomic():
            answering.forget(rows)


def lost_files(folders: Iterable[str], known: set[str], storage: Storage = default_storage) -> list[str]:
    """Left behind where a form was refused, or a process ended, after its file was written."""
    before = timezone.now() - FILES_REST
    found = [name for folder in folders for name in _files(folder, storage) if storage.get_modified_time(name) < before]
    return [name for name in found if name not in known]


def remove(files: Iterable[str], storage: Storage = default_storage) -> None:
    for name in files:
        storage.delete(name)


def kept_by(field) -> set[str]:
    """The files that rows name."""
    return set(field.model.objects.exclude(**{field.name: ""}).values_list(field.name, flat=True))


def _files(folder: str, storage: Storage) -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for name in folders:
        yield from _files(f"{folder}/{name}", storage)
