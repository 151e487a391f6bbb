"""What a focal point may type about a person."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import languages
from cms.fields import Address, Line
from forum.registration import linking
from forum.registration.consenting import ConsentForm, Consenting
from forum.registration.forms import PersonForm, RegistrationForm
from forum.registration.models import Delegation, PassType


class DelegateForm(Consenting, PersonForm):
    """A person without the agency, which is the delegation's, and without a contact, who is the focal point."""

    AGREES = gettext_lazy("The person has been told how their data is used, and agrees.")
    agency_name = None
    email = Address(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("Of the person. Blank: messages come to you, and you print a letter for the person."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), choices=list(languages.OWN_NAMES.items()), widget=forms.RadioSelect
    )
    external_key = Line(
        label=gettext_lazy("Your reference"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as a staff number. A sheet finds the person by it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"language": languages.current()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def find_agency(self, data):
        """It is the delegation's."""


class AllAgreeForm(ConsentForm):
    """One tick for many people."""

    AGREES = gettext_lazy("All these people have been told how their data is used, and agree.")


class NewDelegateForm(DelegateForm):
    """The person and the pass; one pass alone need not be chosen."""

    def __init__(self, *args, pass_types: list[PassType], **kwargs):
        super().__init__(*args, **kwargs)
        self.pass_types = {pass_type.slug: pass_type for pass_type in pass_types}
        choices = [(slug, pass_type.name) for slug, pass_type in self.pass_types.items()]
        if len(choices) > 1:
            choices.insert(0, ("", _("Choose a pass")))
        only = choices[0][0] if len(choices) == 1 else None  # a row of the grid that holds nothing else is blank
        self.fields["pass_type"] = forms.ChoiceField(label=_("Pass"), choices=choices, initial=only)
        self.fields["pass_type"].error_messages["invalid_choice"] = self._no_such_pass()
        self.order_fields(["pass_type"])

    def _no_such_pass(self) -> str:
        """Somebody who types a pass into a sheet sees no list; the field fills in what was typed."""
        passes = ", ".join(pass_type.name for pass_type in self.pass_types.values()).replace("%", "%%")
        return _("There is no pass “%(value)s” here. Your delegation has: %(passes)s.") % {
            "value": "%(value)s", "passes": passes
        }  # fmt: skip

    def clean_pass_type(self) -> PassType:
        return self.pass_types[self.cleaned_data["pass_type"]]


class GridForm(NewDelegateForm):
    """One row of the grid: a blank one is nobody."""

    language = None
    external_key = None

    def clean(self):
        return super().clean() | {"language": languages.current()}


class Grid(forms.BaseFormSet):
    """Rows of the grid; those whose people were registered are blank again, the others keep what was typed."""

    def without(self, registered: set[int]) -> "Grid":
        data = self.data.copy()
        for number in registered:
            form = self.forms[number]
            for name in form.fields:  # the one pass there is stands in blank rows too
                data[form.add_prefix(name)] = form[name].initial or ""
        return type(self)(data, form_kwargs=self.form_kwargs)


GRID_ROWS = 10
NamesGrid = forms.formset_factory(
    GridForm, formset=Grid, extra=GRID_ROWS, min_num=0, max_num=GRID_ROWS, absolute_max=GRID_ROWS
)


class LinksForm(forms.Form):
    """How many links to places of which pass."""

    number = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=linking.AT_ONCE, initial=1)
    note = Line(
        label=gettext_lazy("Note"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For whom they are meant. You alone see it."),
    )

    def __init__(self, *args, pass_types: list[PassType], **kwargs):
        super().__init__(*args, **kwargs)
        self.pass_types = {pass_type.slug: pass_type for pass_type in pass_types}
        choices = [(slug, pass_type.name) for slug, pass_type in self.pass_types.items()]
        self.fields["pass_type"] = forms.ChoiceField(label=_("Pass"), choices=choices)
        self.order_fields(["pass_type"])

    def clean_pass_type(self) -> PassType:
        return self.pass_types[self.cleaned_data["pass_type"]]


class OnePassForm(RegistrationForm):
    """The public form for who opened a link to one pass."""

    def __init__(self, *args, pass_type: PassType, questions=(), **kwargs):
        asked = [each for each in questions if not each.passes.all() or pass_type in each.passes.all()]
        super().__init__(*args, pass_types=[pass_type], held=pass_type, questions=asked, **kwargs)
        self.fields.pop("code", None)
        self.fields["pass_type"].widget = forms.HiddenInput()
        self.initial["pass_type"] = pass_type.slug

    def clean(self):
        data = super().clean()
        data.pop("pass_type", None)
        return data


class OwnDetailsForm(OnePassForm):
    """The same where the agency is known too."""

    agency_name = None

    def clean(self):
        data = super().clean()
        data.pop("agency", None)
        return data


def passes_of(delegation: Delegation) -> list[PassType]:
    """Those of which the delegation has places, in their order."""
    places = delegation.places.select_related("pass_type").prefetch_related("pass_type__quotas")
    return [row.pass_type for row in places]
