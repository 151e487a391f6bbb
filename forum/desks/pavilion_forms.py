"""What a pavilion's organiser may type to divide its booths."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cms.fields import Address, Line
from exhibitors import pavilions
from exhibitors.forms import AgencyCountry
from exhibitors.models import Agency, Booking, Pavilion


class MemberForm(forms.Form):
    name = Line(
        label=_("Name of the agency"),
        max_length=200,
        help_text=_("In English or Khmer. One that is not known yet you enter on the next page."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class NewMemberForm(forms.Form):
    name_en = Line(label=_("Name in English"), max_length=200)
    name_km = Line(label=_("Name in Khmer"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"))
    country = AgencyCountry()
    email = Address(
        label=_("E-mail address"), help_text=_("Of the person who acts for it: they get a letter with an invitation.")
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)

    def __init__(self, *args, pavilion: Pavilion, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = pavilions.kinds(pavilion)
        self.fields["kind"].choices = [choice for choice in Agency.Kind.choices if choice[0] in allowed]
        self.fields["country"].offer(pavilion.edition)


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The agency reads it in its letter."),
    )


class SignForm(forms.ModelForm):
    class Meta:
        model = Booking
        fields = ["fascia_en", "fascia_km"]
        labels = {"fascia_en": _("In English"), "fascia_km": _("In Khmer")}
        help_texts = {"fascia_en": _("Blank: the name of the agency.")}
        widgets = {"fascia_km": forms.TextInput({"lang": "km"})}
        field_classes = {"fascia_en": Line, "fascia_km": Line}
