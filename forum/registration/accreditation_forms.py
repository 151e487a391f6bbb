"""What a person, or staff for them, may type for security and the badge."""

import datetime
import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import countries, dates, images
from cms.fields import Line
from forum.registration.models import Accreditation, Registration
from forum.registration.photo_fields import FrameField, PhotoInput

LARGEST = 8_000_000  # bytes: a telephone's picture
OLDEST = 120  # years


class BirthDate(forms.DateField):
    """In either script's digits; as a browser's own field writes it, or with the day first."""

    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]

    def to_python(self, value):
        return super().to_python(value.translate(dates.LATIN_DIGITS) if isinstance(value, str) else value)

    def clean(self, value):
        day = super().clean(value)
        today = datetime.date.today()
        if (day and not today.year - OLDEST <= day.year) or (day and day > today):
            raise ValidationError(_("Nobody who comes was born on this day."), code="birth")
        return day


class DocumentNumber(Line):
    default_validators = [
        RegexValidator(
            r"^[0-9A-Z][0-9A-Z /.-]*\Z", gettext_lazy("Write the number as it stands in the document: letters and digits.")
        )
    ]

    def to_python(self, value):
        return re.sub(r"\s+", " ", super().to_python(value).translate(dates.LATIN_DIGITS).upper())


class AccreditationForm(forms.Form):
    """Only what the pass asks for; a photo may follow later, and one that is there stays until another comes."""

    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=Accreditation.Sex.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("As in the document."),
    )
    born_on = BirthDate(label=gettext_lazy("Birth date"))
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"))
    document_kind = forms.ChoiceField(
        label=gettext_lazy("Document"), choices=Accreditation.Document.choices, widget=forms.RadioSelect
    )
    document_number = DocumentNumber(
        label=gettext_lazy("Number of the document"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=PhotoInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    frame = FrameField()
    keep = forms.ChoiceField(
        label=gettext_lazy("Where is the face in the picture?"),
        required=False,
        choices=[("middle", gettext_lazy("In the middle")), ("top", gettext_lazy("Near the upper edge"))],
        initial="middle",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The picture is cut to the shape of a passport photo."),
    )

    def __init__(self, *args, registration: Registration, given: Accreditation | None, **kwargs):
        names = ("sex", "born_on", "nationality", "document_kind", "document_number")
        super().__init__(*args, initial={name: getattr(given, name) for name in names} if given else None, **kwargs)
        self.fields["nationality"].choices = [("", _("Choose")), *countries.choices(registration.edition_id)]
        self.fields["photo"].help_text = self._about_photo(given, registration)
        self.has_photo = bool(given and given.photo)
        self.fields["photo"].may_follow = not self.has_photo  # nobody is cleared without it: not asked now, nor optional
        if not registration.pass_type.asks_document:
            for name in names:
                del self.fields[name]
            self.fields["photo"].required = self.fields["photo"].widget.is_required = not self.has_photo

    @staticmethod
    def _about_photo(given, registration) -> str:
        words = _("Of you alone, from the front, without a hat or dark glasses. JPEG, PNG or WebP, at most %(size)s.")
        words %= {"size": filesizeformat(LARGEST)}
        if given and given.photo:
            more = _("There is a photo already; another one replaces it.")
        elif registration.pass_type.asks_document:
            more = _("You may add it later; nobody is cleared before it is there.")
        else:
            more = ""
        return f"{words} {more}".strip()

    def clean(self):
        data = super().clean()
        cut = {"keep": data.pop("keep", "") or "middle", "frame": data.pop("frame", None)}
        wrong_frame = self.errors.pop("frame", None)  # nobody sees its fields
        if photo := data.get("photo"):
            try:
                if wrong_frame:
                    raise images.no_frame()
                data["photo"] = images.portrait(photo, **cut)
            except ValidationError as refusal:
                self.add_error("photo", refusal)
        if self.errors and self.files.get("photo") and "photo" not in self.errors:
            self.ask_for_photo_again()
        return data

    def ask_for_photo_again(self) -> None:
        """A browser sends no file twice."""
        if self.files.get("photo"):
            self.add_error("photo", _("Please choose the file again."))
