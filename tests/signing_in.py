"""Signing in without the forms."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client

from forum.accounts import factors, sessions


class Visitor(Client):
    """``force_login`` takes people the whole way, as the forms would: staff with their second factor."""

    def force_login(self, user, backend=None):
        super().force_login(user, backend)
        keep(self, {sessions.BEGAN: int(time.time()), sessions.SEEN: int(time.time())})
        if factors.is_demanded(get_user_model().objects.get(pk=user.pk)):  # its permissions are kept on the one asked
            show_factor(self, user)


def show_factor(client, user) -> None:
    """The factor that ``user`` has, or a new one, counts as shown in this session."""
    factor, _new = Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": ""}})
    records = [{"method": "mfa", "at": 0, "id": factor.pk, "type": "totp"}]
    keep(client, {AUTHENTICATION_METHODS_SESSION_KEY: records, "account_authentication_methods_user": str(user.pk)})


def keep(client, values: dict) -> None:
    """Writes into the session."""
    session = client.session
    session.update(values)
    session.save()
