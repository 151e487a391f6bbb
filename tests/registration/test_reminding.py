"""Asking people whether they come: once, in time, and a no frees the place."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email

from forum.registration import delegating, reminding, signup, tasks
from forum.registration.models import Offer, Quota, Registration
from tests.factories import cms
from tests.factories import registration as make
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    today = timezone.localdate()
    dates = {"opens_on": today + datetime.timedelta(days=3), "closes_on": today + datetime.timedelta(days=5)}
    return cms.edition(reminder_days=4, **dates)


@pytest.fixture
def of(edition):
    return make.pass_type(edition, size=3, has_waiting_list=True)


def come(of, days_ago=30, **fields):
    """Somebody who registered some time ago, and whose first letter is forgotten here."""
    person = make.registration(of, **fields)
    Registration.objects.filter(pk=person.pk).update(registered_at=timezone.now() - datetime.timedelta(days=days_ago))
    Email.objects.all().delete()
    return person


def coming(person):
    return Registration.objects.get(pk=person.pk).coming


def test_everybody_with_a_place_is_asked_once_in_their_language(of):
    person, other = come(of), come(of, language="km")
    Email.objects.all().delete()

    assert (tasks.ask_who_comes(), tasks.ask_who_comes()) == (2, 0)
    assert other.token in Email.objects.get(subject__startswith="តើលោកអ្នកនឹងមកឬទេ?").message
    letter = Email.objects.filter(subject__startswith="Are you coming").get()
    assert person.token in letter.message
    assert [row.name for row in letter.attachments.all()] == ["qr.png"]


@pytest.mark.parametrize("days", [None, 2])
def test_nobody_is_asked_where_organisers_do_not_wish_it_or_before_the_day(of, days):
    type(of.edition).objects.update(reminder_days=days)
    come(of)

    assert tasks.ask_who_comes() == 0


def test_nobody_is_asked_after_the_beginning(of):
    come(of)
    today = timezone.localdate()
    type(of.edition).objects.update(opens_on=today - datetime.timedelta(days=1), closes_on=today)

    assert tasks.ask_who_comes() == 0


def test_who_registered_in_these_days_or_has_no_place_is_not_asked(of):
    come(of, days_ago=0)
    signup.withdraw(registration=come(of))
    Quota.objects.update(size=1)
    come(of)

    assert tasks.ask_who_comes() == 0


def test_opening_the_page_says_nothing_and_the_button_does(client, of):
    person = come(of)
    reminding.ask(registration=person)
    page = f"/en/registration/{person.token}/"

    assert get(client, page).words("#coming") == ["Are you coming?"]
    assert client.get(f"{page}coming/").status_code == 405
    assert coming(person) == "asked"
    assert client.post(f"{page}coming/").url == page
    client.post(f"{page}coming/")

    assert coming(person) == "yes"
    assert "You told us that you are coming." in get(client, page).tree.text_content()


def test_a_no_frees_the_place_for_who_waits(client, of):
    Quota.objects.update(size=1)
    person = come(of)
    waiting = make.registration(of)
    reminding.ask(registration=person)

    client.post(f"/en/registration/{person.token}/withdraw/")
    tasks.see_to_waiting_lists()

    assert Offer.objects.get().registration == waiting


def test_who_left_says_nothing_any_more(client, of):
    person = come(of)
    reminding.ask(registration=person)
    signup.withdraw(registration=person)

    client.post(f"/en/registration/{person.token}/coming/")

    assert coming(person) == "asked"


def test_who_takes_anothers_place_is_asked_themselves(of):
    delegation = make.delegation(**{of.slug: 2})
    person = make.delegate(delegation)
    reminding.ask(registration=person)

    delegating.swap(registration=person, user=None, name_latin="LIM Sophea", language="en", email="sophea@example.org")

    assert coming(person) == ""
