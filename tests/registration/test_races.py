"""Eight processes at once: places never run out twice, nobody is registered twice."""

import pytest

from forum.registration import signup
from forum.registration.models import AccessCode, PassType, Quota, Registration
from tests.factories import registration as make
from tests.racing import Refused


def prepare(size):
    make.pass_type(size=size)


def register(name, email):
    (delegate,) = PassType.objects.on_offer(PassType.objects.get().edition)
    return signup.register(edition=delegate.edition, pass_type=delegate, name_latin=name, email=email).code


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
