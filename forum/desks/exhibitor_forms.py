"""What an exhibitor may type on the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exhibitors.models import Agency


class BookingForm(forms.Form):
    note = forms.CharField(
        label=_("Note for the organisers"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What you bring and need, such as power or a place near the entrance."),
    )


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 2}))


class AcceptForm(forms.Form):
    """Its button is the whole question."""


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Agency
        fields = ["about_en", "about_km", "website"]
        widgets = {
            "about_en": forms.Textarea({"rows": 6, "lang": "en"}),
            "about_km": forms.Textarea({"rows": 6, "lang": "km"}),
            "website": forms.URLInput,
        }
        help_texts = {
            "about_en": _("What visitors find at your booth, in a few sentences."),
        }
