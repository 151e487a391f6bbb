"""Delegations: naming people, replacing and withdrawing them, within the delegation's places and the forum's."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.badges import printing
from forum.badges.models import Badge
from forum.registration import delegating, editing, erasing, helping, signup
from forum.registration.models import AccessNeeds, PassType, Places, Quota, Registration
from tests.factories import exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
DARA = {"name_latin": "SOK Dara", "email": "dara@example.org"}


@pytest.fixture
def delegation():
    return make.delegation(delegate=3)


@pytest.fixture
def focal(delegation):
    return exhibitors.member(delegation.agency, email="focal@example.org")


def counts():
    return [Places.objects.get().taken, Quota.objects.get().taken, Registration.objects.live().count()]


def refused(act, **arguments):
    with pytest.raises(ValidationError) as refusal:
        act(**arguments)
    return code_of(refusal.value)


def test_a_person_takes_a_place_of_the_delegation_and_one_of_the_forum(delegation, focal):
    person = make.delegate(delegation, focal, **DARA, name_km="សុខ ដារ៉ា")

    assert counts() == [1, 1, 1]
    assert (person.delegation, person.agency, person.email) == (delegation, delegation.agency, "dara@example.org")
    letter = Email.objects.get()
    assert letter.to == ["dara@example.org"]
    assert person.token in letter.message
    assert ModelLogEntry.objects.get().user == focal


def test_who_has_no_address_is_written_to_by_the_focal_point(delegation, focal):
    person = make.delegate(delegation, focal, name_latin="SOK Dara", email="")

    assert (person.email, person.contact_name) == ("", delegation.agency.name_en)
    assert (person.contact_email, person.contact_role, person.receives) == ("focal@example.org", "focal", "contact")
    assert not person.has_own_address
    assert Email.objects.get().to == ["focal@example.org"]


def test_two_people_without_an_address_are_two(delegation, focal):
    for name in ("SOK Dara", "CHAN Bopha"):
        make.delegate(delegation, focal, name_latin=name, email="")

    assert counts() == [2, 2, 2]


def test_a_person_without_an_address_is_not_named_twice_by_two_focal_points(delegation, focal):
    make.delegate(delegation, focal, name_latin="SOK Dara", email="")

    other = exhibitors.member(delegation.agency)
    assert refused(make.delegate, of=delegation, user=other, name_latin="Dara SOK", email="") == "registered"


def test_who_is_registered_already_takes_no_second_place(delegation, focal):
    make.registration(of=PassType.objects.get(), **DARA)

    assert refused(make.delegate, of=delegation, user=focal, **DARA) == "registered"
    assert counts() == [0, 1, 1]


def test_a_delegation_has_no_more_people_than_places(delegation, focal):
    for _number in range(3):
        make.delegate(delegation, focal)

    assert refused(make.delegate, of=delegation, user=focal) == "places"
    assert counts() == [3, 3, 3]


def test_the_forums_own_places_bind_delegations_too(delegation, focal):
    Quota.objects.update(size=1)
    make.delegate(delegation, focal)

    assert refused(make.delegate, of=delegation, user=focal) == "full"
    assert counts() == [1, 1, 1]


def test_the_database_itself_knows_how_many_places_there_are(delegation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Places.objects.update(taken=4)


def test_registration_may_be_closed_to_others_and_the_pass_by_invitation(delegation, focal):
    delegation.edition.registration_closes_at = timezone.now() - datetime.timedelta(hours=1)
    delegation.edition.save()
    PassType.objects.update(access="invitation")

    make.delegate(delegation, focal)

    assert counts() == [1, 1, 1]


@pytest.mark.parametrize("late", ["closed", "over"])
def test_nobody_is_named_or_replaced_after_the_time_but_may_withdraw(delegation, focal, late):
    person = make.delegate(delegation, focal)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    if late == "closed":
        delegation.closes_at = yesterday
        delegation.save()
    else:
        delegation.edition.opens_on = delegation.edition.closes_on = yesterday.date() - datetime.timedelta(days=1)
        delegation.edition.save()

    assert refused(make.delegate, of=delegation, user=focal) == "closed"
    assert refused(delegating.swap, registration=person, user=focal, **DARA) == "closed"
    delegating.withdraw(registration=person, user=focal)
    assert counts() == [0, 0, 0]


def test_replacing_a_person_kills_the_badge_and_the_link_of_the_one_before(delegation, focal):
    before = make.delegate(delegation, focal, **DARA, position="Director", phone="+855 12 345 678")
    (badge,) = printing.issue([before])
    helping.tell(before, {"wheelchair": True})
    Email.objects.all().delete()

    after = delegating.swap(registration=before, user=focal, name_latin="CHAN Bopha", email="bopha@example.org", position="")

    assert (after.pk, after.name_latin, after.position) == (before.pk, "CHAN Bopha", "")
    assert list(Badge.objects.valid()) == []
    assert not Badge.objects.get(pk=badge.pk).is_valid
    with pytest.raises(Http404):
        signup.find_by_token(before.token)
    assert signup.find_by_token(after.token) == after
    assert not AccessNeeds.objects.exists()
    assert [(letter.to, after.token in letter.message) for letter in Email.objects.order_by("pk")] == [
        (["dara@example.org"], False),
        (["bopha@example.org"], True),
    ]
    assert counts() == [1, 1, 1]
    assert list(Registration.objects.matching("bopha")) == [after]


def test_nobody_is_put_in_the_place_of_another_who_is_registered(delegation, focal):
    make.delegate(delegation, focal, **DARA)
    other = make.delegate(delegation, focal)

    assert refused(delegating.swap, registration=other, user=focal, **DARA) == "registered"
    other.refresh_from_db()
    assert (other.holder_no, other.epoch) == (1, 1)


def test_a_withdrawn_person_is_replaced_by_nobody(delegation, focal):
    person = make.delegate(delegation, focal)
    signup.withdraw(registration=person)

    assert refused(delegating.swap, registration=person, user=focal, **DARA) == "withdrawn"


def test_withdrawing_frees_both_places_once_and_tells_the_person(delegation, focal):
    person = make.delegate(delegation, focal, **DARA)
    Email.objects.all().delete()

    for _time in range(2):
        delegating.withdraw(registration=person, user=focal)

    assert counts() == [0, 0, 0]
    letter = Email.objects.get()
    assert (letter.to, letter.subject) == (["dara@example.org"], f"No longer registered: {person.edition.short_name}")


@pytest.mark.parametrize("way", [signup.withdraw, erasing.erase])
def test_who_leaves_by_another_door_frees_the_delegations_place_too(delegation, focal, way):
    way(registration=make.delegate(delegation, focal))

    assert counts() == [0, 0, 0]


def test_a_place_of_a_delegation_stays_with_its_pass(delegation, focal):
    person = make.delegate(delegation, focal, **DARA)
    other = make.pass_type(edition=delegation.edition, slug="media")

    with pytest.raises(ValidationError) as refusal:
        editing.edit(registration=person, pass_type=other, answers={}, needs={}, **DARA)

    assert code_of(refusal.value) == "delegation"


def test_a_reference_is_one_persons(delegation, focal):
    first = make.delegate(delegation, focal, external_key="A1")

    assert refused(make.delegate, of=delegation, user=focal, external_key="A1") == "reference"
    second = make.delegate(delegation, focal, external_key="A2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=second.pk).update(external_key="A1")
    delegating.withdraw(registration=first, user=focal)
    make.delegate(delegation, focal, external_key="A1")


def test_another_person_does_not_inherit_the_rank(delegation, focal):
    before = make.delegate(delegation, focal)
    Registration.objects.update(protocol_rank=3)

    delegating.swap(registration=before, user=focal, name_latin="CHAN Bopha", email="bopha@example.org")

    assert Registration.objects.get().protocol_rank is None
