"""The one door: allauth's pages in our dress and its letters among ours."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse
from post_office.models import Email

from forum.accounts.models import User

PASSWORD = "a long enough secret"
OUR_DRESS = '<a class="skip-link"'

FOR_ALL = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
]
FOR_PEOPLE = ["account_logout", "account_email", "account_change_password", "account_reauthenticate"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def person(client):
    user = User.objects.create_user("sok@example.org", PASSWORD, language="km")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("name", FOR_ALL)
def test_each_page_of_the_door_wears_our_dress(client, name, language):
    response = client.get(reverse(name), {"language": language})

    assert response.status_code == 200
    assert OUR_DRESS in response.content.decode()
    assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_each_page_of_an_account_wears_our_dress(client, person, name):
    client.force_login(person)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert OUR_DRESS in response.content.decode()


@pytest.mark.parametrize("name", ["account_reset_password_from_key", "account_confirm_email"])
def test_a_link_that_no_longer_works_says_so(client, name):
    keys = {"uidb36": "1", "key": "none-such"} if name.endswith("from_key") else {"key": "none-such"}

    page = client.get(reverse(name, kwargs=keys)).content.decode()

    assert "This link no longer works" in page
    assert OUR_DRESS in page


def test_right_address_and_password_open_the_door(client, person):
    response = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD, "next": "/en/editions/"})

    assert response.status_code == 302
    assert response["Location"] == "/en/editions/"


def test_wrong_password_is_said_beside_the_form_and_keeps_where_it_leads(client, person):
    page = client.post(
        reverse("account_login") + "?next=/en/desk/", {"login": person.email, "password": "wrong", "next": "/en/desk/"}
    ).content.decode()

    assert 'class="error-summary"' in page
    assert 'name="next" value="/en/desk/"' in page


def test_nobody_opens_an_account_unasked(client):
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})

    assert not User.objects.exists()


def test_the_letter_for_a_new_password_comes_in_the_persons_language(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})

    letter = Email.objects.get()
    assert letter.to == ["sok@example.org"]
    assert letter.headers["Content-Language"] == "km"
    link = next(line for line in letter.message.splitlines() if "/accounts/password/reset/key/" in line)
    assert link.endswith("?language=km")


def test_the_link_in_the_letter_lets_one_choose_a_new_password(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = next(line for line in Email.objects.get().message.splitlines() if "/password/reset/key/" in line)

    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "another long secret", "password2": "another long secret"})

    person.refresh_from_db()
    assert person.check_password("another long secret")


def test_a_stranger_is_told_the_same_and_gets_no_letter(client, person):
    known = client.post(reverse("account_reset_password"), {"email": person.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "stranger@example.org"})

    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert [letter.to for letter in Email.objects.all()] == [["sok@example.org"]]


def test_a_second_address_gets_a_letter_to_confirm_it(client, person):
    client.force_login(person)

    client.post(reverse("account_email"), {"action_add": "", "email": "second@example.org"})

    letter = Email.objects.get()
    assert letter.to == ["second@example.org"]
    assert "/accounts/confirm-email/" in letter.message


def test_every_form_of_the_door_is_in_our_words(client, person):
    client.force_login(person)
    words = client.get(reverse("account_change_password")).content.decode()

    for label in ("Password until now", "New password", "New password once more"):
        assert f">{label}</label>" in words
    assert "placeholder" not in words


def test_a_forgotten_password_is_one_link_away(client):
    assert f'href="{reverse("account_reset_password")}"' in client.get(reverse("account_login")).content.decode()
