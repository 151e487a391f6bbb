"""A factor is set up, kept and taken away; nobody reads it, and recovery codes are shown once."""

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forum.accounts import factors
from tests.pages import Page
from tests.signing_in import SECRET, code, is_signed_in, person, secret_on, show, sign_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def client():
    """Signs in by the forms alone."""
    return Client()


def test_a_recovery_code_signs_in_once(client):
    user = staff()
    first, *_others = RecoveryCodes.activate(user).get_unused_codes()
    sign_in(client, user)
    show(client, first)
    assert client.get("/cms/").status_code == 200

    other = Client()
    sign_in(other, user)
    cache.clear()
    show(other, first)
    assert not is_signed_in(other)


def test_setting_up_an_app_shows_recovery_codes_once_and_opens_the_door(client, django_capture_on_commit_callbacks):
    user = staff(factor=False, language="km")
    sign_in(client, user)
    before = client.session.session_key
    page = client.get(reverse("mfa_activate_totp"))
    assert Page(page).all("figure.qr img")[0].get("src").startswith("data:image/svg+xml;base64,")

    with django_capture_on_commit_callbacks(execute=True):
        done = show(client, code(secret_on(page)), "mfa_activate_totp")
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert client.session.session_key != before
    first, second = (Page(client.get(done["Location"])) for _ in range(2))

    codes = first.words(".recovery-codes li")
    assert len(set(codes)) == 10
    assert first.all("a[download]")[0].get("href") == "data:text/plain," + "".join(f"{each}%0A" for each in codes)
    assert second.words(".recovery-codes li") == []
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403
    assert client.get("/cms/").status_code == 200
    letter = Email.objects.get()
    assert (letter.to, letter.headers["Content-Language"]) == (["staff@example.org"], "km")


def test_new_recovery_codes_end_the_old_ones(client, django_capture_on_commit_callbacks):
    user = staff()
    old = RecoveryCodes.activate(user).get_unused_codes()
    sign_in(client, user)
    show(client, code())

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_generate_recovery_codes"))

    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert not set(old) & set(RecoveryCodes.activate(user).get_unused_codes())
    assert Email.objects.get().subject == "New recovery codes"


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize(
    "name",
    ["email_changed", "email_deleted", "password_changed", "password_reset", "password_set", "recovery_codes_generated",
     "totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed"],
)  # fmt: skip
def test_each_notice_is_in_the_language_of_whom_it_concerns(rf, name, language):
    addresses = {"from_email": "old@example.org", "to_email": "new@example.org", "deleted_email": "old@example.org"}
    request = rf.get("/", REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Test")

    with request_context(request):
        get_adapter(request).send_notification_mail(f"account/email/{name}", person(language=language), addresses)

    letter = Email.objects.get()
    assert letter.headers["Content-Language"] == language
    assert letter.subject
    assert "192.0.2.7" in letter.message
    assert {"en": "(Phnom Penh)", "km": "(ភ្នំពេញ)"}[language] in letter.message


def test_secrets_are_not_to_be_read_from_the_database(client):
    user = staff()
    RecoveryCodes.activate(user)

    stored = [str(data) for data in Authenticator.objects.values_list("data", flat=True)]

    assert not any(SECRET in each for each in stored)
    assert not any(re.search(r"'seed': '[0-9a-f]{80}'", each) for each in stored)


def test_a_changed_key_still_opens_what_the_earlier_one_sealed(client, settings):
    sign_in(client, staff())
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10

    show(client, code())

    assert is_signed_in(client)


def test_a_factor_that_no_key_opens_is_refused_with_a_sentence(client, settings):
    user = staff()
    settings.SECRET_KEY = "another" * 10
    sign_in(client, user)

    assert "can no longer be read" in show(client, code()).content.decode()
    assert not is_signed_in(client)


PAGES = ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_generate_recovery_codes"]
PAGES_WITH_FACTOR = ["mfa_index", "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_view_recovery_codes"]


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize(
    ("name", "has_factor"), [(name, False) for name in PAGES] + [(name, True) for name in PAGES_WITH_FACTOR]
)
def test_each_page_wears_our_dress_and_is_kept_nowhere(client, name, has_factor, language):
    user = person(factor=has_factor)
    if has_factor:
        RecoveryCodes.activate(user)
    sign_in(client, user)
    show(client, code())

    answer = client.get(reverse(name), {"language": language})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<a class="skip-link"' in page
    assert f'<html lang="{language}">' in page
    assert "no-store" in answer["Cache-Control"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style| on\w+=|style=", page)


@pytest.mark.parametrize("name", [*PAGES, *PAGES_WITH_FACTOR])
def test_a_stranger_is_led_to_sign_in(client, name):
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_an_administrator_takes_away_what_was_lost(client):
    lost, boss = staff(language="km"), person(is_superuser=True)
    RecoveryCodes.activate(lost)
    sign_in(client, boss)
    show(client, code())
    address = reverse("accounts_take_away_factor", args=[lost.pk])
    assert address in client.get("/cms/users/").content.decode()
    assert SECRET not in client.get(address).content.decode()

    client.post(address)

    assert not Authenticator.objects.filter(user=lost).exists()
    letter = Email.objects.get(to="staff@example.org")
    assert letter.headers["Content-Language"] == "km"
    entry = ModelLogEntry.objects.get(action="accounts.take_away_factor")
    assert (entry.user, entry.object_id) == (boss, str(lost.pk))


def test_what_was_taken_away_opens_no_running_session_either(client):
    lost = staff()
    sign_in(client, lost)
    show(client, code())
    factors.take_away(person=lost, by=None)
    totp.TOTP.activate(lost, "ANOTHERSECRETANOTHERSECRET234567")

    assert client.get("/cms/")["Location"].startswith(reverse("mfa_reauthenticate"))


def test_nobody_but_an_administrator_takes_anything_away(client):
    lost = person()
    sign_in(client, person("wagtailadmin.access_admin", "accounts.change_user", email="staff@example.org"))
    show(client, code())

    assert client.post(reverse("accounts_take_away_factor", args=[lost.pk]))["Location"] == "/cms/"  # Wagtail's refusal
    assert factors.kinds(lost) == {"totp"}


@pytest.mark.parametrize("whose", ["own", "none"])
def test_what_cannot_be_taken_away(whose):
    boss = person()
    lost = boss if whose == "own" else person(factor=False)

    with pytest.raises(ValidationError) as refusal:
        factors.take_away(person=lost, by=boss)

    assert refusal.value.code == whose
    assert factors.kinds(boss) == {"totp"}


def test_from_the_command_line_where_no_administrator_is_left():
    lost = person(email="Boss@example.org", is_superuser=True)

    call_command("take_away_factor", "boss@EXAMPLE.org")

    assert factors.kinds(lost) == set()
    assert ModelLogEntry.objects.get(action="accounts.take_away_factor").user is None
    with pytest.raises(CommandError, match="no second factor"):
        call_command("take_away_factor", "boss@example.org")
    with pytest.raises(CommandError, match="Nobody"):
        call_command("take_away_factor", "stranger@example.org")


@pytest.mark.parametrize(
    "credential", ["", "1", "[]", "null", '"x"', "{", '{"id": 1}', '{"response": {}}', '{"rawId": "AA"}']
)
def test_an_answer_that_no_browser_gives_is_refused(client, credential):
    sign_in(client, person(factor=False))

    client.get(reverse("mfa_add_webauthn"))
    assert client.post(reverse("mfa_add_webauthn"), {"credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["", "1", "[]", "null", "{", '{"id": 1}', '{"rawId": "AA", "response": {"x": 1}}'])
def test_nor_does_it_sign_anybody_in(client, credential):
    sign_in(client, staff())

    client.get(reverse("mfa_authenticate"))
    assert client.post(reverse("mfa_authenticate"), {"credential": credential}).status_code == 200
    assert not is_signed_in(client)
