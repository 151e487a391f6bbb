"""Who is likely registered twice: by name in either script or by sound, and what they share besides."""

import pytest

from forum.registration import duplicates, erasing, signup
from forum.registration.duplicates import Likelihood
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
PHONE = "+85512345678"


@pytest.fixture
def of():
    return make.pass_type()


def found(of) -> list:
    """The likelihood of each group, with its people."""
    return [
        (group.likelihood.name, sorted(person.name_latin for person in group.people))
        for group in duplicates.groups_of(of.edition)
    ]


@pytest.mark.parametrize(
    ("first", "second", "likelihood"),
    [
        ({"name_latin": "SOK Dara"}, {"name_latin": "Dara Sok"}, "POSSIBLE"),
        ({"name_latin": "SOK Dara", "name_km": "សុខ ដារ៉ា"}, {"name_latin": "SUK Tara", "name_km": "សុខដារ៉ា"}, "POSSIBLE"),
        ({"name_latin": "SOK Dara", "phone": PHONE}, {"name_latin": "SOKH Daraa", "phone": PHONE}, "LIKELY"),
        ({"name_latin": "SOK Dara", "phone": PHONE}, {"name_latin": "SOK Dara", "phone": PHONE}, "NEARLY_CERTAIN"),
        ({"name_latin": "SOK Dara", "name_km": "សុខ ដារ៉ា"}, {"name_latin": "SOK Dara", "name_km": "សុខ ដារ៉ា"},
         "NEARLY_CERTAIN"),
        ({"name_latin": "SOK Dara", "agency_name": "A Bank"}, {"name_latin": "Sok Dara", "agency_name": "A BANK"}, "LIKELY"),
    ],
)  # fmt: skip
def test_what_two_share_says_how_likely_they_are_one(of, first, second, likelihood):
    make.registration(of, **first)
    make.registration(of, **second)

    assert found(of) == [(likelihood, sorted([first["name_latin"], second["name_latin"]]))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name_latin": "SOK Dara"}, {"name_latin": "SOKH Daraa"}),  # sound alone
        ({"name_latin": "SOK Dara", "phone": "+85512345678"}, {"name_latin": "CHAN Bopha", "phone": "+85512345678"}),
        ({"name_latin": "SOK Dara", "agency_name": "Bank"}, {"name_latin": "CHAN Bopha", "agency_name": "Bank"}),
    ],
)
def test_who_shares_too_little_is_not_shown(of, first, second):
    make.registration(of, **first)
    make.registration(of, **second)

    assert found(of) == []


def test_a_shared_contacts_address_says_less_than_ones_own(of):
    aide = make.aide()
    make.registration(of, name_latin="SOK Dara", **aide)
    make.registration(of, name_latin="SOKH Daraa", **aide)

    assert found(of) == [("POSSIBLE", ["SOK Dara", "SOKH Daraa"])]


def test_three_of_one_name_are_one_group_and_the_likeliest_group_comes_first(of):
    for name in ("CHAN Bopha", "Bopha CHAN", "CHAN bopha"):
        make.registration(of, name_latin=name)
    agency = exhibitors.agency()
    make.registration(of, name_latin="SOK Dara", agency=agency, phone="+85512345678")
    make.registration(of, name_latin="SOK Dara", agency=agency, phone="+85512345678")

    assert found(of) == [
        ("NEARLY_CERTAIN", ["SOK Dara", "SOK Dara"]),
        ("POSSIBLE", ["Bopha CHAN", "CHAN Bopha", "CHAN bopha"]),
    ]


def test_who_left_or_was_erased_or_comes_to_another_forum_is_not_shown(of):
    make.registration(of, name_latin="SOK Dara")
    signup.withdraw(registration=make.registration(of, name_latin="SOK Dara"))
    erasing.erase(registration=make.registration(of, name_latin="SOK Dara"))
    make.registration(make.pass_type(cms.edition("other")), name_latin="SOK Dara")

    assert found(of) == []


def test_two_who_are_said_to_be_two_are_not_shown_again_but_a_third_is(of):
    people = [make.registration(of, name_latin="SOK Dara") for _each in range(2)]
    user = accounts.user()

    for pair in (people, people[::-1]):
        duplicates.say_different(first=pair[0], second=pair[1], user=user)
    assert found(of) == []
    make.registration(of, name_latin="SOK Dara")

    ((group),) = duplicates.groups_of(of.edition)
    assert len(group.people) == 3
    assert len(group.pairs) == 2


def test_of_too_many_with_one_name_nothing_is_said(of, monkeypatch):
    monkeypatch.setattr(duplicates, "ALIKE", 2)
    for _each in range(3):
        make.registration(of, name_latin="SOK Dara")

    assert found(of) == []


def test_finding_costs_the_same_queries_with_one_and_with_three_pairs(of, django_assert_num_queries):
    for count in (1, 3):
        for number in range(count):
            for _each in range(2):
                make.registration(of, name_latin=f"SOK {chr(97 + number + count)}", phone=f"+8551234567{number}")
        with django_assert_num_queries(2):
            duplicates.groups_of(of.edition)


def test_each_likelihood_has_a_word():
    assert [str(each.label) for each in Likelihood] == ["possible", "likely", "nearly certain"]
