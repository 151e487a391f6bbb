"""Staff register people, with an address or without: nobody twice, and no two people as one."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from post_office.models import Email

from cms.refusals import code_of
from forum.registration import consenting, editing, registering, reminding, signup
from forum.registration.models import PassType, Quota, Registration, key_of_person
from forum.registration.staff_forms import StaffForm
from tests.factories import accounts, cms
from tests.factories import registration as make
from tests.racing import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    return make.pass_type(access="invitation")


def register(of, name="Sok Dara", **fields):
    return registering.register(edition=of.edition, pass_type=of, user=accounts.user(), name_latin=name, **fields)


def refused(act, *args, **kwargs) -> ValidationError:
    with pytest.raises(ValidationError) as refusal:
        act(*args, **kwargs)
    return refusal.value


def test_a_person_without_an_address_is_registered_and_nobody_is_written_to(of):
    person = register(of)

    assert (person.state, person.email, person.has_own_address) == ("confirmed", "", False)
    assert person.reached_by == "No address: letter"
    assert (Email.objects.count(), Quota.objects.get().taken) == (0, 1)


def test_who_has_an_address_is_written_to(of):
    register(of, email="dara@example.org")

    assert [letter.to for letter in Email.objects.all()] == [["dara@example.org"]]


@pytest.mark.parametrize(
    ("before", "typed"),
    [
        ({}, {}),
        ({}, {"name": "DARA Sok"}),
        ({}, {"email": "dara@example.org"}),
        ({"email": "dara@example.org"}, {}),
        ({"email": "dara@example.org"}, {"email": "other@example.org"}),
        ({"name": "Sok Tara", "name_km": "សុខ ដារ៉ា"}, {"name_km": "សុខដារ៉ា"}),
    ],
)
def test_somebody_of_the_same_name_is_looked_at_first(of, before, typed):
    there = register(of, **before)

    doubles = refused(register, of, **typed)
    assert (code_of(doubles), doubles.people) == ("doubles", [there])
    assert Registration.objects.count() == 1
    other = register(of, seen=frozenset({there.code}), **typed)

    assert (other.pk != there.pk, Quota.objects.get().taken) == (True, 2)


def test_namesakes_without_an_address_are_told_apart_by_a_number(of):
    first = register(of)
    second = register(of, seen=frozenset({first.code}))
    signup.withdraw(registration=first)
    third = register(of, seen=frozenset({second.code}))

    assert [row.namesake_no for row in (first, second, third)] == [1, 2, 3]


def test_the_second_press_of_the_button_meets_the_one_registered_by_the_first(of):
    first = register(of)
    second = register(of, seen=frozenset({first.code}))

    assert refused(register, of, seen=frozenset({first.code})).people == [first, second]


def test_the_same_name_and_address_is_the_same_person_whatever_was_seen(of):
    there = register(of, email="dara@example.org")

    refusal = refused(register, of, email="Dara@Example.org", seen=frozenset({there.code}))

    assert code_of(refusal) == "registered"
    assert there.short_code in refusal.messages[0]


def test_who_has_left_and_people_of_other_forums_are_no_doubles(of):
    signup.withdraw(registration=register(of))
    register(make.pass_type(cms.edition("other")))

    assert register(of).is_coming


def test_a_full_pass_is_full_for_staff_too(of):
    Quota.objects.update(size=0)

    assert code_of(refused(register, of)) == "full"


def test_the_database_holds_a_name_without_an_address_once(of):
    register(of)
    twin = Registration(edition=of.edition, pass_type=of, name_latin="Sok Dara")

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


@given(st.text(max_size=40), st.integers(1, 30), st.integers(1, 30))
def test_keys_without_an_address_differ_by_their_number_and_from_every_address(name, number, other):
    key = key_of_person(name, "", number)

    assert (key == key_of_person(name, "", other)) == (number == other)
    assert key != key_of_person(name, f"{number}@example.org")


def test_no_mail_is_tried_for_who_has_no_address(of):
    person = register(of)

    signup.send_link(person)
    assert code_of(refused(signup.renew_link, registration=person)) == "no_address"
    assert Registration.objects.get().epoch == 1
    editing.edit(registration=person, pass_type=of, answers={}, needs={}, name_latin="Sok Tara", email="")

    assert Email.objects.count() == 0


def test_who_has_no_address_is_not_asked_by_mail_whether_they_come(of):
    register(of), register(of, name="Other", email="o@example.org")
    edition = of.edition
    edition.reminder_days = 60
    edition.save()
    Registration.objects.update(registered_at=edition.begins_at - cms.datetime.timedelta(days=90))

    assert [row.name_latin for row in reminding.due(edition)] == ["Other"]


def test_an_address_that_comes_later_is_sent_the_link(of):
    person = register(of)
    Registration.objects.update(link_sent_at="2020-01-01T00:00Z")

    after = editing.edit(
        registration=person, pass_type=of, answers={}, needs={}, name_latin="Sok Dara", email="dara@example.org"
    )

    assert [letter.to for letter in Email.objects.all()] == [["dara@example.org"]]
    assert register(of, seen=frozenset({after.code})).namesake_no == 1


def form(of, **typed):
    typed = {"pass_type": of.slug, "name_latin": "Sok Dara", "language": "km"} | typed
    return StaffForm(typed, edition=of.edition, notice=consenting.noticed(of.edition))


def test_the_form_takes_a_person_with_a_name_alone_and_the_tick_may_wait(of):
    notice = make.notice(of.edition)

    open_one, agreed = form(of), form(of, version="1", agrees="on")

    assert open_one.is_valid() and agreed.is_valid()
    assert (open_one.cleaned_data["notice"], agreed.cleaned_data["notice"]) == (None, notice)
    assert open_one.cleaned_data["seen"] == frozenset()


def test_what_was_shown_counts_only_with_the_second_tick(of):
    assert form(of, shown="ABC DEF").is_valid()
    first, second = form(of, shown="ABC DEF"), form(of, shown="ABC DEF", is_other="on")
    first.is_valid(), second.is_valid()

    assert (first.cleaned_data["seen"], second.cleaned_data["seen"]) == (frozenset(), frozenset({"ABC", "DEF"}))


def prepare():
    make.pass_type()
    accounts.user()


def register_at_once(phone=""):
    of = PassType.objects.select_related("edition").get()
    return registering.register(
        edition=of.edition, pass_type=of, user=get_user_model().objects.get(), name_latin="Sok Dara", phone=phone
    ).code


def register_again(seen):
    of = PassType.objects.select_related("edition").get()
    return registering.register(
        edition=of.edition, pass_type=of, user=get_user_model().objects.get(), name_latin="Sok Dara", seen=frozenset({seen})
    ).code


def counts():
    return [Registration.objects.live().count(), Quota.objects.get().taken]


def test_who_is_registered_between_the_look_and_the_writing_is_met(of, monkeypatch):
    look = registering.likely_doubles

    def look_and_be_overtaken(*args, **kwargs):
        found = look(*args, **kwargs)
        monkeypatch.undo()
        register(of)
        return found

    monkeypatch.setattr(registering, "likely_doubles", look_and_be_overtaken)

    assert code_of(refused(register, of)) == "doubles"


def test_two_desks_that_register_one_person_at_once_make_one(race):
    race.prepare(prepare)

    outcomes = race(register_at_once, [{"phone": f"+855 12 345 67{number}"} for number in range(4)])

    assert outcomes.count(Refused("doubles")) == 3
    assert race.inspect(counts) == [1, 1]


def test_a_confirmation_sent_four_times_at_once_makes_one_namesake(race):
    race.prepare(prepare)
    first = race.prepare(register_at_once)

    outcomes = race(register_again, [{"seen": first}] * 4)

    assert outcomes.count(Refused("doubles")) == 3
    assert race.inspect(counts) == [2, 2]
