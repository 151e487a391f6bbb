"""What visitors may type on the site's own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """What cannot be read (too long, a character that is none) is as if it had not been typed."""

    q = forms.CharField(label=_("Words in English or Khmer"), required=False, max_length=100)

    def words(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("q", "")
