"""What a body types that asks for an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms import languages, uploads
from cms.fields import Address, Line
from cms.models import Edition
from exhibitors.forms import AgencyCountry
from exhibitors.models import AccountRequest


class AccountRequestForm(forms.ModelForm):
    country = AgencyCountry(initial="KH")
    letter = uploads.Upload(label=_("Stamped letter"))

    class Meta:
        model = AccountRequest
        fields = ["name_en", "name_km", "kind", "country", "website", "person", "position", "email", "phone", "language"]
        field_classes = {"name_en": Line, "name_km": Line, "person": Line, "position": Line, "phone": Line, "email": Address}
        labels = {
            "name_en": _("Name in English"),
            "name_km": _("Name in Khmer"),
            "person": _("Your name"),
            "position": _("Your position"),
            "language": _("Language of our letters"),
        }
        widgets = {
            "name_km": forms.TextInput({"lang": "km"}),
            "website": forms.URLInput,
            "person": forms.TextInput({"autocomplete": "name"}),
            "phone": forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        }

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].offer(edition)
        for name in ("person", "position", "email"):
            self.fields[name].required = True
        self.fields["language"].initial = languages.current()
        self.fields["letter"].help_text = uploads.told()
        self.order_fields([*self.Meta.fields, "letter"])


class AnswerForm(AccountRequestForm):
    """After a question: the address stays, and the letter too unless there is a new one. ``version`` is what was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, instance: AccountRequest, **kwargs):
        super().__init__(*args, instance=instance, edition=instance.edition, initial={"version": instance.version}, **kwargs)
        del self.fields["email"]
        self.fields["letter"].required = False
        self.fields["letter"].label = _("New stamped letter")


class ConfirmForm(forms.Form):
    """Its button is the whole question."""
