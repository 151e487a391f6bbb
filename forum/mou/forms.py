"""What protocol officers type when a memorandum is signed, or when something becomes of it."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from forum.mou.models import Event, Party


class MemorandumForm(WagtailAdminModelForm):
    """A memorandum with its parties, of which those who signed stay as they were."""

    def clean(self):
        cleaned = super().clean()
        parties = self.formsets["parties"]
        parties.is_valid()  # so that each has said what it holds
        present = [form for form in parties.forms if getattr(form, "cleaned_data", None)]
        for form in present:
            if sentence := self._refusal(form):
                form.add_error(None, sentence)
                self.add_error(None, sentence)
        self._refuse_twins([form for form in present if not form.cleaned_data.get("DELETE")])
        return cleaned

    def _refusal(self, form) -> str:
        leaves = form.cleaned_data.get("DELETE")
        is_signed = bool(form.instance.pk) and form.instance.is_signed
        if is_signed and (leaves or set(form.changed_data) - {"ORDER"}):
            return gettext(
                "%(party)s has signed and stays as it is. Strike the signature first if it was recorded in error."
            ) % {"party": form.instance}
        if self.instance.pk and self.instance.signed_on and not form.instance.pk and not leaves:
            return gettext("Everybody has signed: nobody joins this memorandum any more.")
        return ""

    def _refuse_twins(self, forms):
        seen = set()
        for form in forms:
            party = form.cleaned_data
            key = party.get("agency") or (party.get("name_en", "").casefold(), party.get("name_km", ""))
            if key == ("", ""):  # refused by itself
                continue
            if key in seen:
                form.add_error(None, gettext("This party stands here already."))
                self.add_error(None, gettext("One party stands here twice."))
            seen.add(key)


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


class StrikeForm(forms.Form):
    party = forms.ModelChoiceField(label=_("Party"), queryset=Party.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It stays in the history."))

    def __init__(self, *args, memorandum, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = memorandum.parties.exclude(signature=None).select_related("agency")


class EventForm(forms.Form):
    kind = forms.ChoiceField(label=_("Event"), choices=Event.Kind.choices)
    happened_on = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))
    note_en = forms.CharField(label=_("Note in English"), max_length=300, required=False)
    note_km = forms.CharField(label=_("Note in Khmer"), max_length=300, required=False)
