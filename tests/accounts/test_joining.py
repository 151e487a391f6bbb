"""Accepting an invitation: by its addressee, once, in time."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.utils import timezone

from exhibitors.models import Invitation, Membership
from forum.accounts import joining
from tests.factories import exhibitors as make
from tests.pages import Page, get
from tests.racing import Refused

GUEST = "guest@example.org"
PASSWORD = "five-lotus-ponds"
ACCOUNT = {"first_name": "Sok", "last_name": "Example", "password": PASSWORD}


@pytest.fixture
def agency(db):
    return make.agency("Ministry of Examples")


@pytest.fixture
def invitation(agency):
    return make.invitation(agency, GUEST)


@pytest.fixture
def address(invitation):
    return f"/en/invitation/{invitation.token}/"


def members():
    return list(Membership.objects.values_list("user__email", "agency__name_en", "role"))


def closed(invitation):
    """The invitation after its time, taken back, and used: one each."""
    yield {"expires_at": timezone.now() - timedelta(seconds=1)}
    yield {"revoked_at": timezone.now()}
    yield {"accepted_at": timezone.now()}


def test_new_person_opens_an_account_and_is_signed_in_as_a_member(client, agency, invitation, address):
    response = client.post(address, ACCOUNT)

    assert (response.status_code, response.url) == (302, f"/en/desk/agencies/{agency.code}/")
    assert members() == [(GUEST, "Ministry of Examples", "manager")]
    user = get_user_model().objects.get()
    assert (user.first_name, user.last_name, user.language) == ("Sok", "Example", "en")
    assert user.check_password(PASSWORD)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(GUEST, True, True)]
    assert get(client, response.url).words("h1") == ["Ministry of Examples"]
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.is_open) == (user, False)


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "guest@example.org"])
def test_weak_password_opens_nothing_and_keeps_the_name(client, address, password):
    page = Page(client.post(address, ACCOUNT | {"password": password}))

    assert (get_user_model().objects.count(), members()) == (0, [])
    assert [field.get("value") for field in page.all("input[name=first_name]")] == ["Sok"]
    assert [field.get("value") for field in page.all("input[name=password]")] == [None]


def test_person_with_an_account_signs_in_then_joins(client, agency, address):
    user = make.person(GUEST)

    page = get(client, address)
    assert page.words(".lead") == ["There is an account for guest@example.org. Sign in, and you can join at once."]
    assert [link.get("href") for link in page.all("main a.button")] == [f"/accounts/login/?next={address}"]

    client.force_login(user)
    assert get(client, address).words("button")[-1] == "Join Ministry of Examples"
    response = client.post(address)

    assert (response.status_code, response.url) == (302, f"/en/desk/agencies/{agency.code}/")
    assert members() == [(GUEST, "Ministry of Examples", "manager")]


def test_reading_the_page_joins_nobody(client, address):
    client.force_login(make.person(GUEST))

    get(client, address)

    assert members() == []


def test_account_is_not_opened_again_for_an_address_that_has_one(client, address):
    make.person(GUEST)

    assert client.post(address, ACCOUNT).status_code == 200
    assert (get_user_model().objects.count(), members()) == (1, [])


def test_another_person_with_the_letter_does_not_join(client, address):
    client.force_login(make.person("other@example.org"))

    assert "This invitation was written to guest@example.org." in get(client, address).words(".notice")[0]
    assert client.post(address).status_code == 200
    assert members() == []


def test_unverified_address_is_not_the_addressee(client, address):
    other = make.person("other@example.org")
    EmailAddress.objects.create(user=other, email=GUEST, verified=False)
    client.force_login(other)

    client.post(address)

    assert members() == []


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_closed_invitation_says_so_and_makes_nobody_a_member(client, agency, kind):
    fields = list(closed(agency))[kind]
    row = make.invitation(agency, GUEST, **fields)
    address = f"/en/invitation/{row.token}/"

    assert "This invitation is no longer valid" in get(client, address).words(".notice")[0]
    assert client.post(address, ACCOUNT).status_code == 200
    client.force_login(make.person(GUEST))
    assert client.post(address).status_code == 200
    assert members() == []


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_act_refuses_a_closed_invitation_whatever_the_page_showed(agency, kind):
    row = make.invitation(agency, GUEST, **list(closed(agency))[kind])

    with pytest.raises(joining.ValidationError) as refusal:
        joining.join(invitation=row, user=make.person(GUEST))

    assert (refusal.value.code, members()) == ("closed", [])


def test_guessed_token_is_not_found(client, invitation):
    assert client.get("/en/invitation/BCDFGHJKMNPQRSTVWXZ23456/").status_code == 404


def test_page_is_kept_by_no_cache(client, address):
    response = client.get(address)

    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def prepare():
    make.person(GUEST)
    return make.invitation(make.agency(), GUEST).token


def accept(token):
    user = get_user_model().objects.get(email=GUEST)
    return joining.join(invitation=Invitation.objects.get(token=token), user=user).role


def test_invitation_is_used_once_when_accepted_twice_at_once(race):
    token = race.prepare(prepare)

    outcomes = race(accept, [{"token": token}] * 4)

    assert sorted(map(str, outcomes)) == sorted(map(str, ["manager"] + [Refused("closed")] * 3))


def invite_a_stranger():
    return make.invitation(make.agency(), GUEST).token


def open_account(token):
    return joining.open_account(invitation=Invitation.objects.get(token=token), **ACCOUNT).email


def test_two_clicks_at_once_open_one_account(race):
    token = race.prepare(invite_a_stranger)

    outcomes = race(open_account, [{"token": token}] * 4)

    assert sorted(map(str, outcomes)) == sorted([GUEST, *[str(Refused("account"))] * 3])
