"""Eight focal points at once: a delegation never has more people than places, and a person is replaced once at a time."""

import pytest

from exhibitors.models import Membership
from forum.registration import delegating, linking
from forum.registration.models import Delegation, PassType, Places, Quota, Registration
from tests.factories import exhibitors
from tests.factories import registration as make
from tests.racing import Refused


def prepare(size):
    made = make.delegation(delegate=size)
    exhibitors.member(made.agency)


def register(name, email=""):
    return delegating.register(
        delegation=Delegation.objects.get(),
        pass_type=PassType.objects.get(),
        user=Membership.objects.get().user,
        name_latin=name,
        email=email,
    ).code


def swap(code, name):
    row = Registration.objects.with_names().get(code=code)
    delegating.swap(registration=row, user=Membership.objects.get().user, name_latin=name, email=f"{name}@example.org")


def withdraw(code):
    row = Registration.objects.with_names().get(code=code)
    delegating.withdraw(registration=row, user=Membership.objects.get().user)


def counts():
    return [Registration.objects.live().count(), Places.objects.get().taken, Quota.objects.get().taken]


@pytest.mark.parametrize("size", [1, 5])
def test_eight_at_once_never_exceed_the_places(race, size):
    race.prepare(prepare, size=size)

    outcomes = race(register, [{"name": f"Person {letter}"} for letter in "abcdefgh"])

    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("places")] * (8 - size)
    assert race.inspect(counts) == [size, size, size]


def test_the_same_person_eight_times_at_once_is_registered_once(race):
    race.prepare(prepare, size=8)

    outcomes = race(register, [{"name": "SOK Dara"}] * 8)

    assert outcomes.count(Refused("registered")) == 7
    assert race.inspect(counts) == [1, 1, 1]


def test_replacing_and_withdrawing_at_once_leave_one_story(race):
    race.prepare(prepare, size=2)
    code = race.prepare(register, name="SOK Dara")

    outcomes = race(swap, [{"code": code, "name": f"Person{letter}"} for letter in "abcd"])

    assert outcomes == [None] * 4
    assert race.inspect(holders) == [(5, 5)]
    race(withdraw, [{"code": code}] * 4)
    assert race.inspect(counts) == [0, 0, 0]


def holders():
    return list(Registration.objects.values_list("holder_no", "epoch"))


def prepare_link():
    made = make.delegation(delegate=3)
    user = exhibitors.member(made.agency)
    (link,) = linking.make(delegation=made, pass_type=PassType.objects.get(), number=1, user=user)
    return link.token


def use(token, name):
    return linking.use(link=linking.find_by_token(token), name_latin=name, email=f"{name}@example.org").code


def revoke(token):
    linking.revoke(link=linking.find_by_token(token), user=Membership.objects.get().user)


def test_of_eight_who_use_one_link_at_once_one_is_registered(race):
    token = race.prepare(prepare_link)

    outcomes = race(use, [{"token": token, "name": f"Person{letter}"} for letter in "abcdefgh"])

    assert outcomes.count(Refused("closed")) == 7
    assert race.inspect(counts) == [1, 1, 1]


def test_a_link_used_and_taken_back_at_once_ends_one_way(race):
    token = race.prepare(prepare_link)

    outcomes = race(use_or_revoke, [{"token": token, "name": f"Person{letter}"} for letter in ["", "", "", "", *"abcd"]])

    people, taken, quota = race.inspect(counts)
    assert (people, taken, quota) in {(1, 1, 1), (0, 0, 0)}
    revoking, using = outcomes[:4], outcomes[4:]
    assert revoking == [Refused("used") if people else None] * 4
    assert using.count(Refused("closed")) == 4 - people


def use_or_revoke(token, name):
    return revoke(token) if name == "Person" else use(token, name)


def test_eight_focal_points_at_once_make_no_more_links_than_places(race):
    race.prepare(prepare_link)

    outcomes = race(make_link, [{}] * 8)

    assert outcomes.count(Refused("places")) == 6
    assert race.inspect(counts) == [0, 3, 0]


def make_link():
    made = linking.make(
        delegation=Delegation.objects.get(), pass_type=PassType.objects.get(), number=1, user=Membership.objects.get().user
    )
    return len(made)
