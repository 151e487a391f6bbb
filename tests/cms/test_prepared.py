"""A prepared query answers as the queryset does of which it was made, whatever the values."""

import pytest
from django.db.models import Exists, OuterRef

from cms.prepared import Prepared
from forum.registration.models import PassType, Registration
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def people(code, pass_type):
    is_of = PassType.objects.filter(pk=OuterRef("pass_type"), id=pass_type)
    rows = Registration.objects.select_related("pass_type", "agency").only("code", "pass_type__days", "agency__name_en")
    return rows.annotate(is_of=Exists(is_of)).filter(code=code)


def test_it_finds_what_the_queryset_finds_with_one_question(django_assert_num_queries):
    find = Prepared(people, code=str, pass_type=int)
    one = make.registration(make.pass_type(days=["2027-03-01"]))
    other = make.registration(make.pass_type(one.edition, slug="other"))

    for person, pass_type in ((one, one.pass_type), (other, other.pass_type), (one, other.pass_type)):
        with django_assert_num_queries(1):
            found = find.first(code=person.code, pass_type=pass_type.pk)
            told = (found, found.pass_type, found.pass_type.days, found.agency, found.is_of)
        expected = people(person.code, pass_type.pk).get()
        assert told == (expected, expected.pass_type, expected.pass_type.days, expected.agency, expected.is_of)


def test_what_was_not_asked_for_is_read_when_it_is_needed():
    person = make.registration(position="Engineer")

    found = Prepared(people, code=str, pass_type=int).first(code=person.code, pass_type=0)

    assert found.get_deferred_fields() >= {"position", "email"}
    assert found.position == "Engineer"


def test_nobody_is_found_by_what_nobody_has():
    make.registration()
    find = Prepared(people, code=str, pass_type=int)

    assert [find(code=code, pass_type=0) for code in ("", "' OR 1=1 --", "prepared-0", "%s")] == [[], [], [], []]
    assert find.first(code="", pass_type=0) is None
