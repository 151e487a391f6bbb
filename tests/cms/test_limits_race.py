"""Processes that count at the same moment: nobody's one is lost."""

from django.core.cache import caches

TIMES, PROCESSES = 25, 6
FAR = 4_000_000_000


def count_many():
    return [caches["default"].count({"limit:a": FAR, "limit:b": FAR}) for _time in range(TIMES)]


def test_counts_of_many_processes_are_exact(race):
    counted = [pair for pairs in race(count_many, [{}] * PROCESSES) for pair in pairs]

    assert sorted(first for first, _second in counted) == list(range(1, TIMES * PROCESSES + 1))
    assert sorted(second for _first, second in counted) == list(range(1, TIMES * PROCESSES + 1))
