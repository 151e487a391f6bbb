"""What staff type about a person whom they register."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import languages
from cms.fields import Address
from cms.models import Edition
from forum.registration.consenting import Consenting
from forum.registration.forms import Contacted, PersonForm
from forum.registration.models import PassType, Registration


class StaffForm(Consenting, Contacted, PersonForm):
    """A person with an address or without one. Where somebody has the same name, a second look is asked for."""

    AGREES = gettext_lazy("The person has read this text on paper or here, and agrees.")
    agrees_is_required = False

    email = Address(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("Blank: nobody is written to. Print the letter for the person."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), choices=list(languages.OWN_NAMES.items()), widget=forms.RadioSelect
    )
    # The codes of those with the same name whom this form has shown.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    is_other = forms.BooleanField(label=gettext_lazy("None of these is the person."), required=False)

    def __init__(self, *args, edition: Edition, **kwargs):
        kwargs["initial"] = {"language": languages.current()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        passes = PassType.objects.filter(edition=edition).prefetch_related("quotas")
        self.pass_types = {pass_type.slug: pass_type for pass_type in passes}
        choices = [("", _("Choose a pass")), *((slug, self._label(each)) for slug, each in self.pass_types.items())]
        self.fields["pass_type"] = forms.ChoiceField(label=_("Pass"), choices=choices)
        self.order_fields(["pass_type", "honorific", "title", "name_km", "name_latin"])
        for last in ("agrees", "is_other"):
            if last in self.fields:
                self.fields[last] = self.fields.pop(last)
        self.doubles: list[Registration] = []
        if not self.data.get("shown"):
            self.fields["is_other"].widget = forms.HiddenInput()

    @staticmethod
    def _label(pass_type) -> str:
        words = pass_type.name
        if not pass_type.is_free:
            words = _("%(pass)s. Price: %(price)s") % {"pass": words, "price": pass_type.price_written}
        return _("%(pass)s (full)") % {"pass": words} if pass_type.is_full else words

    def clean_pass_type(self) -> PassType:
        return self.pass_types[self.cleaned_data["pass_type"]]

    def clean(self):
        data = super().clean()
        shown, is_other = data.pop("shown", ""), data.pop("is_other", False)
        data["seen"] = frozenset(shown.split()) if is_other else frozenset()
        return data

    def show(self, doubles: list[Registration]) -> None:
        """The same form once more, which now names these people and asks whether it is one of them."""
        self.doubles = doubles
        self.data = self.data.copy()
        self.data["shown"] = " ".join(double.code for double in doubles)
        self.data.pop("is_other", None)
        self.fields["is_other"].widget = forms.CheckboxInput()
