"""Voluntary figures: told or not, shown as totals in which nobody is found, left nameless."""

import datetime
import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts import roles
from forum.desks import own_data
from forum.registration import counting, delegating, editing, erasing, signup
from forum.registration.models import Figures
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make
from tests.pages import get

pytestmark = pytest.mark.django_db

TOLD = {"sex": "female", "province": "KH-12", "body": "government"}
PAGE = "/cms/registrations/figures/"


@pytest.fixture
def open_pass():
    return make.pass_type()


def tell(of, number, **told):
    people = [make.registration(of) for _number in range(number)]
    for person in people:
        counting.tell(registration=person, **told)
    return people


def table(edition, number=0):
    return [(bar.name, bar.words) for bar in counting.totals(edition)[number][1]]


def own(name, person):
    return reverse(f"registration:{name}", args=[person.token])


def test_who_tells_something_has_one_row_and_who_tells_nothing_none(open_pass):
    person = make.registration(open_pass)

    counting.tell(registration=person, **TOLD)
    counting.tell(registration=person, **TOLD | {"sex": ""})
    row = Figures.objects.get()
    assert (row.sex, row.province, row.body, row.edition) == ("", "KH-12", "government", person.edition)

    counting.tell(registration=person)
    assert not Figures.objects.exists()


def test_an_empty_row_is_none_whoever_writes_it(open_pass):
    with pytest.raises(IntegrityError), transaction.atomic():
        Figures.objects.create(edition=open_pass.edition)


def test_it_is_asked_on_the_own_page_in_words_that_say_why_and_every_question_may_stay_open(client, open_pass):
    person = make.registration(open_pass)
    assert own("figures", person) in client.get(own("own", person)).content.decode()

    page = client.get(own("figures", person)).content.decode()
    assert "questions that you may leave open" in page and "below five is not shown" in page
    assert 'value="KH-12"' in page and "Outside Cambodia" in page

    assert client.post(own("figures", person), TOLD).status_code == 302
    assert Figures.objects.filter(**TOLD, registration=person).exists()
    assert client.post(own("figures", person), {}).status_code == 302
    assert not Figures.objects.exists()


@pytest.mark.parametrize("typed", [{"sex": "x"}, {"province": "KH-99"}, {"body": "queen"}])
def test_what_is_no_answer_is_refused(client, open_pass, typed):
    person = make.registration(open_pass)

    answer = client.post(own("figures", person), typed)

    assert (answer.status_code, Figures.objects.exists()) == (422, False)


def test_who_has_left_is_not_asked(client, open_pass):
    person = make.registration(open_pass)
    signup.withdraw(registration=person)

    assert client.post(own("figures", person), TOLD).status_code == 302
    assert not Figures.objects.exists()


def test_totals_show_no_number_below_five(open_pass):
    tell(open_pass, 6, sex="female")
    tell(open_pass, 4, sex="male")
    tell(open_pass, 1, sex="other")

    assert table(open_pass.edition) == [("Female", "6"), ("Male", "fewer than 5"), ("Another", "fewer than 5")]


def test_one_small_number_alone_takes_its_neighbour_along(open_pass):
    tell(open_pass, 7, sex="female")
    tell(open_pass, 2, sex="male")

    assert table(open_pass.edition) == [
        ("Female", "not shown, to protect the smaller number"),
        ("Male", "fewer than 5"),
    ]
    assert counting.told_by(open_pass.edition) == 10


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 40), min_size=1))
def test_no_small_number_can_be_reckoned_from_the_others(numbers):
    hidden = counting._hidden(numbers)

    assert {value for value, number in numbers.items() if number < counting.FEWEST} <= hidden
    assert len(hidden) != 1 or len(numbers) == 1


def test_only_who_has_a_place_is_counted(open_pass):
    people = tell(open_pass, 7, sex="female")
    signup.withdraw(registration=people[0])
    other = make.pass_type(cms.edition("other"))
    tell(other, 9, sex="male")

    assert table(open_pass.edition) == [("Female", "6")]


def under_way(edition):
    today = cms.timezone.localdate()
    type(edition).objects.filter(pk=edition.pk).update(opens_on=today - datetime.timedelta(days=1), closes_on=today)


def test_erasing_during_the_forum_keeps_the_figure_and_not_the_person():
    edition = cms.edition_under_way()
    people = tell(make.pass_type(edition), 6, **TOLD)

    erasing.erase(registration=people[0])

    assert table(edition) == [("Female", "6")]
    assert Figures.objects.filter(registration=None).count() == 1
    erasing.erase(registration=people[0])
    assert Figures.objects.count() == 6


def test_erasing_before_the_forum_takes_the_figure_along(open_pass):
    (person,) = tell(open_pass, 1, **TOLD)

    erasing.erase(registration=person)

    assert not Figures.objects.exists()


def test_who_withdrew_before_they_were_erased_is_not_counted():
    (person,) = tell(make.pass_type(cms.edition_under_way()), 1, **TOLD)
    signup.withdraw(registration=person)

    erasing.erase(registration=person)

    assert not Figures.objects.exists()


def test_another_person_in_the_place_has_told_nothing(open_pass):
    (person,) = tell(open_pass, 1, **TOLD)
    editing.edit(registration=person, pass_type=open_pass, answers={}, needs={}, name_latin="KEO Vanna", email=person.email)
    assert not Figures.objects.exists()


def test_who_replaces_a_delegate_has_told_nothing():
    person = make.delegate(make.delegation(exhibitors.agency(), delegate=1))
    counting.tell(registration=person, **TOLD)

    delegating.swap(registration=person, user=accounts.user(), **make.person())

    assert not Figures.objects.exists()


def purge(**options) -> str:
    written = io.StringIO()
    call_command("purge_personal_data", stdout=written, **options)
    return written.getvalue()


def test_after_the_forum_nobody_can_tell_whose_they_were_and_the_totals_stay(open_pass):
    people = tell(open_pass, 6, **TOLD)
    signup.withdraw(registration=people[5])
    tell(open_pass, 2, sex="female")
    edition, day = open_pass.edition, datetime.timedelta(days=50)
    type(edition).objects.update(opens_on=edition.opens_on - day, closes_on=edition.closes_on - day)
    before = counting.totals(edition)

    assert purge(dry_run=True) == "would delete 8: next: whose the voluntary figures are\n"
    assert Figures.objects.filter(registration=None).count() == 0
    assert purge() == "deleting 8: next: whose the voluntary figures are\n"

    assert (Figures.objects.count(), Figures.objects.filter(registration=None).count()) == (7, 7)
    assert counting.totals(edition) == before
    assert purge() == "Nothing is past its time.\n"


def test_a_person_takes_along_what_they_told(open_pass):
    (person,) = tell(open_pass, 1, **TOLD)

    assert own_data.gather(person)["voluntary_figures"] == TOLD


@pytest.mark.parametrize(("role", "may"), [("organiser", True), ("auditor", True), ("security", False), ("gate", False)])
def test_the_totals_are_for_organisers(client, open_pass, role, may):
    roles.make()
    user = accounts.user()
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    tell(open_pass, 6, **TOLD)

    answer = client.get(PAGE)

    assert (answer.status_code == 200) is may
    assert (b"Phnom Penh" in answer.content) is may


def test_the_page_draws_bars_in_words_and_at_the_same_cost_however_many_tell(client, open_pass):
    client.force_login(accounts.user(is_superuser=True))
    tell(open_pass, 5, **TOLD)
    client.get(PAGE)

    with CaptureQueriesContext(connection) as first:
        page = get(client, PAGE)
    assert page.words("table.listing td") == ["5", ""] * 3
    assert page.words("table.listing tbody th") == ["Female", "Phnom Penh", "Government of Cambodia"]
    assert [bar.get("width") for bar in page.all("table.listing rect")] == ["100"] * 3
    assert not page.all("table.listing [style]")
    tell(open_pass, 12, sex="male", province="KH-1", body="media")
    with CaptureQueriesContext(connection) as second:
        client.get(PAGE)
    assert len(first) == len(second)
    assert client.get(f"{PAGE}?edition=none", follow=True).status_code == 404


def test_without_an_edition_the_page_is_still_a_page(client):
    client.force_login(accounts.user(is_superuser=True))

    assert client.get(PAGE).status_code == 200
