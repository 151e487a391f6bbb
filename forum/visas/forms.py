"""What a person writes for a visa letter."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import countries, dates
from cms.fields import Line
from forum.registration.accreditation_forms import BirthDate, DocumentNumber
from forum.registration.models import Registration
from forum.visas.models import VisaRequest

FACTS = ("nationality", "passport_number", "born_on", "expires_on", "arrives_on", "leaves_on", "post")


class Day(forms.DateField):
    """In either script's digits; as a browser's own field writes it, or with the day first."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = BirthDate.input_formats

    def to_python(self, value):
        return super().to_python(value.translate(dates.LATIN_DIGITS) if isinstance(value, str) else value)


class VisaForm(forms.Form):
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"))
    passport_number = DocumentNumber(
        label=gettext_lazy("Passport number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    born_on = BirthDate(label=gettext_lazy("Birth date"))
    expires_on = Day(label=gettext_lazy("The passport is valid until"))
    arrives_on = Day(label=gettext_lazy("You arrive on"))
    leaves_on = Day(label=gettext_lazy("You leave on"))
    post = Line(
        label=gettext_lazy("Embassy or consulate where you ask for the visa"),
        max_length=120,
        help_text=gettext_lazy("Such as: Embassy of Cambodia in Tokyo. If you get the visa on arrival, write that."),
    )

    def __init__(self, *args, registration: Registration, asked: VisaRequest | None, **kwargs):
        super().__init__(*args, initial={name: getattr(asked, name) for name in FACTS} if asked else None, **kwargs)
        self.fields["nationality"].choices = [("", _("Choose")), *countries.choices(registration.edition_id)]
        self.edition = registration.edition

    def clean(self):
        data = super().clean()
        arrives, leaves, expires = (data.get(name) for name in ("arrives_on", "leaves_on", "expires_on"))
        if arrives and leaves and leaves < arrives:
            self.add_error("leaves_on", ValidationError(_("This is before you arrive."), code="order"))
        elif leaves and leaves < self.edition.opens_on:
            self.add_error("leaves_on", ValidationError(_("You leave before the forum begins."), code="early"))
        if arrives and arrives > self.edition.closes_on:
            self.add_error("arrives_on", ValidationError(_("You arrive when the forum is over."), code="late"))
        if expires and expires < max(leaves or datetime.date.min, self.edition.opens_on):
            self.add_error(
                "expires_on", ValidationError(_("The passport must be valid while you are here."), code="expired")
            )
        return data
