"""What visitors may type on the exhibition's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
    """Narrows the directory."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Agency.Kind.choices])

    def read(self) -> tuple[str, str]:
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("kind", "")
