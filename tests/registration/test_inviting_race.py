"""Many at once: a guest's replies end in one story, numbers are given once and in a row."""

import hashlib

import pytest

from forum.documents.models import IssuedDocument
from forum.registration import inviting, replying, signup
from forum.registration.models import Guest, Quota, Registration
from tests.factories import registration as make
from tests.racing import Refused


def prepare(guests, size=100):
    of = make.guest_list(make.pass_type(size=size), companions=2)
    return [make.guest(of).code for _number in range(guests)]


def number(code):
    return inviting.number(guest=Guest.objects.get(code=code)).letter_number


def test_eight_letters_numbered_at_once_have_eight_numbers_in_a_row(race):
    codes = race.prepare(prepare, guests=8)

    assert sorted(race(number, [{"code": code} for code in codes])) == list(range(1, 9))


def test_one_letter_numbered_eight_times_at_once_has_one_number(race):
    (code,) = race.prepare(prepare, guests=1)

    assert race(number, [{"code": code}] * 8) == [1] * 8


def issue(code):
    guest = Guest.objects.with_names().get(code=code)
    made = inviting.issue(guests=[guest])
    return made.letters[0].checked_at, hashlib.sha256(made.papers[0]).hexdigest()


def issued():
    return list(IssuedDocument.objects.values_list("code", "sha256")), Guest.objects.get().document.link


def test_one_letter_issued_four_times_at_once_is_one_paper(race):
    (code,) = race.prepare(prepare, guests=1)
    race.inspect(number, code=code)

    papers = race(issue, [{"code": code}] * 4)

    ((_code, sha256),), link = race.inspect(issued)
    assert set(papers) == {(link, sha256)}


def reply(code, what, name=""):
    person = {"name_latin": name, "email": f"{name[:4].strip()}@example.org"} if name else None
    guest = Guest.objects.get(code=code)
    return str(
        replying.reply(guest=guest, reply=what, representative=person, companions=[{"name_latin": "LIM Sophea"}]).reply
    )


def story():
    """The reply, who comes, and the places taken."""
    people = Registration.objects.live().order_by("is_companion").values_list("name_latin", flat=True)
    return Guest.objects.get().reply, list(people), Quota.objects.get().taken


def test_the_same_reply_eight_times_at_once_is_one(race):
    (code,) = race.prepare(prepare, guests=1)

    race(reply, [{"code": code, "what": "represented", "name": "CHAN Bopha"}] * 8)

    assert race.inspect(story) == ("represented", ["CHAN Bopha", "LIM Sophea"], 2)


def test_different_replies_at_once_end_in_one_consistent_state(race):
    (code,) = race.prepare(prepare, guests=1)

    race(reply, [{"code": code, "what": what, "name": name} for what, name in [
        ("attending", ""), ("represented", "CHAN Bopha"), ("regrets", ""), ("represented", "KEO Vanna")] * 2])  # fmt: skip

    said, people, taken = race.inspect(story)
    assert taken == len(people) == (0 if said == "regrets" else 2)


@pytest.mark.parametrize("size", [2, 6])
def test_guests_who_reply_at_once_never_exceed_the_quota(race, size):
    codes = race.prepare(prepare, guests=8, size=size)

    outcomes = race(reply, [{"code": code, "what": "attending"} for code in codes])

    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("full")] * (8 - size // 2)
    assert race.inspect(places) == (size, size)


def places():
    return Registration.objects.live().count(), Quota.objects.get().taken


def withdraw_or_reply(code, what):
    if what == "withdraw":
        signup.withdraw(registration=Registration.objects.get(is_companion=False))
        return what
    return reply(code, what)


def test_withdrawing_on_the_own_page_and_replying_at_once_end_in_one_consistent_state(race):
    (code,) = race.prepare(prepare, guests=1)
    race.prepare(reply, code=code, what="attending")

    race(withdraw_or_reply, [{"code": code, "what": what} for what in ("withdraw", "attending") * 3])

    said, people, taken = race.inspect(story)
    assert taken == len(people) == (0 if said == "regrets" else 2)
