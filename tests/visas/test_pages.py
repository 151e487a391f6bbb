"""Asking on the own page, and deciding in the back office."""

import pytest

from forum.visas import asking
from forum.visas.models import VisaDesk, VisaRequest
from tests.factories import accounts
from tests.factories import registration as make
from tests.visas.test_asking import ask, facts, grant, person  # noqa: F401

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/visas/visarequest/"


@pytest.fixture
def page(person):  # noqa: F811
    return f"/en/registration/{person.token}/"


def typed(person, **other):  # noqa: F811
    return {name: str(value) for name, value in facts(person.edition, **other).items()}


def test_who_asks_sees_how_it_stands_and_takes_the_letter(client, person, page):  # noqa: F811
    assert "Ask for a letter" in client.get(page).content.decode()
    assert client.post(f"{page}visa/", typed(person))["Location"] == page
    assert "Being looked at" in client.get(page).content.decode()
    assert client.get(f"{page}visa-letter.pdf")["Location"] == page

    grant(VisaRequest.objects.get())
    assert "visa-letter.pdf" in client.get(page).content.decode()
    assert client.get(f"{page}visa-letter.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("passport_number", "№ 1", "letters and digits"),
        ("born_on", "2999-01-01", "Nobody who comes was born on this day."),
        ("leaves_on", "2000-01-01", "This is before you arrive."),
        ("arrives_on", "2999-01-01", "You arrive when the forum is over."),
        ("expires_on", "2020-01-01", "The passport must be valid while you are here."),
        ("nationality", "", "This field is required."),
        ("post", "", "This field is required."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_all_is_kept(client, person, page, field, value, told):  # noqa: F811
    answer = client.post(f"{page}visa/", typed(person) | {field: value})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "Embassy of Cambodia in Tokyo" in answer.content.decode() or field == "post"
    assert not VisaRequest.objects.exists()


def test_without_a_desk_nothing_is_offered(client, person, page):  # noqa: F811
    VisaDesk.objects.all().delete()

    assert "visa" not in client.get(page).content.decode()
    assert client.get(f"{page}visa/")["Location"] == page


def test_the_queue_costs_the_same_with_one_and_with_three_people(client, person, django_assert_num_queries):  # noqa: F811
    client.force_login(accounts.user("wagtailadmin.access_admin", "visas.view_visarequest", "visas.decide_visarequest"))
    ask(person)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        client.get(LIST)
    for _more in range(2):
        ask(make.registration(person.pass_type))
    with django_assert_num_queries(QUERIES):
        assert client.get(LIST).content.decode().count("/grant/") == 3


QUERIES = 12


@pytest.mark.parametrize(("act", "state"), [("grant", "granted"), ("refuse", "refused")])
def test_staff_decide_on_what_they_see(client, person, act, state):  # noqa: F811
    client.force_login(accounts.user("wagtailadmin.access_admin", "visas.view_visarequest", "visas.decide_visarequest"))
    visa = ask(person)
    address = f"/cms/visas/{visa.pk}/{act}/"
    assert "TR1234567" in client.get(address).content.decode()

    assert client.post(address, {"version": 1, "reason": "No"}).status_code == 302
    visa.refresh_from_db()
    assert (visa.state, visa.decided_by.has_perm("visas.decide_visarequest")) == (state, True)
    assert "decided already" in client.post(address, {"version": 1, "reason": "No"}).content.decode()


def test_who_may_not_decide_is_refused(client, person):  # noqa: F811
    visa = ask(person)
    client.force_login(accounts.user("wagtailadmin.access_admin"))

    assert client.post(f"/cms/visas/{visa.pk}/grant/", {"version": 1})["Location"] == "/cms/"
    assert asking.VisaRequest.objects.get().state == "asked"
