"""What protocol officers type when a memorandum is signed, or when something becomes of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.mou.models import Event, Party


class SignForm(forms.Form):
    party = forms.ModelChoiceField(label=_("Party"), queryset=Party.objects.none())
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput({"type": "date"}))
    signatory_en = forms.CharField(
        label=_("Signatory, in English"),
        max_length=200,
        required=False,
        help_text=_("Honorific, name and office; public facts only."),
    )
    signatory_km = forms.CharField(label=_("Signatory, in Khmer"), max_length=200, required=False)

    def __init__(self, *args, memorandum, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = memorandum.parties.filter(signature=None).select_related("agency")


class EventForm(forms.Form):
    kind = forms.ChoiceField(label=_("Event"), choices=Event.Kind.choices)
    happened_on = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))
    note_en = forms.CharField(label=_("Note in English"), max_length=300, required=False)
    note_km = forms.CharField(label=_("Note in Khmer"), max_length=300, required=False)
