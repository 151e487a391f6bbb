"""Signing in: by the forms with an app's codes, or without them."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from forum.accounts import factors, sessions
from tests.factories import accounts
from tests.pages import Page

PASSWORD = "a long enough secret"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Visitor(Client):
    """``force_login`` takes people the whole way, as the forms would this minute: staff with their second factor."""

    def force_login(self, user, backend=None):
        super().force_login(user, backend)
        now = int(time.time())
        keep(self, {sessions.BEGAN: now, sessions.SEEN: now})
        shown = {"method": "password", "at": now}
        if factors.is_demanded(get_user_model().objects.get(pk=user.pk)):  # its permissions are kept on the one asked
            shown = {"method": "mfa", "at": now, "id": _factor(user).pk, "type": "totp"}
        keep(self, {AUTHENTICATION_METHODS_SESSION_KEY: [shown], "account_authentication_methods_user": str(user.pk)})


def _factor(user) -> Authenticator:
    return Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": ""}})[0]


def keep(client, values: dict) -> None:
    """Writes into the session."""
    session = client.session
    session.update(values)
    session.save()


def person(*permissions, factor=True, **fields):
    """Somebody with a password, a proven address and, if wanted, an app."""
    user = accounts.user(*permissions, password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if factor:
        totp.TOTP.activate(user, SECRET)
    return user


def staff(**options):
    return person("wagtailadmin.access_admin", email="staff@example.org", **options)


def code(secret=SECRET, periods=0) -> str:
    """What the app shows, now or so many half minutes later."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + periods))


def sign_in(client, user, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD} | more)


def show(client, typed, address="mfa_authenticate"):
    return client.post(reverse(address), {"code": typed})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def secret_on(page) -> str:
    """The key that the page for setting up an app shows."""
    return "".join(Page(page).words("figcaption .code")[0].split())
