"""Proposals of booths for all accepted applications, made in the background.

A proposal that is asked for is a row; a task only says that there is something to do. Whoever makes one holds it for a
while: a worker that dies is replaced, and what one brings too late, or after the proposal was cancelled, is thrown away.
"""

import datetime
import logging
import secrets
from collections.abc import Iterable
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult
from wagtail.log_actions import log

from cms.models import Edition
from exhibitors import posing
from exhibitors.models import AllocationLine, AllocationRun, Application, Booth
from exhibitors.placing import Problem, Rule, Weights

HELD = datetime.timedelta(minutes=5)  # solving takes a minute, finding the reasons not half as long
SECONDS = 60  # of solving
TRIES = 3
SEEDS = 10**9

State = AllocationRun.State

logger = logging.getLogger(__name__)


@transaction.atomic
def ask(*, edition: Edition, user, seed: int | None = None, weights: Weights | None = None) -> AllocationRun:
    """A proposal that a worker will make; without a ``seed`` one is drawn.

    Refuses with ``forbidden`` (``user`` is None at the command line), ``over``, ``none`` where nobody waits for a booth,
    ``pin`` where a pin cannot be kept, and ``at_work`` while another one of the edition is made.
    """
    refuse_stranger(user)
    refuse_needless(edition)
    try:
        with transaction.atomic():
            run = AllocationRun.objects.create(
                edition=edition,
                seed=secrets.randbelow(SEEDS) if seed is None else seed,
                weights=asdict(weights or Weights()),
                asked_by=user,
            )
    except IntegrityError:  # of this index: nothing else can refuse these columns
        raise ValidationError(_("A proposal is being made already. Wait for it, or cancel it."), code="at_work") from None
    log(instance=run, action="exhibitors.ask_proposal", user=user, data={"seed": run.seed})
    transaction.on_commit(work.enqueue)
    return run


@transaction.atomic
def cancel(*, run: AllocationRun, user) -> AllocationRun:
    """Whatever comes out of it is thrown away. Once more, and after its end, it changes nothing."""
    refuse_stranger(user)
    working = AllocationRun.objects.at_work().filter(pk=run.pk)
    if working.exists() and working.update(state=State.CANCELLED, ended_at=timezone.now()):
        log(instance=run, action="exhibitors.cancel_proposal", user=user)
    run.refresh_from_db()
    return run


@transaction.atomic
def pin(*, application: Application, booth: Booth | None, user) -> Application:
    """Every proposal from now on places it there and nobody else; None lets it go. Once more changes nothing.

    Refuses with ``forbidden``, ``edition``, ``state`` of an application that wants no booth, ``pavilion`` of a booth in
    one, and ``pinned`` where another one is pinned to the booth.
    """
    refuse_stranger(user)
    row = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if booth and booth.edition_id != row.edition_id:
        raise ValidationError(_("The booth belongs to another forum."), code="edition")
    if booth and not row.is_live:
        raise ValidationError(_("This application wants no booth any more."), code="state")
    if row.pin_id == (booth and booth.pk):
        return row
    booth = booth and Booth.objects.select_for_update(no_key=True).get(pk=booth.pk)
    if booth and booth.pavilion_id:
        raise ValidationError(_("Booth %(booth)s belongs to a pavilion.") % {"booth": booth}, code="pavilion")
    pinned = ValidationError(_("Another application is pinned to this booth."), code="pinned")
    if booth and booth.pinned.live().exists():
        raise pinned
    row.pin = booth
    try:
        with transaction.atomic():
            row.save(update_fields=["pin"])
    except IntegrityError:  # another one at this moment; nothing else can refuse this column
        raise pinned from None
    log(instance=row, action="exhibitors.pin", user=user, data={"booth": booth.code if booth else ""})
    return row


@task()
def work() -> None:
    """Makes one proposal that is due, and says so if there may be more. Safe to run twice, and at any time."""
    if do_next():
        work.enqueue()


def see_to() -> None:
    """For what has no task any more: that of a worker which died, or was lost otherwise."""
    if _due().exists() and not DBTaskResult.objects.ready().filter(task_path=work.module_path).exists():
        work.enqueue()


def do_next() -> bool:
    """Makes one proposal; whether one was due. What goes wrong stays held, and so rests for a while."""
    run = _held()
    if run is None:
        return False
    if run.tries > TRIES:  # also where each try ended the worker
        _fail(run)
        return True
    try:
        _make(run)
    except ValidationError:  # nobody waits any more, or a pin cannot be kept: another try would say the same
        _fail(run)
    except Exception:
        logger.exception("Proposal %s could not be made", run.code)
    return True


def refuse_stranger(user) -> None:
    """Proposing and offering is for who decides on applications; None is the command line."""
    if user is not None and not user.has_perm("exhibitors.decide_application"):
        raise ValidationError(_("Only an exhibition manager proposes and offers booths."), code="forbidden")


def refuse_needless(edition: Edition) -> None:
    """With ``over``, ``none`` or ``pin``, as ``ask`` says."""
    if edition.is_over:
        raise ValidationError(_("This forum is over; its booths can no longer be given."), code="over")
    if not posing.waiting(edition).exists():
        raise ValidationError(_("No accepted application waits for a booth."), code="none")
    if obstacles := posing.obstacles(edition):
        raise ValidationError([ValidationError(sentence, code="pin") for sentence in obstacles])


def solve(edition: Edition, weights: Weights, seed: int) -> tuple:
    """The question, its answer, a line for each application and the conflicts; nothing is written."""
    from exhibitors.placing import reasons, solving  # noqa: PLC0415 – SciPy's 70 MB are for who solves alone

    problem = posing.pose(edition, weights)
    result = solving.solve(problem, seed=seed, seconds=SECONDS)
    return problem, result, *reasons.explain(problem, result)


def plain_line(problem: Problem, line) -> dict:
    """A line as it is kept and taken out as a file: codes alone, ranks from one."""
    return {
        "application": line.application,
        "booth": line.booth,
        "rank": None if line.rank is None else line.rank + 1,
        "is_pinned": line.application in problem.pins,
        "reasons": [_plain_reason(problem, line.application, reason) for reason in line.reasons],
    }


def plain_conflict(conflict) -> dict:
    return {"rules": list(conflict.rules), "applications": list(conflict.applications), "booths": conflict.booths}


def weights_of(run: AllocationRun) -> Weights:
    return Weights(**(run.weights | {"ranks": tuple(run.weights["ranks"])}))


def _plain_reason(problem, key, reason):
    rules, whom = list(reason.rules), list(reason.with_whom)
    keepers = [other for other, booth in problem.pins.items() if booth == reason.wish.booth and other != key]
    if keepers:  # to the solver the booth is of a class of its own
        rules, whom = [Rule.PINNED], keepers
    return {
        "wish": {name: value for name, value in reason.wish._asdict().items() if value},
        "rules": rules,
        "with": whom,
        "gain": reason.gain,
        "their_gain": reason.their_gain,
        "costs": reason.costs,
    }


def _due():
    return AllocationRun.objects.at_work().filter(Q(held_until=None) | Q(held_until__lt=timezone.now()))


def _held() -> AllocationRun | None:
    """The first that nobody else takes at the same moment, held from now on."""
    for run in _due().order_by("pk"):
        changes = {"state": State.RUNNING, "held_until": timezone.now() + HELD, "tries": F("tries") + 1}
        if _due().filter(pk=run.pk).update(**changes):
            return AllocationRun.objects.select_related("edition").get(pk=run.pk)
    return None


def _fail(run):
    AllocationRun.objects.at_work().filter(pk=run.pk).update(state=State.FAILED, ended_at=timezone.now())


def _make(run):
    refuse_needless(run.edition)
    problem, result, lines, conflicts = solve(run.edition, weights_of(run), run.seed)
    with transaction.atomic():
        # Counted tries tell this worker's hold from that of who took over.
        mine = AllocationRun.objects.at_work().filter(pk=run.pk, tries=run.tries)
        is_mine = mine.update(
            state=State.DONE,
            ended_at=timezone.now(),
            digest=problem.digest,
            question=problem.plain,
            score=result.score,
            bound=result.bound,
            seconds=result.seconds,
            conflicts=[plain_conflict(conflict) for conflict in conflicts],
        )
        if is_mine:
            _write_lines(run, [plain_line(problem, line) for line in lines])


def _write_lines(run, lines: Iterable[dict]):
    applications = dict(Application.objects.filter(edition=run.edition).values_list("code", "pk"))
    booths = dict(Booth.objects.filter(edition=run.edition).values_list("code", "pk"))
    AllocationLine.objects.bulk_create(
        AllocationLine(
            run=run,
            application_id=applications[line["application"]],
            booth_id=booths.get(line["booth"]),
            rank=line["rank"],
            is_pinned=line["is_pinned"],
            reasons=line["reasons"],
        )
        for line in lines
    )
