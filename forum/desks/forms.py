"""What floor staff type."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms import dates
from cms.fields import Line
from exhibitors.models import Agency
from forum.badges import printing
from forum.badges.models import BadgePrint, Order
from forum.checkin.models import Gate
from forum.registration.models import PassType, Registration


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name, agency, code or scan"),
        max_length=200,  # a scanned badge has 131 characters
        widget=forms.TextInput(attrs={"type": "search", "autofocus": True, "autocomplete": "off"}),
    )


class AgainForm(forms.Form):
    """Why a badge is printed once more."""

    reason = forms.ChoiceField(
        label=_("Why is it printed again?"),
        choices=[("", "–"), *BadgePrint.Reason.choices],
        help_text=_("The badge printed before is no longer valid from that moment."),
    )


class HandForm(forms.Form):
    """To whom a badge is handed over."""

    to = Line(
        label=_("To whom, if not to the person"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class UndoForm(forms.Form):
    """Why a badge was not handed over after all."""

    reason = Line(label=_("Why is it undone?"), max_length=200, help_text=_("The reason stands in the history."))


class HandManyForm(forms.Form):
    """Who gets the badges of an agency and signs for them."""

    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), to_field_name="code", empty_label=_("Choose an agency")
    )
    to = Line(label=_("Who signs for the list"), max_length=120, required=False)

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Registration.objects.of(edition).agencies()

    def clean(self):
        if "agency" in self.cleaned_data and not self.cleaned_data.get("to"):
            self.add_error("to", ValidationError(_("Write the name of who signs."), code="required"))


class ListForm(forms.Form):
    """Which people stand on a printed list, and in which groups."""

    class By(models.TextChoices):
        KHMER = "khmer", _("First letter in Khmer")
        LATIN = "latin", _("First letter in Latin")
        AGENCY = "agency", _("Agency")
        BOX = "box", _("Box")

    by = forms.ChoiceField(label=_("In groups by"), choices=By.choices, required=False)
    gate = forms.ModelChoiceField(
        label=_("Gate"), queryset=Gate.objects.none(), to_field_name="code", required=False, empty_label=_("All gates")
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("All agencies"),
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gate"].queryset = Gate.objects.filter(edition=edition)
        self.fields["agency"].queryset = Registration.objects.of(edition).agencies()

    def clean_by(self):
        return self.cleaned_data["by"] or self.By.KHMER


class OverrideForm(forms.Form):
    """Why a supervisor lets somebody in whom the gate has refused."""

    serial = forms.CharField(widget=forms.HiddenInput, max_length=20)
    reason = forms.CharField(
        label=_("Let in nevertheless, because"), max_length=200, help_text=_("The reason stands in the history.")
    )


class BatchForm(forms.Form):
    """Whose badges: by pass, by agency, all or those not yet printed."""

    pass_type = forms.ModelChoiceField(
        label=_("Pass"), queryset=PassType.objects.none(), to_field_name="slug", required=False, empty_label=_("All passes")
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("All agencies"),
    )
    day = forms.TypedChoiceField(label=_("Day"), coerce=datetime.date.fromisoformat, empty_value=None, required=False)
    reason = forms.ChoiceField(label=_("Those already printed"), required=False)
    order = forms.ChoiceField(label=pgettext_lazy("sequence", "Order"), choices=Order.choices, required=False)
    per_box = forms.IntegerField(
        label=_("Badges in a box"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("For boxes that are sorted before the day. Blank: no boxes."),
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["pass_type"].queryset = PassType.objects.filter(edition=edition)
        self.fields["agency"].queryset = Registration.objects.of(edition).agencies()
        days = edition.days if edition else []
        written = [(day, dates.weekday(datetime.date.fromisoformat(day))) for day in days]
        self.fields["day"].choices = [("", _("All days")), *written]
        whys = [(value, gettext("Print again: %(why)s") % {"why": label}) for value, label in BadgePrint.Reason.choices]
        self.fields["reason"].choices = [("", _("Leave out")), *whys]

    def clean_order(self):
        return self.cleaned_data["order"] or Order.KHMER

    def clean_per_box(self):
        return self.cleaned_data["per_box"] or 0

    def people(self):
        """The people chosen, in the order of the printed list."""
        filters = {name: value for name, value in self.cleaned_data.items() if name not in {"reason", "per_box"}}
        return printing.queue(edition=self.edition, again=bool(self.cleaned_data["reason"]), **filters)
