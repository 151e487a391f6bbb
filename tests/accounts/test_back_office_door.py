"""The back office is entered by the one door, by those alone who have business there, and not by guessing."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from forum.accounts.models import User
from tests.factories import accounts

PASSWORD = "a long enough secret"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried_yet():
    cache.clear()


def staff(*permissions, email="staff@example.org") -> User:
    user = accounts.user(*permissions, email=email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def sign_in(client, email="staff@example.org", password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password} | extra)


@pytest.mark.parametrize(
    "address", ["/cms/", "/cms/pages/", "/cms/users/", "/cms/snippets/mou/memorandum/", "/cms/account/"]
)
def test_a_stranger_is_led_to_the_one_door_and_back(client, address):
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_wagtails_own_screen_leads_to_the_one_door(client):
    response = client.get("/cms/login/?next=/cms/pages/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/cms/pages/")
    assert client.post("/cms/login/", {"username": "staff@example.org", "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "address", ["password_reset/", "password_reset/done/", "password_reset/confirm/MQ/set-password/", "change_password/"]
)
def test_wagtails_other_screens_for_passwords_do_not_exist(client, address):
    client.force_login(accounts.user(is_superuser=True))

    assert client.get(f"/cms/{address}", follow=True).status_code == 404


def test_the_account_page_changes_neither_password_nor_address_nor_portrait(client):
    client.force_login(accounts.user(is_superuser=True))

    page = client.get("/cms/account/").content.decode()

    for name in ("password-new_password1", "name_email-email", "avatar-avatar"):
        assert f'name="{name}"' not in page


def test_right_password_leads_on_to_where_one_was_going(client):
    staff("wagtailadmin.access_admin")

    assert sign_in(client, next="/cms/")["Location"] == "/cms/"
    assert client.get("/cms/")["Location"] == reverse("mfa_index")


def test_wagtails_screen_for_readers_signs_nobody_in(client):
    staff()

    client.post("/en/_util/login/", {"username": "staff@example.org", "password": PASSWORD})

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(client, elsewhere):
    staff("wagtailadmin.access_admin")

    assert sign_in(client, next=elsewhere)["Location"] == reverse("desks:mine")


def test_whoever_has_no_business_there_is_told_so_and_not_sent_round(client):
    client.force_login(staff("badges.add_badgeprint"))

    response = client.get("/cms/", follow=True)

    assert (response.status_code, response.redirect_chain) == (403, [])
    assert "This is not open to you" in response.content.decode()


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client):
    staff()

    for _try in range(5):
        assert "_auth_user_id" not in (sign_in(client, password="wrong"), client.session)[1]
    late = sign_in(client)

    assert "Too many tries" in late.content.decode()
    assert "_auth_user_id" not in client.session


def test_who_tries_many_accounts_is_told_to_wait_in_our_dress(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "3/m/ip"}

    answers = [sign_in(client, email=f"{number}@example.org") for number in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Too many tries" in answers[-1].content.decode()
    assert client.get(reverse("account_login")).status_code == 200


def test_opening_an_account_unasked_is_kindly_refused(client):
    page = client.get("/accounts/signup/")

    assert page.status_code == 200
    assert 'type="password"' not in page.content.decode()


def test_a_form_without_its_token_is_refused(client):
    client.handler.enforce_csrf_checks = True

    assert sign_in(client).status_code == 403


def test_pictures_have_no_addresses_that_draw_what_anybody_asks_for():
    with pytest.raises(NoReverseMatch):
        reverse("wagtailimages_serve", args=["signature", 1, "original"])
