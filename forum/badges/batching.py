"""Printing the badges of many people in the background.

Who is in a batch, and what is still to be drawn, stands in rows: a task only says that there is something to do. Whoever
takes a part holds it for a while, so several workers draw at once, one that dies is replaced, and nobody is left out or
printed twice. When all parts are drawn somebody puts them together into one file, which goes after two days.
"""

import datetime
import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path
from shutil import copyfileobj

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult
from wagtail.log_actions import log

from cms import codes, languages, pdf
from cms.models import Edition
from exhibitors.models import Agency
from forum.badges import printing
from forum.badges.models import BATCHES, Badge, BadgeBatch, BadgeLayout, BatchedBadge, BatchPart, Order
from forum.badges.rendering import Design
from forum.registration.models import PassType

AT_ONCE = 100  # badges drawn by one worker before it looks again
HELD = datetime.timedelta(minutes=2)  # a part takes seconds
TRIES = 3
KEPT = datetime.timedelta(days=2)
WORKERS = 4  # told of a new batch
ROWS_AT_ONCE = 2_000
ENDED = {"none", "again"}  # refusals that mean that nobody of a part remains

logger = logging.getLogger(__name__)


@transaction.atomic
def order(
    *,
    edition: Edition,
    pass_type: PassType | None = None,
    agency: Agency | None = None,
    day: datetime.date | None = None,
    reason: str = "",
    order: str = Order.KHMER,
    per_box: int = 0,
    user=None,
    desk: str = "",
) -> BadgeBatch:
    """A batch of all whom these filters leave now: those never printed, or, for a ``reason``, all; ``per_box`` in each box
    where they go into boxes. Refuses with ``none`` where nobody is left."""
    people = printing.queue(
        edition=edition, pass_type=pass_type, agency=agency, day=day, order=order, again=bool(reason)
    )  # fmt: skip
    numbers = _by_shape(edition, people)
    if not numbers:
        raise ValidationError(_("No badges wait to be printed."), code="none")
    batch = BadgeBatch.objects.create(
        edition=edition, pass_type=pass_type, agency=agency, day=day, reason=reason, order=order, per_box=per_box,
        language=languages.current(), desk=desk, ordered_by=user, count=len(numbers),
    )  # fmt: skip
    places = [BatchedBadge(batch=batch, position=place, registration_id=pk) for place, pk in enumerate(numbers)]
    BatchedBadge.objects.bulk_create(places, batch_size=ROWS_AT_ONCE)
    starts = range(0, len(numbers), AT_ONCE)
    parts = [BatchPart(batch=batch, first=start, until=min(start + AT_ONCE, len(numbers))) for start in starts]
    BatchPart.objects.bulk_create(parts)
    log(edition, "badges.order_batch", user=user, data={"batch": batch.code, "count": batch.count})
    transaction.on_commit(lambda: [print_some.enqueue() for _worker in parts[:WORKERS]])
    return batch


def _by_shape(edition, people) -> list[int]:
    """Their keys. Those of one shape stand together: a printer holds one kind of paper, a box one kind of badge."""
    layouts = BadgeLayout.objects.by_pass(edition)

    def shape(row):
        layout = layouts.get(row[1]) or layouts.get(None)
        return layout.shape if layout else Design().shape

    return [pk for pk, _pass_type in sorted(people.select_related(None).values_list("pk", "pass_type_id"), key=shape)]


@task()
def print_some() -> None:
    """Does one piece of what is due, and says so if there may be more. Safe to run twice, and at any time."""
    if do_next():
        print_some.enqueue()


def see_to() -> None:
    """For what has no task any more: that of a worker which died, or was lost otherwise."""
    is_due = _parts_due().exists() or _whole_due().exists()
    if is_due and not DBTaskResult.objects.ready().filter(task_path=print_some.module_path).exists():
        print_some.enqueue()


def do_next() -> bool:
    """Draws one part, or puts a batch together; whether there was something to do."""
    if part := _held(_parts_due().order_by("batch", "first"), tries=F("tries") + 1):
        _attempt(_print, part, part.batch, is_last=part.tries > TRIES)
    elif batch := _held(_whole_due().order_by("pk")):
        _attempt(_put_together, batch, batch)
    return bool(part or batch)


def _parts_due():
    """Those of a batch that was stopped are drawn where their badges are written down as printed already."""
    at_work = Q(batch__state__in=[BadgeBatch.State.QUEUED, BadgeBatch.State.RUNNING])
    begun = Q(batch__state=BadgeBatch.State.CANCELLED, is_taken=True)
    return BatchPart.objects.filter(at_work | begun, _free(), printed=None).select_related("batch")


def _whole_due():
    begun = BatchPart.objects.filter(printed=None, is_taken=True)
    undone = BatchPart.objects.filter(printed=None)
    running = Q(state=BadgeBatch.State.RUNNING) & ~Q(pk__in=undone.values("batch"))
    stopped = Q(state=BadgeBatch.State.CANCELLED) & ~Q(pk__in=begun.values("batch"))
    return BadgeBatch.objects.filter(running | stopped, _free(), ended_at=None)


def _free() -> Q:
    return Q(held_until=None) | Q(held_until__lt=timezone.now())


def _held(due, **changes):
    """The first that nobody else takes at the same moment, held from now on."""
    for row in due[:WORKERS]:
        if due.model.objects.filter(_free(), pk=row.pk).update(held_until=timezone.now() + HELD, **changes):
            return due.model.objects.get(pk=row.pk)
    return None


def _attempt(act, row, batch, *, is_last=False):
    """What goes wrong stays held, and so rests for a while."""
    if is_last:  # also where each try ended the worker
        BadgeBatch.objects.at_work().filter(pk=batch.pk).update(state=BadgeBatch.State.FAILED)
        return
    try:
        with translation.override(batch.language):
            act(row)
    except Exception:
        logger.exception("Batch %s could not be printed", batch.code)
    else:
        type(row).objects.filter(pk=row.pk).update(held_until=None)


def _print(part: BatchPart) -> None:
    badges = _taken(part)
    if badges is None:
        return
    content = printing.render(badges) if badges else b""
    name = _keep(part.batch, ContentFile(content)) if content else ""
    with transaction.atomic():
        is_mine = BatchPart.objects.filter(pk=part.pk, printed=None).update(printed=len(badges), file=name)
        if is_mine:
            done = {"done": F("done") + part.until - part.first, "printed": F("printed") + len(badges)}
            BadgeBatch.objects.filter(pk=part.batch_id).update(**done)
    if name and not is_mine:  # held too long, somebody else was quicker
        BatchPart.file.field.storage.delete(name)


@transaction.atomic
def _taken(part: BatchPart) -> list[Badge] | None:
    """Its badges, remembered as printed once, however often it is drawn; None of a batch that was stopped before. The lock
    on the batch keeps stopping and taking apart."""
    batch = BadgeBatch.objects.select_for_update().get(pk=part.batch_id)
    places = batch.places.filter(position__gte=part.first, position__lt=part.until)
    if not BatchPart.objects.get(pk=part.pk).is_taken:
        if not batch.is_at_work:
            return None
        _take(batch, list(places))
        BatchPart.objects.filter(pk=part.pk).update(is_taken=True)
        BadgeBatch.objects.filter(pk=batch.pk, state=BadgeBatch.State.QUEUED).update(state=BadgeBatch.State.RUNNING)
    everything = "key", "registration__pass_type", "registration__agency", "registration__edition"
    taken = Badge.objects.current().filter(batched__in=places).select_related(*everything)
    return list(taken.order_by("batched__position"))


def _take(batch, places):
    try:
        badges = printing.take(
            [place.registration_id for place in places], batch.ordered_by, batch.desk, batch.reason
        )  # fmt: skip
    except ValidationError as refusal:
        if refusal.code not in ENDED:
            raise
        return
    got = {badge.registration_id: badge for badge in badges}
    for place in places:
        place.badge = got.get(place.registration_id)
    BatchedBadge.objects.bulk_update(places, ["badge"])


def _put_together(batch: BadgeBatch) -> None:
    parts = list(batch.parts.exclude(file=""))
    name = _joined(batch, parts) if parts else ""
    state = F("state") if batch.state == BadgeBatch.State.CANCELLED else BadgeBatch.State.DONE
    with transaction.atomic():
        mine = BadgeBatch.objects.filter(pk=batch.pk, ended_at=None)
        is_mine = mine.update(state=state, file=name, ended_at=timezone.now())
        if is_mine:
            batch.parts.update(file="")
            data = {"batch": batch.code, "count": batch.printed, "desk": batch.desk, "reason": batch.reason}
            log(batch.edition, "badges.print_batch", user=batch.ordered_by, data=data)
    needless = [part.file.name for part in parts] if is_mine else [name]
    for each in filter(None, needless):
        BatchPart.file.field.storage.delete(each)


def _joined(batch, parts: Iterable[BatchPart]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{part.first}.pdf" for part in parts]
        for part, path in zip(parts, paths, strict=True):
            with part.file.open() as stored, path.open("wb") as copied:
                copyfileobj(stored, copied)
        whole = Path(folder) / "whole.pdf"
        pdf.join_files(paths, whole)
        with whole.open("rb") as file:
            return _keep(batch, File(file))


def _keep(batch, content: File) -> str:
    return BadgeBatch.file.field.storage.save(f"{BATCHES}/{batch.code}-{codes.new(16).lower()}.pdf", content)


@transaction.atomic
def cancel(*, batch: BadgeBatch, user=None) -> BadgeBatch:
    """Prints nobody more; the badges that are drawn already still become a file. Once more changes nothing."""
    working = BadgeBatch.objects.at_work().filter(pk=batch.pk)
    if working.exists() and working.update(state=BadgeBatch.State.CANCELLED):
        log(batch.edition, "badges.cancel_batch", user=user, data={"batch": batch.code})
        transaction.on_commit(print_some.enqueue)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def try_again(*, batch: BadgeBatch, user=None) -> BadgeBatch:
    """Goes on with one that failed, where it was."""
    failed = BadgeBatch.objects.filter(pk=batch.pk, state=BadgeBatch.State.FAILED)
    if failed.exists() and failed.update(state=BadgeBatch.State.RUNNING):
        batch.parts.filter(printed=None).update(tries=0)
        log(batch.edition, "badges.retry_batch", user=user, data={"batch": batch.code})
        transaction.on_commit(print_some.enqueue)
    batch.refresh_from_db()
    return batch


def place_of(badge: Badge) -> BatchedBadge | None:
    """In which box it is, and where."""
    return BatchedBadge.objects.filter(badge=badge, batch__per_box__gt=0).select_related("batch").first()


@transaction.atomic
def forget_some() -> int:
    """Deletes the files that have been kept long enough, and at once those with a badge of somebody who was erased; how
    many."""
    erased = BatchedBadge.objects.exclude(registration__erased_at=None).values("batch")
    old = Q(ended_at__lt=timezone.now() - KEPT)
    batches = list(BadgeBatch.objects.exclude(file="").filter(old | Q(pk__in=erased)))
    BadgeBatch.objects.filter(pk__in=[batch.pk for batch in batches]).update(file="")
    transaction.on_commit(lambda: [batch.file.storage.delete(batch.file.name) for batch in batches])
    return len(batches)
