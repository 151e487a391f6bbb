"""What an exhibitor may type on the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.fields import Line
from exhibitors.forms import LogoFields
from exhibitors.models import Agency, Product, Theme
from exhibitors.prices.quoting import Quote


class Priced(forms.Form):
    """Who pays, where the booth costs something; and always what it costs as its page says, to be agreed with."""

    bill_to_name = Line(label=_("Invoice to"), max_length=200)
    bill_to_tax_number = Line(label=_("Tax number"), max_length=40, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, typed=None, *, quote: Quote, agency: Agency):
        super().__init__(typed, initial={"bill_to_name": agency.name, "seen": quote.amount})
        self.order_fields(["note"])
        if quote.is_free:
            del self.fields["bill_to_name"], self.fields["bill_to_tax_number"]

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0

    def show(self, quote: Quote) -> None:
        """What is sent next agrees with this price."""
        self.data = self.data.copy()
        self.data["seen"] = quote.amount


class BookingForm(Priced):
    note = forms.CharField(
        label=_("Note for the organisers"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What you bring and need, such as power or a place near the entrance."),
    )


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 2}))


class AcceptForm(Priced):
    """Where the booth is free of charge, its button is the whole question."""


class ProfileForm(forms.ModelForm, LogoFields):
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.logo:
            del self.fields["without_logo"]


class ThemesForm(forms.Form):
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.none(),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to five: visitors look for exhibitors by them."),
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = edition.themes.all()


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = ["name_en", "name_km", "about_en", "about_km", "link"]
        widgets = {
            "name_en": forms.TextInput({"lang": "en"}),
            "name_km": forms.TextInput({"lang": "km"}),
            "about_en": forms.Textarea({"rows": 4, "lang": "en"}),
            "about_km": forms.Textarea({"rows": 4, "lang": "km"}),
            "link": forms.URLInput,
        }
