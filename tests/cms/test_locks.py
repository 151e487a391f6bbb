"""A lock belongs to one process at a time."""

import time

from cms import locks


def hold(name, seconds):
    with locks.only_one(name) as alone:
        time.sleep(seconds)
        return alone


def test_one_of_many_processes_gets_the_lock(race):
    assert sorted(race(hold, [{"name": "mail", "seconds": 1}] * 4)) == [False, False, False, True]


def test_different_work_does_not_wait_for_each_other(race):
    assert race(hold, [{"name": "mail", "seconds": 0.3}, {"name": "holds", "seconds": 0.3}]) == [True, True]


def test_the_lock_is_free_afterwards(race):
    assert [race.prepare(hold, name="mail", seconds=0) for _ in range(2)] == [True, True]
