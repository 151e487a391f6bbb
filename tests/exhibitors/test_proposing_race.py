"""Processes that ask for, make and cancel one proposal at the same moment."""

from cms.models import Edition
from exhibitors import proposing
from exhibitors.models import AllocationRun
from tests.factories import cms as editions
from tests.factories import proposals
from tests.racing import Refused


def prepare():
    edition = editions.edition(slug="race")
    for booth in proposals.fair(edition, 3):
        proposals.accepted(edition, wishes=[booth])


def ask():
    return proposing.ask(edition=Edition.objects.get(slug="race"), user=None).code


def make_or_cancel(cancels):
    if cancels:
        return proposing.cancel(run=AllocationRun.objects.get(), user=None).state
    while proposing.do_next():
        pass
    return ""


def proposals_there():
    return [(run.state, run.lines.count()) for run in AllocationRun.objects.all()]


def test_of_many_who_ask_at_once_one_gets_a_proposal(race):
    race.prepare(prepare)

    outcomes = race(ask, [{}] * 4)

    assert outcomes.count(Refused("at_work")) == 3
    assert race.inspect(proposals_there) == [("queued", 0)]


def test_many_workers_make_it_once(race):
    race.prepare(prepare)
    race.prepare(ask)

    race(make_or_cancel, [{"cancels": False}] * 4)

    assert race.inspect(proposals_there) == [("done", 3)]


def test_made_and_cancelled_at_once_it_is_one_of_the_two(race):
    race.prepare(prepare)
    race.prepare(ask)

    outcomes = race(make_or_cancel, [{"cancels": False}, {"cancels": True}])

    lines = {"done": 3, "cancelled": 0}
    assert race.inspect(proposals_there) == [(outcomes[1], lines[outcomes[1]])]
