"""Fields for people's own words."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

# Joiners and the break that Khmer writing needs (U+200B to U+200D).
CONTROLS = re.compile(r"[\x01-\x1f\x7f-\x9f]+")
SEPARATORS = set(',;"<>')
WANTED = {"\u200b", "\u200c", "\u200d"}


class Line(forms.CharField):
    """One line as it was typed, less what nobody types: marks that turn the direction of letters, and the like.

    They come along with copied text, and one of them can make a name read as another on a badge.
    """

    def to_python(self, value):
        value = CONTROLS.sub(" ", super().to_python(value))
        return "".join(letter for letter in value if letter in WANTED or unicodedata.category(letter) != "Cf").strip()


class Address(forms.EmailField):
    """An address to which we write: one, and short enough to keep.

    Django takes quoted local parts, in which a comma may stand; whoever joins addresses by commas makes several of them.
    """

    def __init__(self, **options):
        super().__init__(**({"max_length": 254} | options))  # RFC 5321, 4.5.3.1.3

    def clean(self, value):
        value = super().clean(value)
        if SEPARATORS & set(value):
            raise ValidationError(self.default_validators[0].message, code="invalid")
        return value
