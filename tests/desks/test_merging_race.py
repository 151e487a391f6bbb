"""Two who merge at once, and who merges while somebody withdraws or is erased: one registration lives, or none, and every
place is counted once."""

from forum.accounts.models import User
from forum.desks import merging
from forum.registration import erasing, signup
from forum.registration.models import Quota, Registration
from tests.factories import accounts
from tests.factories import registration as make
from tests.racing import Refused


def prepare():
    of = make.pass_type(size=5)
    for name in ("SOK Dara", "SOKH Dara"):
        make.registration(of, name_latin=name)
    accounts.user()


def rows() -> list[Registration]:
    return list(Registration.objects.with_names().order_by("pk"))


def merge(keep, other):
    people = rows()
    merging.merge(keep=people[keep], other=people[other], taken=["phone"], reason="x", user=User.objects.first())
    return "merged"


def withdraw(place):
    signup.withdraw(registration=rows()[place])
    return "withdrawn"


def erase(place):
    erasing.erase(registration=rows()[place])
    return "erased"


def act(name, **which):
    return {"merge": merge, "withdraw": withdraw, "erase": erase}[name](**which)


def counts() -> list[int]:
    return [Registration.objects.live().count(), Quota.objects.get().taken]


def test_two_who_merge_in_both_directions_leave_one(race):
    race.prepare(prepare)

    outcomes = race(merge, [{"keep": 0, "other": 1}, {"keep": 1, "other": 0}] * 2)

    assert race.inspect(counts) == [1, 1]
    assert set(outcomes) == {"merged", Refused("withdrawn")}


def test_who_withdraws_while_staff_merge_gives_each_place_back_once(race):
    race.prepare(prepare)

    race(act, [{"name": "merge", "keep": 0, "other": 1}, {"name": "withdraw", "place": 1}, {"name": "withdraw", "place": 0}])

    assert race.inspect(counts) == [0, 0]


def names() -> set[tuple]:
    """With whether they stand for one person."""
    return {(row.name_latin, bool(row.merged_into_id)) for row in rows()}


def test_who_is_erased_while_staff_merge_is_erased_whole_or_not_merged(race):
    race.prepare(prepare)

    race(act, [{"name": "merge", "keep": 0, "other": 1}, {"name": "erase", "place": 1}] * 2)

    assert race.inspect(names) in ({("–", False), ("–", True)}, {("SOK Dara", False), ("–", False)})
