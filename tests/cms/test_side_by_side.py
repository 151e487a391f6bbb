"""Two who edit a row without versions: neither undoes what the other did without knowing it."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from lxml import html

from cms.side_by_side import OPENED
from forum.registration.models import Registration
from tests.factories import exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.registration(make.pass_type(), name_latin="SOK Dara", position="Clerk", phone="+855 12 345 678")


@pytest.fixture
def address(person):
    return reverse(Registration.snippet_viewset.get_url_name("edit"), args=[person.pk])


@pytest.fixture(autouse=True)
def staff(client):
    client.force_login(get_user_model().objects.create_superuser("ada@example.org"))


def form_of(answer) -> dict:
    (form,) = html.document_fromstring(answer.content.decode()).xpath("//form[@data-edit-form]")
    return {name: value or "" for name, value in form.form_values() if not name.startswith("action-")}


def errors(answer) -> str:
    return " ".join(
        part.text_content() for part in html.document_fromstring(answer.content.decode()).find_class("error-message")
    )


def fresh(person):
    return Registration.objects.get(pk=person.pk)


def test_each_keeps_what_the_other_changed_elsewhere(client, address, person):
    one, other = form_of(client.get(address)), form_of(client.get(address))

    client.post(address, one | {"position": "Director"})
    assert client.post(address, other | {"phone": "+855 12 999 999", "protocol_rank": "3"}).status_code == 302

    row = fresh(person)
    assert (row.position, row.phone, row.protocol_rank) == ("Director", "+855 12 999 999", 3)


def test_what_both_changed_is_told_beside_the_field_and_typed_words_stay(client, address, person):
    one, other = form_of(client.get(address)), form_of(client.get(address))
    client.post(address, one | {"position": "Director", "agency_name": "Examples"})

    answer = client.post(address, other | {"position": "Secretary"})

    assert "Changed to “Director” after you opened this page. Saved again, yours replaces it." in errors(answer)
    assert fresh(person).position == "Director"
    again = form_of(answer)
    assert (again["position"], again["agency_name"]) == ("Secretary", "Examples")
    assert client.post(address, again).status_code == 302
    assert (fresh(person).position, fresh(person).agency_name) == ("Secretary", "Examples")


def test_who_typed_the_same_is_not_stopped(client, address, person):
    one, other = form_of(client.get(address)), form_of(client.get(address))
    client.post(address, one | {"position": "Director"})

    assert client.post(address, one | {OPENED: other[OPENED], "position": "Clerk"}).status_code == 302
    assert fresh(person).position == "Director"


def test_a_choice_that_the_person_made_meanwhile_stays(client, address, person):
    form = form_of(client.get(address))
    agency = exhibitors.agency("Ministry of Examples")
    Registration.objects.filter(pk=person.pk).update(agency=agency, language="km")

    client.post(address, form | {"position": "Director"})

    row = fresh(person)
    assert (row.agency, row.language, row.position) == (agency, "km", "Director")


@pytest.mark.parametrize("said", ["", "{", "null", "[]", '{"position": {"a": 1}, "agency": [1], "x": 2}', "x" * 70_000])
def test_whatever_the_hidden_field_says_is_answered(client, address, person, said):
    form = form_of(client.get(address)) | {OPENED: said, "phone": ""}

    assert client.post(address, form).status_code in (200, 302)


def test_the_form_holds_what_stood_in_it(client, address):
    assert json.loads(form_of(client.get(address))[OPENED])["position"] == "Clerk"
