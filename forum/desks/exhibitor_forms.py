"""What an exhibitor may type on the desk."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms import dates
from cms.fields import Line
from exhibitors.forms import LogoFields
from exhibitors.models import Agency, Extra, MoveSlot, Product, Theme
from exhibitors.prices.extras import field_of
from exhibitors.prices.quoting import Quote
from forum.registration.question_fields import Upload

MOST = 1_000  # of one extra; more is a slip of the hand


class ExtrasForm(forms.Form):
    """How many of each extra, and who pays."""

    bill_to_name = Line(label=_("Invoice to"), max_length=200)
    bill_to_tax_number = Line(label=_("Tax number"), max_length=40, required=False)

    def __init__(self, *args, extras: list[Extra], agency: Agency, initial: dict | None = None, **kwargs):
        super().__init__(*args, initial={"bill_to_name": agency.name} | (initial or {}), **kwargs)
        self.extras = {field_of(extra): extra for extra in extras if not extra.is_late}
        for name, extra in self.extras.items():
            self.fields[name] = forms.IntegerField(
                label=_("%(extra)s, how many") % {"extra": extra.name},
                required=False, min_value=0, max_value=MOST, help_text=_describe(extra),
            )  # fmt: skip
        self.order_fields(["note", *self.extras, "bill_to_name", "bill_to_tax_number"])

    def clean(self):
        data = super().clean()
        wanted = {extra: data.pop(name, None) or 0 for name, extra in self.extras.items()}
        return data | {"wanted": wanted}


class Priced(ExtrasForm):
    """A booth with extras; and always what it costs as its page says, to be agreed with."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args, quote: Quote, **kwargs):
        super().__init__(*args, initial={"seen": quote.amount}, **kwargs)
        if quote.is_free and not self.extras:
            del self.fields["bill_to_name"], self.fields["bill_to_tax_number"]

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0

    def show(self, quote: Quote) -> None:
        """What is sent next agrees with this price."""
        self.data = self.data.copy()
        self.data["seen"] = quote.amount


def _describe(extra: Extra) -> str:
    """Its price, how many are left and until when, in as many sentences."""
    values = {"amount": extra.amount_written, "unit": extra.unit}
    words = [gettext("%(amount)s for each %(unit)s.") % values]
    if extra.watts:
        words.append(gettext("%(watts)s W each.") % {"watts": dates.digits(str(extra.watts))})
    if extra.left is not None:
        words.append(gettext("%(left)s left.") % {"left": dates.digits(str(extra.left))})
    if extra.order_until:
        words.append(gettext("Until %(day)s.") % {"day": dates.day(extra.order_until)})
    return " ".join(words)


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


class RemoveForm(forms.Form):
    """Its button is the whole question."""


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


class DocumentForm(forms.Form):
    file = Upload(label=_("File"), help_text=_("A PDF file or a picture (JPEG, PNG), of at most 5 MB."))


class MoveForm(forms.Form):
    """One time of each kind that the hall has. Full ones and late ones are not offered, but one's own is, and so is what was
    typed: where it filled meanwhile the act says so."""

    def __init__(self, typed=None, *, slots: list[MoveSlot], chosen: dict[str, MoveSlot]):
        super().__init__(typed, initial={kind: slot.code for kind, slot in chosen.items()})
        self.slots = {slot.code: slot for slot in slots}
        for kind in MoveSlot.Kind:
            of_kind = [slot for slot in slots if slot.kind == kind]
            asked = (typed or {}).get(kind)
            open_ones = [
                slot
                for slot in of_kind
                if slot == chosen.get(kind) or slot.code == asked or (slot.is_open and slot.left > 0)
            ]
            if open_ones:
                self.fields[kind.value] = forms.ChoiceField(
                    label=kind.label.capitalize(),
                    required=False,
                    choices=[(slot.code, _said(slot)) for slot in open_ones],
                    widget=forms.RadioSelect,
                )

    def slots_chosen(self) -> list[tuple[str, MoveSlot]]:
        return [(kind, self.slots[code]) for kind, code in self.cleaned_data.items() if code]


def _said(slot) -> str:
    begins, ends = (moment.astimezone(slot.hall.edition.zone) for moment in (slot.starts_at, slot.ends_at))
    left = gettext("%(number)s left") % {"number": dates.digits(str(slot.left))}
    hours = dates.digits(f"{begins:%H:%M}–{ends:%H:%M}")
    return f"{dates.day(begins.date())}, {hours} · {slot.door} ({left})"
