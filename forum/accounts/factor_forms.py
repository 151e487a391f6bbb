"""What people type of their second factor: a code, the name of a passkey."""

import struct
import unicodedata

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from forum.accounts import doorkeeping
from forum.accounts.forms import OurWords

LONGEST = 20  # figures


class WorksOnce:
    """A code that has served is refused as long as a clock somewhere may still show it (RFC 6238, 5.2).

    allauth forgets it after one period, though with its tolerance a code is good for three.
    """

    label = _("Code")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = self.label
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": LONGEST}

    def clean_code(self):
        code = self.cleaned_data["code"] = _figures(self.cleaned_data["code"])
        key = f"served:{self.user.pk}:{code}"
        if cache.get(key):
            raise get_adapter().validation_error("incorrect_code")
        super().clean_code()
        valid_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        if not cache.add(key, 1, timeout=valid_for):  # the same code in two windows at once
            raise get_adapter().validation_error("incorrect_code")
        return code


def _figures(typed: str) -> str:
    """Khmer figures are figures; blanks and hyphens are none."""
    return "".join(str(unicodedata.decimal(letter)) for letter in typed if letter.isdecimal())[:LONGEST]


class WritesFailures:
    """The history of the staff learns of a second factor that was wrong."""

    def _clean_fields(self):
        super()._clean_fields()
        if self.errors and self.user:
            doorkeeping.note_wrong_factor(self.user)


class CodeForm(WritesFailures, WorksOnce, allauth.AuthenticateForm):
    label = _("Code from your app, or a recovery code")


class CodeAgainForm(WritesFailures, WorksOnce, allauth.ReauthenticateForm):
    label = _("Code from your app, or a recovery code")


class FirstCodeForm(WorksOnce, ActivateTOTPForm):
    label = _("Code that the app shows now")

    @property
    def secret_in_fours(self) -> list[str]:
        """As people read a long word out or type it."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]


# What the parser of a passkey's answer raises when no browser wrote it; allauth expects some of these only.
MALFORMED = (TypeError, ValueError, LookupError, AttributeError, struct.error)


class AddPasskeyForm(OurWords, webauthn.AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=50)

    def clean(self):
        try:
            return super().clean()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_passkey") from None


class ReadsAnswer:
    def clean_credential(self):
        try:
            return super().clean_credential()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_passkey") from None


class PasskeyForm(WritesFailures, ReadsAnswer, webauthn.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(WritesFailures, ReadsAnswer, webauthn.ReauthenticateWebAuthnForm):
    pass


class RenamePasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    name = forms.CharField(max_length=50)
