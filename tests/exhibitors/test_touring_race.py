"""Organisers who arrange one tour at the same moment."""

import datetime

from exhibitors.models import Booth, Tour
from exhibitors.touring import arranging
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused


def prepare():
    edition = editions.edition(slug="race")
    starts_at = datetime.datetime.combine(edition.opens_on, datetime.time(9), edition.zone)
    Tour.objects.create(edition=edition, name_en="Guest of honour", starts_at=starts_at)
    for booth in make.booths(make.zone(make.hall(edition)), 4):
        make.booking(booth)
    make.person("root@example.org", is_superuser=True)


def add(code):
    user = make.get_user_model().objects.get(email="root@example.org")
    (stop,) = arranging.add(tour=Tour.objects.get(), booths=[Booth.objects.get(code=code)], user=user)
    return stop.position


def stops():
    return list(Tour.objects.get().stops.order_by("position").values_list("position", "booth__code"))


def test_booths_added_at_once_come_one_after_the_other(race):
    race.prepare(prepare)
    codes = ["A01", "A02", "A03", "A04"]

    positions = race(add, [{"code": code} for code in codes])

    assert race.inspect(stops) == sorted(zip(positions, codes, strict=True))
    assert sorted(positions) == [1, 2, 3, 4]


def test_a_booth_added_by_many_at_once_is_visited_once(race):
    race.prepare(prepare)

    outcomes = race(add, [{"code": "A01"}] * 4)

    assert sorted(outcomes, key=str) == [1] + [Refused("twice")] * 3
    assert race.inspect(stops) == [(1, "A01")]
