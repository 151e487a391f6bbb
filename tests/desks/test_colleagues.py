"""The page on which an agency's managers say who acts for it."""

import pytest
from post_office.models import Email

from exhibitors.models import Invitation, Membership
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def manager(client, agency):
    manager = make.member(agency, email="manager@example.org")
    client.force_login(manager)
    return manager


@pytest.fixture
def address(agency):
    return f"/en/desk/agencies/{agency.code}/colleagues/"


def test_a_colleague_is_invited_and_stands_among_those_who_are(client, manager, address):
    client.post(address, {"email": "new@example.org", "role": "colleague", "language": "km"})

    assert Email.objects.get().to == ["new@example.org"]
    assert "new@example.org" in get(client, address).words(".card__title")


@pytest.mark.parametrize(("rate", "other"), [("1/h/user", "other@example.org"), ("9/h/user,1/h/key", "NEW@example.org")])
def test_who_invites_without_end_is_asked_to_wait(client, manager, address, settings, rate, other):
    settings.LIMITS = settings.LIMITS | {"invite": rate}
    typed = {"role": "colleague", "language": "km"}
    client.post(address, typed | {"email": "no address"})
    client.post(address, typed | {"email": "new@example.org"})
    client.post(address, {"email": "new@example.org", "act": "take_back"})

    response = client.post(address, typed | {"email": other})

    assert (response.status_code, Email.objects.count()) == (429, 1)
    assert int(response["Retry-After"]) > 0
    page = Page(response)
    assert "Too many tries" in " ".join(page.words("main"))
    assert page.all("input[name=email]")[0].get("value") == other


@pytest.mark.parametrize("email", ["", "no address", "manager@example.org"])
def test_what_cannot_be_invited_is_said_and_what_was_typed_stays(client, manager, address, email):
    response = client.post(address, {"email": email, "role": "colleague", "language": "km"})

    assert response.status_code in (409, 422)
    page = Page(response)
    assert page.all(".errors, .error, .notice--stop, [role=alert], .errorlist")
    assert page.all("input[name=email][type=email]")[0].get("value", "") == email
    assert not Invitation.objects.exists()


def test_roles_are_given_and_people_removed_by_buttons(client, agency, manager, address):
    other = make.member(agency, role="colleague")

    client.post(address, {"email": other.email, "act": "manager"})
    assert Membership.objects.get(user=other).may_manage

    client.post(address, {"email": other.email, "act": "remove"})
    assert not Membership.objects.filter(user=other).exists()


def test_the_last_manager_reads_why_they_stay_and_has_no_button_for_it(client, manager, agency, address):
    page = get(client, address)
    assert "Nobody else may book and edit." in page.words(".card .meta")[1]
    assert not page.all(".card [name=act]")

    make.member(agency)
    assert len(get(client, address).all(".card [name=act][value=remove]")) == 2


def test_who_removes_themselves_is_led_to_their_own_desk(client, agency, manager, address):
    make.member(agency)

    response = client.post(address, {"email": manager.email, "act": "remove"})

    assert response["Location"] == "/en/desk/"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"email": "manager@example.org", "act": "remove"}, "Nobody else may book and edit"),
        ({"email": "manager@example.org", "act": "\x00"}, "Choose what is to be done"),
        ({"email": "nobody@example.org", "act": "manager"}, "does not act for the agency any more"),
        ({"email": "nobody@example.org", "act": "take_back"}, "over already"),
        ({"act": "remove"}, "does not act for the agency any more"),
    ],
)
def test_what_cannot_be_done_is_said(client, manager, address, sent, words):
    response = client.post(address, sent)

    assert response.status_code == 409
    assert words in Page(response).words("[role=alert]")[0]


def test_an_invitation_is_taken_back(client, agency, manager, address):
    make.invitation(agency, "new@example.org")

    client.post(address, {"email": "new@example.org", "act": "take_back"})

    assert not Invitation.objects.open().exists()


def test_an_onlooker_sees_names_and_no_addresses_and_changes_nothing(client, agency, manager, address):
    make.invitation(agency, "new@example.org")
    onlooker = make.member(agency, role="colleague", email="onlooker@example.org")
    client.force_login(onlooker)

    page = get(client, address)

    assert not page.all("main form")
    assert "new@example.org" not in page.root.etree_element.text_content()
    assert client.post(address, {"email": manager.email, "act": "remove"}).status_code == 403


def test_another_agency_finds_no_such_page(client, address):
    client.force_login(make.member(make.agency("Another body")))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_queries_for_three_as_for_one(client, agency, manager, address, count, django_assert_num_queries):
    for number in range(count):
        make.member(agency)
        make.invitation(agency, f"{number}@example.org")
    get(client, address)

    with django_assert_num_queries(8):
        get(client, address)
