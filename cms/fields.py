"""Fields for people's own words."""

import unicodedata

from django import forms

# Joiners and the break that Khmer writing needs (U+200B to U+200D).
WANTED = {"\u200b", "\u200c", "\u200d"}


class Line(forms.CharField):
    """One line as it was typed, less what nobody types: marks that turn the direction of letters, and the like.

    They come along with copied text, and one of them can make a name read as another on a badge.
    """

    def to_python(self, value):
        value = super().to_python(value)
        return "".join(letter for letter in value if letter in WANTED or unicodedata.category(letter) != "Cf").strip()
