"""Staff come in with a second factor or not at all, whichever way they come."""

import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from forum.accounts import factors, roles
from tests.factories import cms, exhibitors
from tests.signing_in import PASSWORD, SECRET, code, is_signed_in, person, secret_on, show, sign_in, staff

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


def move_on(monkeypatch, moment: float) -> None:
    """Sets the clock that codes, limits and the cache go by."""
    monkeypatch.setattr("time.time", lambda: moment)
    monkeypatch.setattr("django.core.cache.backends.db.tz_now", lambda: datetime.fromtimestamp(moment, UTC))


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
        move_on(monkeypatch, now + later)
        other = Client()
        sign_in(other, user)
        assert "try the next" in show(other, typed).content.decode()
        assert not is_signed_in(other)


def test_a_served_code_does_not_wipe_out_the_wrong_ones(client, monkeypatch):
    user, now = staff(), time.time()
    served, right = code(), code(periods=2)
    sign_in(client, user)
    show(client, served)
    move_on(monkeypatch, now + 31)  # allauth has forgotten it, the clock's tolerance has not

    other = Client()
    sign_in(other, user)
    for typed in ("000000", "000000", "000000", "000000", served, "000000"):
        show(other, typed)

    assert "Too many tries" in show(other, right).content.decode()


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

    assert "Too many tries" in late.content.decode()
    assert not is_signed_in(client)


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


def test_a_password_given_a_moment_ago_removes_no_factor(client):
    user = person(factor=False)
    sign_in(client, user)
    totp.TOTP.activate(user, SECRET)  # in another window

    assert client.post(reverse("mfa_deactivate_totp"))["Location"].startswith(reverse("mfa_reauthenticate"))
    assert factors.kinds(user) == {"totp"}


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
