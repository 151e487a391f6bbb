"""What people type at the door: to open an account, to sign in, to change what they sign in with."""

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class OpenAccountForm(forms.Form):
    """Name and password; the address is the invitation's."""

    first_name = forms.CharField(
        label=_("Given name"), max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Family name"), max_length=150, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least ten characters; a few words that belong together only for you are best."),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        words = super().clean()
        if "password" not in words:
            return words
        names = {name: words.get(name, "") for name in ("first_name", "last_name")}
        try:
            password_validation.validate_password(words["password"], get_user_model()(email=self.email, **names))
        except ValidationError as refusal:
            self.add_error("password", refusal)
        return words


class OurWords:
    """allauth's fields in our words, and none inside the boxes, where they vanish as soon as one types."""

    LABELS = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Password until now"),
        "password1": _("New password"),
        "password2": _("New password once more"),
        "name": _("Name of the passkey"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name in ("password", "oldpassword"):
                field.help_text = ""  # the page itself links to a new password


class SignInForm(OurWords, allauth.LoginForm):
    pass


class ReauthenticateForm(OurWords, allauth.ReauthenticateForm):
    pass


class AddAddressForm(OurWords, allauth.AddEmailForm):
    pass


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, allauth.SetPasswordForm):
    pass


class ForgottenPasswordForm(OurWords, allauth.ResetPasswordForm):
    pass


class NewPasswordForm(OurWords, allauth.ResetPasswordKeyForm):
    pass
