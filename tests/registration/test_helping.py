"""Access needs: told voluntarily, kept apart, read at the help desk."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from forum.registration import helping, signup
from forum.registration.models import AccessNeeds
from tests.factories import accounts
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
PERSON = {"pass_type": "delegate", "name_latin": "SOK Dara", "email": "d@example.org"}
NOTHING = {"wheelchair": False, "sign_language": False, "diet": ""}


def told() -> list[dict]:
    return list(AccessNeeds.objects.values("wheelchair", "sign_language", "diet"))


def test_what_is_told_in_the_form_is_kept_apart(client):
    edition = make.pass_type().edition

    answer = client.post(
        reverse("register:form", args=[edition.slug]), PERSON | {"needs": ["wheelchair"], "diet": "No pork"}
    )

    assert answer.status_code == 302
    assert told() == [NOTHING | {"wheelchair": True, "diet": "No pork"}]


def test_who_says_nothing_has_no_row(client):
    edition = make.pass_type().edition

    client.post(reverse("register:form", args=[edition.slug]), PERSON)

    assert told() == []


def test_a_row_that_says_nothing_cannot_be():
    registration = make.registration()

    with pytest.raises(IntegrityError), transaction.atomic():
        AccessNeeds.objects.create(registration=registration)


def test_what_is_no_longer_needed_is_forgotten():
    registration = make.registration(needs={"sign_language": True})

    assert helping.tell(registration, {"sign_language": True, "diet": "Vegan"})
    assert not helping.tell(registration, {"sign_language": True, "diet": "Vegan"})
    assert told() == [NOTHING | {"sign_language": True, "diet": "Vegan"}]
    assert helping.tell(registration, {})
    assert not helping.tell(registration, {})
    assert told() == []


def test_the_help_desk_reads_the_list_of_those_who_come(client):
    dara = make.registration(name_latin="SOK Dara", name_km="សុខ ដារ៉ា", needs={"wheelchair": True, "diet": "No pork"})
    gone = make.registration(of=dara.pass_type, name_latin="GONE Away", needs={"diet": "Halal"})
    signup.withdraw(registration=gone)
    make.registration(of=dara.pass_type, name_latin="CHAN Nothing")
    client.force_login(accounts.user("registration.view_accessneeds"))

    page = client.get(reverse("onsite:help")).content.decode()

    assert "SOK Dara" in page and "សុខ ដារ៉ា" in page and "Diet: No pork" in page
    assert "GONE Away" not in page and "CHAN Nothing" not in page
    assert "Wheelchair: 1" in page and "Sign language: 0" in page
    assert reverse("onsite:help") in client.get(reverse("onsite:home")).content.decode()


@pytest.mark.parametrize("permission", ["checkin.add_scan", "registration.view_registration"])
def test_nobody_else_reads_it(client, permission):
    make.registration(needs={"wheelchair": True})
    client.force_login(accounts.user(permission))

    assert client.get(reverse("onsite:help")).status_code == 403
    assert reverse("onsite:help") not in client.get(reverse("onsite:home")).content.decode()


def test_the_list_costs_the_same_with_one_and_with_three(client, django_assert_num_queries):
    first = make.registration(needs={"wheelchair": True})
    client.force_login(accounts.user("registration.view_accessneeds"))
    client.get(reverse("onsite:help"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("onsite:help"))
    for _number in range(2):
        make.registration(of=first.pass_type, needs={"diet": "Vegan"})

    with django_assert_num_queries(QUERIES):
        client.get(reverse("onsite:help"))


QUERIES = 7
