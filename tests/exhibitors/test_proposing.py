"""Proposals: asked for, made once whoever dies meanwhile, cancelled, kept with why nobody got better."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from exhibitors import posing, proposing, tasks
from exhibitors.models import AllocationLine, AllocationRun
from exhibitors.placing import Weights
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def organiser():
    return make.exhibition_manager(email="organiser@example.org")


@pytest.fixture
def two_for_one(edition):
    """The same booth is the first wish of two; there is another one."""
    first, second = proposals.fair(edition, 2)
    light = proposals.accepted(edition, "Ministry of Light", wishes=[first, second])
    heavy = proposals.accepted(edition, "Ministry of Weight", wishes=[first, second], weight=2)
    return light, heavy, first, second


def ask(edition, user=None, **options):
    return proposing.ask(edition=edition, user=user, **options)


def made(run):
    while proposing.do_next():
        pass
    run.refresh_from_db()
    return run


def refusal(edition, user=None):
    before = AllocationRun.objects.count()
    with pytest.raises(ValidationError) as caught:
        ask(edition, user)
    assert AllocationRun.objects.count() == before
    return code_of(caught.value), caught.value.messages


def queued():
    return DBTaskResult.objects.filter(task_path="exhibitors.proposing.work").count()


def let_go(run):
    AllocationRun.objects.filter(pk=run.pk).update(held_until=timezone.now() - datetime.timedelta(seconds=1))


def test_a_proposal_says_who_stands_where_which_wish_that_is_and_why_none_better(edition, two_for_one, organiser):
    light, heavy, first, second = two_for_one

    run = made(ask(edition, organiser, seed=7, weights=Weights(ranks=(100, 60))))

    assert (run.state, run.seed, run.score, run.bound, run.is_optimal, run.gap) == ("done", 7, 260, 260, True, 0)
    assert run.digest == posing.pose(edition, Weights(ranks=(100, 60))).digest
    assert run.conflicts == []
    lines = {line.application: line for line in run.lines.select_related("application", "booth")}
    assert (lines[heavy].booth, lines[heavy].rank, lines[heavy].reasons) == (first, 1, [])
    assert (lines[light].booth, lines[light].rank) == (second, 2)
    taken = {"wish": {"booth": "A01"}, "rules": ["taken"], "with": [heavy.code], "gain": 100, "their_gain": 200}
    assert lines[light].reasons == [taken | {"costs": None}]
    history = ModelLogEntry.objects.values_list("action", "user__email", "object_id")
    assert list(history) == [("exhibitors.ask_proposal", "organiser@example.org", str(run.pk))]


def test_the_same_seed_proposes_the_same(edition):
    for _each in range(4):
        proposals.accepted(edition)
    proposals.fair(edition, 4)

    first, again = (made(ask(edition, seed=3)) for _each in range(2))

    assert list(first.lines.values_list("application", "booth")) == list(again.lines.values_list("application", "booth"))


def test_without_a_seed_one_is_drawn_and_kept(edition, two_for_one):
    assert 0 <= ask(edition).seed < proposing.SEEDS


def test_who_fits_nowhere_is_told_with_the_rules(edition):
    proposals.fair(edition, 1)
    row = proposals.accepted(edition, least_area=50, needs_access=True)

    run = made(ask(edition))

    assert run.conflicts == [{"rules": ["size", "accessible"], "applications": [row.code], "booths": 0}]
    assert list(run.lines.values_list("application", "booth", "rank")) == [(row.pk, None, None)]


def test_who_is_pinned_stands_there_and_who_wished_it_is_told_so(edition, two_for_one):
    light, heavy, first, second = two_for_one
    light.pin = first
    light.save()

    run = made(ask(edition))

    lines = {line.application: line for line in run.lines.select_related("application", "booth")}
    assert (lines[light].booth, lines[light].is_pinned) == (first, True)
    assert (lines[heavy].booth, lines[heavy].is_pinned) == (second, False)
    (reason,) = lines[heavy].reasons
    assert (reason["rules"], reason["with"]) == (["pinned"], [light.code])


def test_a_stranger_asks_for_none(edition, two_for_one):
    assert refusal(edition, make.person())[0] == "forbidden"


def test_where_nobody_waits_none_is_made(edition):
    proposals.fair(edition)

    assert refusal(edition)[0] == "none"


def test_for_a_forum_that_is_over_none_is_made():
    over = editions.edition(opens_on=datetime.date(2020, 1, 1), closes_on=datetime.date(2020, 1, 2))
    proposals.fair(over)
    proposals.accepted(over)

    assert refusal(over)[0] == "over"


def test_a_pin_that_cannot_be_kept_is_told_before(edition, two_for_one):
    light, _heavy, first, _second = two_for_one
    light.pin = first
    light.save()
    make.booking(first)

    assert refusal(edition) == ("pin", ["Ministry of Light is pinned to booth A01, which is taken or not published."])


def test_one_is_made_at_a_time(edition, two_for_one):
    first = ask(edition)
    assert refusal(edition)[0] == "at_work"

    made(first)
    assert made(ask(edition)).state == "done"
    proposals.run(edition, "queued")
    with pytest.raises(IntegrityError), transaction.atomic():
        proposals.run(edition, "running")


def test_a_task_is_queued_when_it_is_written_and_again_by_the_sweep(
    edition, two_for_one, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run = ask(edition)
    assert queued() == 1

    tasks.make_proposals()
    assert queued() == 1, "it has its task"
    DBTaskResult.objects.all().delete()
    tasks.make_proposals()
    assert queued() == 1, "that of a worker that died"

    made(run)
    DBTaskResult.objects.all().delete()
    tasks.make_proposals()
    assert queued() == 0


def test_a_worker_that_dies_is_replaced(edition, two_for_one):
    run = ask(edition)
    assert proposing._held() == run
    assert not proposing.do_next(), "it is held"

    let_go(run)

    assert made(run).state == "done"
    assert run.lines.count() == 2


def test_what_came_too_late_is_thrown_away(edition, two_for_one):
    run = ask(edition)
    late = proposing._held()
    let_go(run)
    proposing._held()

    proposing._make(late)

    assert AllocationRun.objects.get(pk=run.pk).state == "running"
    assert AllocationLine.objects.count() == 0


def test_after_three_tries_it_has_failed_and_another_one_may_be_asked_for(edition, two_for_one, monkeypatch, caplog):
    def fail(*args):
        raise RuntimeError("no")

    monkeypatch.setattr(proposing, "solve", fail)
    run = ask(edition)
    for _try in range(3):
        assert proposing.do_next()
        run.refresh_from_db()
        assert run.state == "running"
        let_go(run)

    made(run)

    assert (run.state, run.lines.count()) == ("failed", 0)
    assert [record.getMessage() for record in caplog.records] == [f"Proposal {run.code} could not be made"] * 3
    assert ask(edition).state == "queued"


def test_a_pin_that_is_lost_while_it_waits_ends_it_at_once(edition, two_for_one):
    light, _heavy, first, _second = two_for_one
    light.pin = first
    light.save()
    run = ask(edition)
    make.booking(first)

    assert made(run).state == "failed"


def test_a_cancelled_proposal_is_not_made_and_what_comes_of_it_thrown_away(edition, two_for_one, organiser):
    run = ask(edition)
    late = proposing._held()

    proposing.cancel(run=run, user=organiser)
    proposing._make(late)
    made(run)

    assert (run.state, run.lines.count(), run.score) == ("cancelled", 0, None)
    history = ModelLogEntry.objects.filter(action="exhibitors.cancel_proposal")
    assert [entry.user for entry in history] == [organiser]


def test_cancelling_once_more_or_afterwards_changes_nothing(edition, two_for_one, organiser):
    run = made(ask(edition))

    assert proposing.cancel(run=run, user=organiser).state == "done"
    stopped = proposing.cancel(run=ask(edition), user=organiser)
    assert proposing.cancel(run=stopped, user=organiser).ended_at == stopped.ended_at
    assert ModelLogEntry.objects.filter(action="exhibitors.cancel_proposal").count() == 1


def test_a_stranger_cancels_none(edition, two_for_one):
    run = ask(edition)

    with pytest.raises(ValidationError) as caught:
        proposing.cancel(run=run, user=make.person())

    assert code_of(caught.value) == "forbidden"
    run.refresh_from_db()
    assert run.state == "queued"
