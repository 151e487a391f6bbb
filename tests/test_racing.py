"""The race itself: its processes are real, start together and tell what happened."""

import os

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from wagtail.models import Page

from cms.models import Edition
from tests.factories import cms as make
from tests.racing import Race, Refused


def make_edition():
    make.edition(slug="contested", name_en="nobody's")


def take(name):
    """Takes the edition if nobody has: one conditional UPDATE."""
    if not Edition.objects.filter(slug="contested", name_en="nobody's").update(name_en=name):
        raise ValidationError("It is taken.", code="taken")
    return os.getpid()


def owner():
    return Edition.objects.get(slug="contested").name_en


def fail():
    raise RuntimeError("this process is broken")


def test_processes_race_and_one_wins(race):
    race.prepare(make_edition)

    outcomes = race("tests.test_racing:take", [{"name": f"runner {number}"} for number in range(4)])

    winners = [number for number, outcome in enumerate(outcomes) if outcome != Refused("taken")]
    assert [f"runner {number}" for number in winners] == [race.inspect(owner)]
    assert outcomes[winners[0]] != os.getpid()


def test_a_broken_process_fails_the_test(race):
    with pytest.raises(AssertionError, match="this process is broken"):
        race(fail, [{}, {}])


@pytest.mark.django_db
def test_the_race_leaves_the_tests_database_alone(race):
    race.prepare(make_edition)

    assert list(Edition.objects.values_list("slug", flat=True)) == []
    assert connection.settings_dict["NAME"] != race.database


def stir():
    """Changes, adds and takes away rows of what the migrations wrote, and makes one that they did not."""
    Group.objects.create(name="Added by a race")
    Group.objects.exclude(name="Added by a race").first().delete()
    Page.objects.update(title="Changed by a race")
    make_edition()


def rows() -> list:
    groups = sorted(Group.objects.values_list("name", "permissions"), key=str)
    return [groups, sorted(Page.objects.values_list("path", "title")), Edition.objects.count()]


def test_the_next_race_finds_everything_as_the_migrations_left_it(raced, race):
    before = race.inspect(rows)
    race.prepare(stir)
    assert race.inspect(rows) != before

    again = Race(raced.renew())

    assert again.inspect(rows) == before
