"""Many processes at once: places never run out twice, nobody is registered twice."""

import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from forum.accounts import factors
from forum.registration import approving, editing, quotas, signup
from forum.registration.models import AccessCode, Decision, PassType, Quota, Registration
from tests.factories import accounts
from tests.factories import registration as make
from tests.racing import Refused

ON_SQLITE = connection.vendor == "sqlite"


def prepare(size):
    make.pass_type(size=size)


def register(name, email):
    (delegate,) = PassType.objects.on_offer(PassType.objects.get().edition)
    return signup.register(edition=delegate.edition, pass_type=delegate, name_latin=name, email=email).code


def register_unguarded(name, email):
    """As ``register``, but for a quota that is read, looked at and then written."""

    def move(before, after):
        quota = after.quotas.get()
        if quota.taken >= quota.size:
            raise quotas.full()
        Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)

    quotas.move_places = move  # in this process, which ends with the race
    return register(name, email)


def withdraw(code):
    signup.withdraw(registration=Registration.objects.with_names().get(code=code))


def counts():
    return [Registration.objects.live().count(), Quota.objects.get().taken]


@pytest.mark.parametrize("size", [1, 5])
def test_eight_at_once_never_exceed_a_quota(race, size):
    race.prepare(prepare, size=size)

    outcomes = race(register, [{"name": f"Person {letter}", "email": f"{letter}@example.org"} for letter in "abcdefgh"])

    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert refusals == [Refused("full")] * (8 - size)
    assert race.inspect(counts) == [size, size]


def crowd(number):
    return [{"name": f"Person {chr(97 + n % 26)}{chr(97 + n // 26)}", "email": f"p{n}@example.org"} for n in range(number)]


@pytest.mark.skipif(ON_SQLITE, reason="a transaction that will write waits there from its first word on")
def test_the_rig_sees_a_quota_that_is_only_looked_at(race):
    race.prepare(prepare, size=5)

    race(register_unguarded, crowd(32))

    assert race.inspect(counts)[0] > 5


@pytest.mark.skipif(ON_SQLITE, reason="eight are as many as write there at once")
def test_sixty_four_at_once_sell_fifty_places(race):
    race.prepare(prepare, size=50)

    outcomes = race(register, crowd(64))

    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("full")] * 14
    assert race.inspect(counts) == [50, 50]


def lower(size):
    """What the page of the quota answers to an organiser who makes it that small."""
    factors.is_demanded = lambda user: False  # in this process, which ends with the race
    client, quota = Client(headers={"host": "localhost"}), Quota.objects.get()
    client.force_login(accounts.user(is_superuser=True))
    address = reverse("wagtailsnippets_registration_quota:edit", args=[quota.pk])
    return client.post(address, {"edition": quota.edition_id, "name": quota.name, "size": size}).status_code


def lower_or_register(name, email):
    return register(name, email) if name else lower(2)


def lower_slowly(name, email):
    """As ``lower_or_register``; who lowers looks first, and saves when places were taken."""

    def clean(self, check=Quota.clean):
        check(self)
        until = time.monotonic() + 10
        while Quota.objects.get().taken < 3 and time.monotonic() < until:
            time.sleep(0.02)

    Quota.clean = clean  # in this process, which ends with the race
    return lower_or_register(name, email)


@pytest.mark.parametrize("act", [lower_or_register, lower_slowly])
@pytest.mark.skipif(ON_SQLITE, reason="a transaction that will write waits there from its first word on")
def test_a_quota_that_is_lowered_while_people_register_is_refused_with_a_sentence(race, act):
    race.prepare(prepare, size=5)

    answer, *outcomes = race(act, [{"name": "", "email": ""}, *crowd(8)])

    live, taken = race.inspect(counts)
    size = race.inspect(size_of_quota)
    assert (answer, size) in [(302, 2), (200, 5)]
    assert live == taken == size
    assert outcomes.count(Refused("full")) == 8 - size
    assert act != lower_slowly or answer == 200


def size_of_quota():
    return Quota.objects.get().size


def test_the_same_person_eight_times_at_once_is_registered_once(race):
    race.prepare(prepare, size=100)

    codes = race(register, [{"name": "SOK Dara", "email": "dara@example.org"}] * 8)

    assert len(set(codes)) == 1
    assert race.inspect(counts) == [1, 1]


def test_withdrawing_four_times_at_once_frees_one_place(race):
    race.prepare(prepare, size=5)
    codes = [race.prepare(register, name=f"P {x}", email=f"{x}@example.org") for x in "ab"]

    race(withdraw, [{"code": codes[0]}] * 4)

    assert race.inspect(counts) == [1, 1]


def prepare_code(uses):
    make.access_code(make.pass_type(slug="speaker", access="code", size=100), uses=uses)


def register_with_code(name, email):
    code = AccessCode.objects.get()
    of = code.pass_type
    return signup.register(edition=of.edition, pass_type=of, name_latin=name, email=email, code=code.code).code


def uses():
    return [Registration.objects.live().count(), AccessCode.objects.get().taken, Quota.objects.get().taken]


@pytest.mark.parametrize("allowed", [1, 5])
def test_eight_at_once_never_use_a_code_more_often_than_allowed(race, allowed):
    race.prepare(prepare_code, uses=allowed)

    outcomes = race(register_with_code, [{"name": f"Person {x}", "email": f"{x}@example.org"} for x in "abcdefgh"])

    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert refusals == [Refused("code_used")] * (8 - allowed)
    assert race.inspect(uses) == [allowed, allowed, allowed]


def prepare_two_passes(size):
    """One person on a delegate's pass, and a pass for media with so many places."""
    delegate = make.pass_type(size=100)
    make.pass_type(delegate.edition, slug="media", size=size)


def change_pass(code, slug):
    row = Registration.objects.with_names().get(code=code)
    to = PassType.objects.get(slug=slug)
    return editing.edit(registration=row, pass_type=to, answers={}, needs={}).pass_type.slug


def register_delegate(name):
    delegate = PassType.objects.select_related("edition").get(slug="delegate")
    address = f"{name}@example.org"
    return signup.register(edition=delegate.edition, pass_type=delegate, name_latin=name, email=address).code


def change_or_withdraw(code, slug):
    try:
        return change_pass(code, slug) if slug else withdraw(code)
    except ValidationError as refusal:
        return refusal.code  # who came after the withdrawal


def held():
    live = Registration.objects.live()
    return [
        (slug, live.filter(pass_type__slug=slug).count(), Quota.objects.get(name=f"{slug} places").taken)
        for slug in ("delegate", "media")
    ]


def test_eight_who_change_to_a_pass_of_three_are_three(race):
    race.prepare(prepare_two_passes, size=3)
    codes = [race.prepare(register_delegate, name=letter) for letter in "abcdefgh"]

    outcomes = race(change_pass, [{"code": code, "slug": "media"} for code in codes])

    assert sorted(map(str, outcomes)) == sorted([str(Refused("full"))] * 5 + ["media"] * 3)
    assert race.inspect(held) == [("delegate", 5, 5), ("media", 3, 3)]


def test_places_are_those_held_after_changes_and_a_withdrawal_at_once(race):
    race.prepare(prepare_two_passes, size=3)
    code = race.prepare(register_delegate, name="a")

    race(change_or_withdraw, [{"code": code, "slug": slug} for slug in ("media", "delegate", "media", None) * 2])

    assert race.inspect(held) == [("delegate", 0, 0), ("media", 0, 0)]


def prepare_applied():
    return make.registration(make.pass_type(needs_organiser=True)).code


def decide(code, is_yes):
    row = Registration.objects.get(code=code)
    return approving.decide(registration=row, step="organiser", is_yes=is_yes, reason="x", user=None).state


def decided():
    return [Decision.objects.count(), Registration.objects.get().state, Quota.objects.get().taken]


def test_of_many_who_decide_at_once_one_does(race):
    code = race.prepare(prepare_applied)

    outcomes = race(decide, [{"code": code, "is_yes": bool(number % 2)} for number in range(6)])

    (state,) = [outcome for outcome in outcomes if not isinstance(outcome, Refused)]
    assert outcomes.count(Refused("step")) == 5
    assert race.inspect(decided) == [1, state, int(state == "confirmed")]
