"""Two desks at once, and the first badges of an edition at once."""

import io

import pikepdf

from forum.badges import batching, handing, keys, printing
from forum.badges.models import Badge, BadgeBatch, BadgePrint, Handover, SigningKey
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


def order_batch(people):
    of = make.pass_type()
    for number in range(people):
        person = make.registration(of, name_latin=f"PERSON {number}")
    return batching.order(edition=person.edition).code


def work():
    while batching.do_next():
        pass


def stop(code):
    batching.cancel(batch=BadgeBatch.objects.get(code=code))


def pages_and_prints():
    while batching.do_next():
        pass
    batch = BadgeBatch.objects.get()
    if not batch.file:
        return [batch.state, 0, BadgePrint.objects.count()]
    with batch.file.open() as file, pikepdf.open(io.BytesIO(file.read())) as paper:
        return [batch.state, len(paper.pages), BadgePrint.objects.count()]


def small_parts(people):
    batching.AT_ONCE = 2
    return order_batch(people)


def test_several_workers_share_a_batch_and_print_everybody_once(race):
    race.prepare(small_parts, people=9)

    race(work, [{}] * 3)

    assert race.inspect(pages_and_prints) == ["done", 9, 9]


def test_stopped_while_workers_draw_every_badge_that_is_printed_comes_out(race):
    code = race.prepare(small_parts, people=9)

    race(_work_or_stop, [{"code": ""}, {"code": code}, {"code": ""}])

    state, pages, prints = race.inspect(pages_and_prints)
    assert (state, pages) == ("cancelled", prints)


def _work_or_stop(code):
    if code:
        stop(code)
    else:
        work()


def print_and_wait():
    person = make.registration()
    printing.print_badges(registrations=[person])
    return person.code


def hand_over(code):
    return handing.hand_over(badge=Badge.objects.current().get(registration__code=code)).pk


def how_many_handed():
    return Handover.objects.standing().count()


def test_of_desks_that_hand_one_badge_over_at_once_one_does(race):
    code = race.prepare(print_and_wait)

    outcomes = race(hand_over, [{"code": code}] * 4)

    assert outcomes.count(Refused("handed")) == 3
    assert race.inspect(how_many_handed) == 1
