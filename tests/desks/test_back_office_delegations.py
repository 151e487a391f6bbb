"""Delegations in the back office: given by organisers, never fewer places than are taken."""

import pytest
from django.urls import reverse

from forum.registration.models import Delegation, Places
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_registration_delegation"


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True, is_staff=True))
    return client


def typed(edition, agency, *rows, before=0):
    form = {"edition": edition.pk, "agency": agency.pk, "closes_at": "", "note": ""}
    form |= {"places-TOTAL_FORMS": len(rows), "places-INITIAL_FORMS": before, "places-MIN_NUM_FORMS": 0}
    form |= {"places-MAX_NUM_FORMS": 1000}
    for number, row in enumerate(rows):
        form |= {f"places-{number}-{name}": value for name, value in ({"id": "", "DELETE": ""} | row).items()}
    return form


def edit(organiser, made, *rows):
    address = reverse(f"{LIST}:edit", args=[made.pk])
    return organiser.post(address, typed(made.edition, made.agency, *rows, before=1)).content.decode()


def test_an_organiser_gives_an_agency_places(organiser):
    of, agency = make.pass_type(), exhibitors.agency()

    organiser.post(reverse(f"{LIST}:add"), typed(of.edition, agency, {"pass_type": of.pk, "size": 12}))

    assert list(Places.objects.values_list("delegation__agency", "pass_type", "size", "taken")) == [
        (agency.pk, of.pk, 12, 0)
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"size": 1}, "More places are taken than that."),
        ({"pass_type": "other"}, "it stays."),
        ({"DELETE": "on"}, "cannot be removed"),
    ],
)
def test_places_that_are_taken_stay(organiser, row, sentence):
    made = make.delegation(delegate=3)
    user = exhibitors.member(made.agency)
    for _number in range(2):
        make.delegate(made, user)
    places = Places.objects.get()
    if "pass_type" in row:
        row = {"pass_type": make.pass_type(edition=made.edition, slug="media").pk}

    page = edit(organiser, made, {"id": places.pk, "pass_type": places.pass_type_id, "size": 3} | row)

    assert sentence in page
    assert list(Places.objects.values_list("pass_type", "size", "taken")) == [(places.pass_type_id, 3, 2)]


def test_a_pass_stands_there_once_and_is_of_the_same_edition(organiser):
    of, agency = make.pass_type(), exhibitors.agency()
    row = {"pass_type": of.pk, "size": 1}
    elsewhere = make.pass_type(edition=cms.edition(slug="earlier"), slug="old")

    twice = organiser.post(reverse(f"{LIST}:add"), typed(of.edition, agency, row, row)).content.decode()
    other = organiser.post(
        reverse(f"{LIST}:add"), typed(of.edition, agency, {"pass_type": elsewhere.pk, "size": 1})
    ).content.decode()

    assert "duplicate" in twice
    assert "This pass belongs to another edition." in other
    assert not Delegation.objects.exists()


def test_saving_keeps_what_was_taken_meanwhile():
    made = make.delegation(delegate=3)
    before = Places.objects.get()
    make.delegate(made)

    before.size = 4
    before.save()

    assert list(Places.objects.values_list("size", "taken")) == [(4, 1)]


def test_the_list_costs_the_same_with_one_and_with_three_rows(organiser, django_assert_max_num_queries):
    make.delegation(exhibitors.agency("One"))
    organiser.get(reverse(f"{LIST}:list"))

    with django_assert_max_num_queries(30) as one:
        organiser.get(reverse(f"{LIST}:list"))
    for name in ("Two", "Three"):
        make.delegation(exhibitors.agency(name))
    with django_assert_max_num_queries(30) as three:
        page = organiser.get(reverse(f"{LIST}:list"), {"q": ""})

    assert len(page.context["object_list"]) == 3
    assert len(three) == len(one)


def test_staff_print_the_letter_of_a_person(organiser):
    person = make.registration()

    assert organiser.get(reverse("registration_letter", args=[person.pk])).content.startswith(b"%PDF")


def test_the_letter_is_for_those_who_work_with_people(client):
    client.force_login(accounts.user("wagtailadmin.access_admin", "registration.view_registration"))

    assert client.get(reverse("registration_letter", args=[make.registration().pk])).status_code in {302, 403}
