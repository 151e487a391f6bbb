"""What visitors may type on the exhibition's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms import countries, images, khmer
from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth, Zone


class PlanFilter(forms.Form):
    """Narrows the plan and its table. What cannot be read is as if it had not been typed."""

    q = forms.CharField(label=_("Agency or booth"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All booths")), ("free", _("Free")), ("taken", _("Taken"))]
    )
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of exhibitor"), required=False, choices=[("", _("All kinds")), *Agency.Kind.choices]
    )
    type = forms.ChoiceField(label=_("Type of booth"), required=False, choices=[("", _("All types")), *Booth.Kind.choices])

    def __init__(self, *args, zones: list[Zone], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [("", _("All zones"))] + [(zone.code, zone.name) for zone in zones]

    def read(self) -> dict[str, str]:
        self.is_valid()
        read = self.cleaned_data
        return {"words": read.get("q", "")} | {name: read.get(name, "") for name in ("state", "zone", "kind", "type")}


class ExhibitorFilter(forms.Form):
    """Narrows the directory to words, a kind, a country and a zone; offered are those that some exhibitor has. What cannot
    be read narrows nothing."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Agency.Kind.choices])
    country = forms.ChoiceField(label=_("Country"), required=False)
    zone = forms.ChoiceField(label=_("Zone"), required=False)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.edition = edition
        codes = Agency.objects.exhibiting_at(edition).exclude(country="").order_by().values_list("country", flat=True)
        named = [(code, countries.name(edition.pk, code)) for code in codes]
        zones = Zone.objects.filter(pk__in=self._stands().values("booth__zone"))
        self.fields["country"].choices = [("", _("All countries")), *sorted(named, key=_by_name)]
        self.fields["zone"].choices = [("", _("All zones")), *sorted(((z.code, z.name) for z in zones), key=_by_name)]

    def narrow(self, agencies):
        self.is_valid()
        read = {name: self.cleaned_data.get(name, "") for name in self.fields}
        agencies = agencies.matching(read["q"])
        for name in ("kind", "country"):
            if read[name]:
                agencies = agencies.filter(**{name: read[name]})
        if read["zone"]:
            agencies = agencies.filter(pk__in=self._stands().filter(booth__zone__code=read["zone"]).values("agency"))
        return agencies

    def _stands(self):
        return Booking.objects.shown_at(self.edition)


class LogoFields(forms.Form):
    """What a form asks of a logo, on the desk and in the back office; drawn anew, as all that comes from outside."""

    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput({"accept": ".png,.jpg,.jpeg,.webp,.gif"}),
        help_text=_("PNG, JPEG, WebP or GIF; wide rather than high, best without a ground."),
    )
    without_logo = forms.BooleanField(label=_("Show no logo"), required=False)

    def clean_new_logo(self):
        file = self.cleaned_data["new_logo"]
        return images.reencode(file) if file else None


def _by_name(choice):
    return khmer.sort_key(choice[1])
