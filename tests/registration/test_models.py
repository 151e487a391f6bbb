"""Rows that staff save while people come and go: nothing that acts changed is written back."""

import pytest
from django.urls import reverse
from django.utils import translation

from forum.registration import signup
from forum.registration.models import Quota, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def test_a_quota_saved_while_somebody_registers_keeps_count():
    of = make.pass_type(size=5)
    make.registration(of)
    seen = Quota.objects.get()
    make.registration(of)

    seen.size = 9
    seen.save()

    assert list(Quota.objects.values_list("size", "taken")) == [(9, 2)]


def test_a_person_saved_while_they_withdraw_stays_withdrawn():
    seen = make.registration()
    signup.withdraw(registration=Registration.objects.get())

    seen.position = "Director"
    seen.save()

    kept = Registration.objects.get()
    assert (kept.state, kept.position) == ("withdrawn", "Director")


def test_a_full_pass_tells_nobody_who_is_registered(client):
    of = make.pass_type(size=1)
    known = make.registration(of)
    address = reverse("register:form", args=[of.edition.slug])
    typed = {"pass_type": of.slug, "name_latin": known.name_latin, "email": known.email}

    answers = [
        client.post(address, typed | changes) for changes in ({}, {"name_latin": "KEO Bopha", "email": "b@example.org"})
    ]

    assert [answer.status_code for answer in answers] == [422, 422]


@pytest.mark.parametrize("row", ["passtype", "quota", "gate"])
def test_nothing_moves_to_another_edition(client, row):
    of = make.pass_type()
    found = {"passtype": of, "quota": of.quotas.get(), "gate": of.edition.gates.create(name_en="Main")}[row]
    other = cms.edition("other")
    client.force_login(accounts.user(is_superuser=True))
    typed = {"edition": other.pk, "name": "x", "size": 9, "name_en": "x", "slug": "x", "band": "red", "position": 0}

    address = reverse(f"wagtailsnippets_{found._meta.app_label}_{row}:edit", args=[found.pk])
    answer = client.post(address, typed)

    assert "This stays with its edition" in answer.content.decode()
    found.refresh_from_db()
    assert found.edition != other


def test_the_quotas_of_a_pass_that_people_hold_stay(client):
    of = make.pass_type()
    spare = Quota.objects.create(edition=of.edition, name="spare", size=1)
    client.force_login(accounts.user(is_superuser=True))
    address = reverse("wagtailsnippets_registration_passtype:edit", args=[of.pk])
    typed = {"edition": of.edition_id, "slug": of.slug, "name_en": of.name_en, "band": of.band, "position": 0,
             "access": "public", "offer_hours": 48}  # fmt: skip

    assert client.post(address, typed | {"quotas": [of.quotas.get().pk, spare.pk]}).status_code == 302
    make.registration(of)
    answer = client.post(address, typed | {"quotas": [spare.pk]})

    assert "its quotas stay as they are" in answer.content.decode()
    assert of.quotas.count() == 2


def test_people_stand_in_the_order_of_the_script_that_the_reader_sees():
    """KHUN comes after CHAN in Latin letters, and ខ before ច in Khmer."""
    of = make.pass_type()
    make.registration(of, name_latin="CHAN Dara", name_km="ចាន់ ដារ៉ា")
    make.registration(of, name_latin="KHUN Dara", name_km="ឃុន ដារ៉ា")
    make.registration(of, name_latin="ADAMS Ann", name_km="")

    def names():
        return [person.name_latin for person in Registration.objects.in_order()]

    assert names() == ["ADAMS Ann", "CHAN Dara", "KHUN Dara"]
    with translation.override("km"):
        assert names() == ["ADAMS Ann", "KHUN Dara", "CHAN Dara"]
