"""What a new person types."""

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
