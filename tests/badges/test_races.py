"""Two desks at once, and the first badges of an edition at once."""

from forum.badges import keys, printing
from forum.badges.models import Badge, BadgePrint, SigningKey
from forum.registration.models import Registration
from tests.factories import registration as make
from tests.racing import Refused


def prepare():
    return make.registration().code


def print_one(code, reason):
    people = Registration.objects.with_names().filter(code=code)
    return printing.print_badges(registrations=people, reason=reason)[:4].decode()


def how_many():
    return [BadgePrint.objects.count(), Badge.objects.count(), Badge.objects.valid().count()]


def how_many_keys():
    return SigningKey.objects.count()


def first_key(code):
    return keys.of(Registration.objects.get(code=code).edition).code


def test_of_two_desks_that_print_one_badge_at_once_one_prints(race):
    code = race.prepare(prepare)

    outcomes = race(print_one, [{"code": code, "reason": ""}] * 4)

    assert outcomes.count("%PDF") == 1
    assert outcomes.count(Refused("again")) == 3
    assert race.inspect(how_many) == [1, 1, 1]


def test_printed_again_at_two_desks_at_once_the_last_alone_is_valid(race):
    code = race.prepare(prepare)
    race(print_one, [{"code": code, "reason": ""}])

    outcomes = race(print_one, [{"code": code, "reason": "lost"}] * 3)

    assert outcomes == ["%PDF"] * 3
    assert race.inspect(how_many) == [4, 4, 1]


def test_the_first_badges_at_once_are_signed_with_one_key(race):
    code = race.prepare(prepare)

    assert len(set(race(first_key, [{"code": code}] * 6))) == 1
    assert race.inspect(how_many_keys) == 1
