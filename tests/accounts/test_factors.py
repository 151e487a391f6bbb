"""Staff come in with a second factor or not at all; it is theirs, works once, and is not to be read from the database."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
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

from forum.accounts import factors, roles
from tests.factories import accounts, cms, exhibitors
from tests.pages import Page

PASSWORD = "a long enough secret"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STAFF_PAGES = ["/cms/", "/cms/pages/", "/cms/account/", "/cms/snippets/mou/memorandum/", "/cms/users/", "/onsite/",
               "/onsite/badges/", "/documents/1/letter.pdf", "/accounts/password/change/", "/accounts/email/"]  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def client():
    """Signs in by the forms alone."""
    return Client()


def person(*permissions, factor=True, **fields):
    user = accounts.user(*permissions, password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if factor:
        totp.TOTP.activate(user, SECRET)
    return user


def staff(**options):
    return person("wagtailadmin.access_admin", email="staff@example.org", **options)


def code(secret=SECRET, periods=0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + periods))


def sign_in(client, user, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD} | more)


def show(client, typed, address="mfa_authenticate"):
    return client.post(reverse(address), {"code": typed})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def secret_on(page) -> str:
    return "".join(Page(page).words("figcaption .code")[0].split())


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_staff_without_a_factor_are_led_to_setting_one_up(client, address):
    user = staff(factor=False)
    sign_in(client, user)

    assert client.get(address)["Location"] == "/accounts/2fa/"
    assert client.post(address)["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize("role", roles.ROLES)
def test_it_is_demanded_of_every_role(client, role):
    roles.make()
    user = person(factor=False)
    user.groups.add(roles.Group.objects.get(name=role))
    sign_in(client, user)

    inside = "/cms/" if user.has_perm("wagtailadmin.access_admin") else "/onsite/"
    assert client.get(inside)["Location"] == "/accounts/2fa/"


def test_it_is_demanded_of_administrators(client):
    sign_in(client, person(factor=False, is_superuser=True))

    assert client.get("/cms/")["Location"] == "/accounts/2fa/"


def test_exhibitors_are_not_asked(client):
    user = exhibitors.member(exhibitors.agency(), password=PASSWORD)
    sign_in(client, user)

    assert [client.get(page, follow=True).status_code for page in ("/en/desk/", "/accounts/email/")] == [200, 200]


def test_the_demonstration_asks_nobody_and_debugging_changes_nothing(client, settings):
    sign_in(client, staff(factor=False))

    settings.DEBUG = True
    assert client.get("/cms/").status_code == 302
    settings.DEMO = True
    assert client.get("/cms/").status_code == 200


def test_public_pages_ask_staff_for_nothing_and_do_not_look_at_the_session(client):
    edition = cms.edition()
    sign_in(client, staff(factor=False))
    address = f"/en/{edition.slug}/agenda/"
    stranger = Client().get(address)

    answer = client.get(address)

    assert answer.status_code == stranger.status_code == 200
    assert answer.get("Vary") == stranger.get("Vary")
    assert "Cookie" not in answer.get("Vary", "")


def test_password_alone_makes_no_session_for_whoever_has_a_factor(client):
    user = staff()

    assert sign_in(client, user)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get("/cms/")["Location"] == "/accounts/login/?next=/cms/"


def test_the_code_of_the_app_opens_the_door_with_a_new_session(client):
    sign_in(client, staff(), next="/cms/pages/")
    before = client.session.session_key

    assert show(client, code())["Location"] == "/cms/pages/"
    assert client.session.session_key not in {None, before}
    assert client.get("/cms/").status_code == 200


def test_khmer_figures_and_blanks_are_understood(client):
    sign_in(client, staff())

    show(client, " ".join(code()).translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")))

    assert is_signed_in(client)


@pytest.mark.parametrize("periods", [-1, 1])
def test_a_clock_may_be_half_a_minute_wrong(client, periods):
    sign_in(client, staff())

    show(client, code(periods=periods))

    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "000000x", "abcdef", "\x00", "1" * 5000, "٣" * 6])
def test_a_wrong_code_opens_nothing(client, typed):
    sign_in(client, staff())

    assert show(client, typed).status_code == 200
    assert not is_signed_in(client)


def test_a_code_works_once_as_long_as_any_clock_shows_it(client, monkeypatch):
    user, now = staff(), time.time()
    typed = code(periods=1)
    sign_in(client, user)
    show(client, typed)
    assert is_signed_in(client)

    for later in (1, 31, 59):  # allauth's own memory ends after 30
        monkeypatch.setattr("time.time", lambda later=later: now + later)
        other = Client()
        sign_in(other, user)
        assert "try the next" in show(other, typed).content.decode()
        assert not is_signed_in(other)


def test_the_code_that_set_the_app_up_does_not_sign_in_too(client):
    user = staff(factor=False)
    sign_in(client, user)
    secret = secret_on(client.get(reverse("mfa_activate_totp")))
    typed = code(secret)
    show(client, typed, "mfa_activate_totp")

    other = Client()
    sign_in(other, user)
    show(other, typed)

    assert not is_signed_in(other)


def test_after_five_wrong_codes_even_the_right_one_must_wait(client):
    sign_in(client, staff())

    for _try in range(5):
        show(client, "000000")
    late = show(client, code())

    assert "Too many failed login attempts" in late.content.decode()
    assert not is_signed_in(client)


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


def test_a_session_from_before_the_factor_must_show_it(client):
    user = staff(factor=False)
    sign_in(client, user)
    totp.TOTP.activate(user, SECRET)

    answer = client.get("/cms/pages/?p=2")
    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fcms%2Fpages%2F%3Fp%3D2"
    assert client.post(answer["Location"], {"code": "000000"}).status_code == 200
    assert client.get("/cms/").status_code == 302
    client.post(answer["Location"], {"code": code()})
    assert client.get("/cms/").status_code == 200


def test_whoever_removes_the_last_factor_is_led_to_a_new_one(client):
    sign_in(client, staff())
    show(client, code())

    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert client.get("/cms/")["Location"] == reverse("mfa_index")


def test_the_password_does_not_stand_in_for_the_factor(client):
    user = staff()
    sign_in(client, user)
    show(client, code())
    session = client.session
    session["account_authentication_methods"] = [record | {"at": 0} for record in session["account_authentication_methods"]]
    session.save()

    assert client.get(reverse("mfa_deactivate_totp"))["Location"].startswith(reverse("mfa_reauthenticate"))
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("mfa_deactivate_totp"))
    assert factors.kinds(user) == {"totp"}


def test_a_password_older_than_some_minutes_sets_up_no_factor(client):
    sign_in(client, staff(factor=False))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 400}]
    session.save()

    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_new_password_by_mail_is_no_way_round(client):
    user = staff()
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = next(line for line in Email.objects.get().message.splitlines() if "/password/reset/key/" in line)
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": "another long secret", "password2": "another long secret"})

    assert not is_signed_in(client)
    client.post(reverse("account_login"), {"login": user.email, "password": "another long secret"})
    assert not is_signed_in(client)
    assert Email.objects.filter(subject="Your password was changed").count() == 1


def test_an_invitation_is_no_way_round(client):
    user = staff()
    invitation = exhibitors.invitation(exhibitors.agency(), email=user.email)
    address = reverse("accounts:invitation", args=[invitation.token])

    for _step in ("a stranger", "half signed in"):
        client.post(address, {"first_name": "S", "last_name": "S", "password": PASSWORD})
        assert not is_signed_in(client)
        sign_in(client, user)
    assert client.get("/cms/")["Location"].startswith("/accounts/login/")


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
