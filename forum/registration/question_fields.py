"""A question as a field of a form: what may be typed for each kind of answer."""

from decimal import Decimal

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cms import countries, dates, languages
from cms.fields import Line
from cms.uploads import LARGEST_FILE, Upload
from forum.registration import places
from forum.registration.models import NO, YES, Question

LONGEST_TEXT = 2000  # characters


class Phone(Line):
    """A telephone number in its international form (E.123); one without a country code is Cambodian."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})

    def __init__(self, **options):
        super().__init__(**({"max_length": 30} | options))

    def clean(self, value):
        typed = super().clean(value).translate(dates.LATIN_DIGITS)
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "KH")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise self._refusal()
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        if len(written) > self.max_length:
            raise self._refusal()
        return written

    @staticmethod
    def _refusal():
        return ValidationError(_("This does not look like a telephone number."), code="phone")


class Number(forms.DecimalField):
    """A number in either script's digits."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        typed = str(value if value is not None else "").translate(dates.LATIN_DIGITS).replace(",", "")
        return super().to_python(typed)

    def clean(self, value) -> str:
        number = super().clean(value)
        return "" if number is None else f"{number.normalize() + Decimal(0):f}"


class Day(forms.DateField):
    """A day, as a browser's own field for it writes."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value):
        return super().to_python(value.translate(dates.LATIN_DIGITS) if isinstance(value, str) else value)

    def clean(self, value) -> str:
        day = super().clean(value)
        return day.isoformat() if day else ""


class LongText(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 4})


def field_of(question: Question) -> forms.Field:
    """The field for one question, in the reader's language."""
    made = _KINDS[question.kind](question)
    made.label, made.help_text, made.required = question.label, _help(question), question.is_required
    made.widget.is_required = question.is_required
    made.widget.attrs |= _conditions(question)
    return made


def _help(question) -> str:
    words = [question.help]
    if question.kind == Question.Kind.FILE:
        words.append(_("PDF, JPEG or PNG, at most %(size)s.") % {"size": filesizeformat(LARGEST_FILE)})
    if passes := question.passes.all():
        words.append(_("Only for: %(passes)s.") % {"passes": ", ".join(each.name for each in passes)})
    if question.shown_after:
        words.append(_condition(question))
    return " ".join(filter(None, words))


def _condition(question) -> str:
    before = question.shown_after
    if not question.shown_on:
        return _("Only if you answered “%(question)s”.") % {"question": before.label}
    answer = before.written(question.shown_on)
    return _("Only if you answered “%(question)s” with “%(answer)s”.") % {"question": before.label, "answer": answer}


def _conditions(question) -> dict[str, str]:
    """What ``static/js/questions.js`` reads."""
    found = {}
    if passes := question.passes.all():
        found["data-passes"] = " ".join(each.slug for each in passes)
    if question.shown_after:
        found |= {"data-after": question.shown_after.field_name, "data-on": question.shown_on}
    return found


def _choices(question):
    return [(choice.code, choice.name) for choice in question.choices.all()]


def _one_of(rows, **options):
    return forms.ChoiceField(choices=[("", _("Choose")), *rows], **options)


_KINDS = {
    Question.Kind.TEXT: lambda _question: Line(max_length=200),
    Question.Kind.LONG_TEXT: lambda _question: LongText(max_length=LONGEST_TEXT),
    Question.Kind.CHOICE: lambda question: forms.ChoiceField(choices=_choices(question), widget=forms.RadioSelect()),
    Question.Kind.CHOICES: lambda question: forms.MultipleChoiceField(
        choices=_choices(question), widget=forms.CheckboxSelectMultiple()
    ),
    Question.Kind.YES_NO: lambda _question: forms.ChoiceField(
        choices=[(YES, _("Yes")), (NO, _("No"))], widget=forms.RadioSelect()
    ),
    Question.Kind.NUMBER: lambda _question: Number(max_digits=14, decimal_places=2),
    Question.Kind.DATE: lambda _question: Day(),
    Question.Kind.FILE: lambda _question: Upload(),
    Question.Kind.COUNTRY: lambda question: _one_of(countries.choices(question.edition_id)),
    Question.Kind.PROVINCE: lambda _question: _one_of(places.provinces(languages.current())),
    Question.Kind.PHONE: lambda _question: Phone(),
}
