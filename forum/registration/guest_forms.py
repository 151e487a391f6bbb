"""What staff type of a guest in a sheet."""

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy

from cms import languages
from cms.fields import Address, Line
from forum.registration.forms import PersonForm

COLUMNS = (
    "external_key", "protocol_rank", "honorific", "name_latin", "name_km", "position", "position_km", "agency_name",
    "agency_name_km", "contact_name", "email", "phone", "language",
)  # fmt: skip


class GuestRowForm(PersonForm):
    """One row: a person with what a letter in both languages needs."""

    position_km = Line(label=gettext_lazy("Position in Khmer"), max_length=120, required=False)
    agency_name_km = Line(label=gettext_lazy("Agency in Khmer"), max_length=200, required=False)
    protocol_rank = forms.IntegerField(
        label=gettext_lazy("Protocol rank"), required=False, max_value=9_999, validators=[MinValueValidator(1)],
        help_text=gettext_lazy("1 is the highest."),
    )  # fmt: skip
    contact_name = Line(label=gettext_lazy("Contact, if it is not the person"), max_length=120, required=False)
    email = Address(
        label=gettext_lazy("E-mail address"), required=False,
        help_text=gettext_lazy("Of the person or the contact. Blank: the letter is printed."),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language of messages"), choices=list(languages.OWN_NAMES.items()))
    external_key = Line(
        label=gettext_lazy("Your reference"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as a staff number. A sheet finds the person by it."),
    )
