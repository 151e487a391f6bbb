"""What visitors may type on the exhibition's pages."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms import countries, images, khmer
from cms.dates import digits
from cms.models import Edition
from exhibitors.directory import FILTERS, Directory
from exhibitors.models import Agency, Booth, Zone


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
    """Narrows the directory to words, a kind, a country, a zone and a theme; offered are those that some exhibitor has, each
    with how many it would leave. What cannot be read narrows nothing."""

    q = forms.CharField(label=_("Name or product"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.directory = Directory(edition)
        offered = self.directory.holders
        zones = Zone.objects.filter(code__in=list(offered["zone"]))
        themes = edition.themes.filter(code__in=list(offered["theme"]))
        self._offer("kind", _("All kinds"), [choice for choice in Agency.Kind.choices if choice[0] in offered["kind"]])
        self._offer("country", _("All countries"), [(code, countries.name(edition.pk, code)) for code in offered["country"]])
        self._offer("zone", _("All zones"), [(zone.code, zone.name) for zone in zones])
        self._offer("theme", _("All themes"), [(theme.code, theme.name) for theme in themes])
        self.is_valid()
        self.chosen = {name: self.cleaned_data.get(name, "") for name in self.fields}
        self.directory.search(self.chosen["q"])
        for name in FILTERS:
            self._count(name)

    def narrow(self) -> QuerySet[Agency]:
        return Agency.objects.filter(pk__in=self.directory.find(self.chosen))

    def _offer(self, name, everything, choices):
        self.fields[name].choices = [("", everything), *(choices if name == "kind" else sorted(choices, key=_by_name))]
        if name == "theme" and not choices:
            del self.fields[name]

    def _count(self, name):
        if name not in self.fields:
            return
        counts = self.directory.counts(name, self.chosen)
        first, *choices = self.fields[name].choices
        self.fields[name].choices = [first, *((code, f"{label} ({digits(str(counts[code]))})") for code, label in choices)]


class AgencyCountry(forms.ChoiceField):
    """Where an agency is from; a multilateral body is from no country."""

    def __init__(self, **kwargs):
        super().__init__(label=_("Country"), required=False, **kwargs)

    def offer(self, edition: Edition) -> None:
        """The countries as this edition calls them."""
        self.choices = [("", _("none (a multilateral body)")), *countries.choices(edition.pk)]


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
        return images.logo(file) if file else None


def _by_name(choice):
    return khmer.sort_key(choice[1])
