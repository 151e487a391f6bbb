"""Sessions are new at sign-in and end: at sign-out, with the password, after an idle hour, after a working day."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from forum.accounts import sessions
from tests.factories import accounts

PASSWORD = "a long enough secret"
PAGE = "/accounts/email/"

pytestmark = pytest.mark.django_db


class Clock:
    """Now, in seconds, until it is moved on."""

    now = 1_800_000_000

    def time(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    moved = Clock()
    monkeypatch.setattr(sessions, "time", moved)
    return moved


@pytest.fixture
def user():
    cache.clear()
    made = accounts.user(email="sok@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def signed_in(user) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert is_open(client)
    return client


def is_open(client) -> bool:
    return client.get(PAGE).status_code == 200


def with_cookie(key) -> Client:
    client = Client()
    client.cookies["session"] = key
    return client


def test_an_id_from_before_signing_in_is_worth_nothing(user):
    client = Client()
    client.get(reverse("account_reset_password"))
    session = client.session
    session["mark"] = 1
    session.save()
    planted = client.session.session_key

    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    assert client.session.session_key != planted
    assert not is_open(with_cookie(planted))
    assert is_open(client)


def test_signing_out_ends_it_everywhere_the_cookie_may_be(user):
    client = signed_in(user)
    key = client.session.session_key

    client.post(reverse("account_logout"))

    assert not is_open(with_cookie(key))
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_password_ends_all_sessions(user):
    here, elsewhere = signed_in(user), signed_in(user)

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"},
    )

    user.refresh_from_db()
    assert user.check_password("another long secret")
    assert not is_open(here)
    assert not is_open(elsewhere)


def test_doing_nothing_for_an_hour_ends_it(user, clock):
    client = signed_in(user)
    key = client.session.session_key

    clock.now += 60 * 60

    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
    assert not is_open(with_cookie(key))


def test_whoever_does_something_stays_but_not_past_a_working_day(user, clock, settings):
    client, began = signed_in(user), clock.now

    while clock.now < began + settings.SESSION_COOKIE_AGE - 50 * 60:
        clock.now += 50 * 60
        assert is_open(client)
    clock.now = began + settings.SESSION_COOKIE_AGE

    assert not is_open(client)


def test_how_long_is_a_setting(user, clock, settings):
    settings.SESSION_IDLE_MINUTES = 5
    client = signed_in(user)

    clock.now += 5 * 60

    assert not is_open(client)


def test_it_is_written_once_a_minute_at_most(user, clock):
    client = signed_in(user)
    written = []
    for _second in range(90):
        clock.now += 1
        client.get(PAGE)
        written.append(client.session[sessions.SEEN])

    assert len(set(written)) == 2


def test_an_editor_left_open_is_nobody_at_work(clock):
    client = Client()
    client.force_login(accounts.user(is_superuser=True))
    client.get("/cms/")

    for _minute in range(60):
        clock.now += 60
        client.post("/cms/editing-sessions/release/1/")

    assert client.get("/cms/")["Location"] == "/accounts/login/?next=/cms/"
