"""Offers under a race, and everything that can happen to places in any order."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cms.refusals import code_of
from forum.registration import signup, tasks, waiting
from forum.registration.models import Offer, PassType, Quota, Registration
from tests.factories import registration as make
from tests.racing import Refused


def prepare(free, queue):
    """``free`` places that fell free while so many wait."""
    of = make.pass_type(size=free, has_waiting_list=True)
    coming = [make.registration(of) for _person in range(free)]
    for _person in range(queue):
        make.registration(of)
    for person in coming:
        signup.withdraw(registration=person)


def sweep():
    return tasks.see_to_waiting_lists()


def offer_all():
    tasks.see_to_waiting_lists()
    return [row.code for row in Registration.objects.filter(offers__state="open")]


def end():
    Offer.objects.update(until=timezone.now() - datetime.timedelta(hours=1))


def take_or_leave(code, act):
    row = Registration.objects.with_names().get(code=code)
    if act == "take":
        return waiting.take(registration=row).state
    if act == "lapse":
        return waiting.lapse(registration=row)
    return signup.withdraw(registration=row).state


def counts():
    people = Registration.objects
    return {
        "coming": people.coming().count(),
        "open": Offer.objects.open().count(),
        "taken": Quota.objects.get().taken,
    }


def test_eight_sweeps_at_once_offer_each_place_once(race):
    race.prepare(prepare, free=3, queue=6)

    race(sweep, [{}] * 8)

    assert race.inspect(counts) == {"coming": 0, "open": 3, "taken": 3}


@pytest.mark.parametrize("other", ["leave", "take"])
def test_taking_an_offer_at_the_moment_of_leaving_or_twice_counts_one_place(race, other):
    race.prepare(prepare, free=1, queue=1)
    (code,) = race.prepare(offer_all)

    race(take_or_leave, [{"code": code, "act": act} for act in ("take", other) * 4])

    found = race.inspect(counts)
    assert found["taken"] == found["coming"] + found["open"]
    assert found["open"] == 0


def test_an_offer_lapses_once_for_eight_who_end_it(race):
    race.prepare(prepare, free=1, queue=1)
    (code,) = race.prepare(offer_all)
    race.prepare(end)

    outcomes = race(take_or_leave, [{"code": code, "act": "lapse"}] * 8)

    assert sorted(outcomes) == [False] * 7 + [True]
    assert race.inspect(counts) == {"coming": 0, "open": 0, "taken": 0}
    assert isinstance(race(take_or_leave, [{"code": code, "act": "take"}])[0], Refused)


class Places(RuleBasedStateMachine):
    """People come, wait, are offered places, take them, let them lapse and leave, in any order."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.of = make.pass_type(size=2, has_waiting_list=True)

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def somebody(self, number):
        people = list(Registration.objects.with_names().order_by("id"))
        return people[number % len(people)] if people else None

    def try_to(self, act, number):
        if person := self.somebody(number):
            try:
                act(registration=person)
            except ValidationError as refusal:
                assert code_of(refusal) in {"no_offer", "not_waiting", "offered", "full"}

    @rule()
    def come(self):
        make.registration(PassType.objects.get(pk=self.of.pk))

    @rule(number=st.integers(0, 9))
    def leave(self, number):
        self.try_to(signup.withdraw, number)

    @rule()
    def sweep(self):
        tasks.see_to_waiting_lists()

    @rule(number=st.integers(0, 9))
    def take(self, number):
        self.try_to(waiting.take, number)

    @rule(number=st.integers(0, 9))
    def offer(self, number):
        self.try_to(waiting.offer, number)

    @rule(number=st.integers(0, 9))
    def withdraw_offer(self, number):
        self.try_to(waiting.withdraw_offer, number)

    @rule(number=st.integers(0, 9))
    def wait_again(self, number):
        self.try_to(waiting.wait_again, number)

    @rule()
    def time_passes(self):
        Offer.objects.open().update(until=timezone.now() - datetime.timedelta(seconds=1))

    @invariant()
    def every_place_is_held_once(self):
        quota = Quota.objects.get()
        coming = Registration.objects.coming().count()
        assert quota.taken == coming + Offer.objects.open().count() <= quota.size

    @invariant()
    def only_who_waits_has_an_offer(self):
        assert not Offer.objects.open().exclude(registration__state="waiting").exists()


@pytest.mark.django_db
def test_places_are_held_by_those_who_come_and_those_who_are_offered_one():
    run_state_machine_as_test(Places, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
