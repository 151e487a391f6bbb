"""What may be asked of the programme, and typed about a session's place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.models import Room, Track
from cms.models import Edition


class ProgrammeFilter(forms.Form):
    """Narrows a day to one track, one room or some words; what is not known narrows nothing."""

    q = forms.CharField(label=_("Words in the title"), required=False, max_length=100)
    track = forms.ModelChoiceField(
        Track.objects.none(), label=_("Track"), to_field_name="code", required=False, empty_label=_("All tracks")
    )
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), to_field_name="code", required=False, empty_label=_("All rooms")
    )

    def __init__(self, data, *, edition: Edition):
        super().__init__(data, label_suffix="")
        self.fields["track"].queryset = Track.objects.filter(edition=edition)
        self.fields["room"].queryset = Room.objects.filter(edition=edition)

    def narrow(self, slots):
        self.is_valid()
        asked = self.cleaned_data
        if track := asked.get("track"):
            slots = slots.filter(session__track=track)
        if room := asked.get("room"):
            slots = slots.filter(room=room)
        if words := asked.get("q"):
            slots = slots.matching(words)
        return slots

    @property
    def is_narrowing(self) -> bool:
        return any(self.cleaned_data.values())


class SpeakerSearch(forms.Form):
    """Narrows the speakers to those whose names or affiliations hold some words."""

    q = forms.CharField(label=_("Name or affiliation"), required=False, max_length=100)

    def __init__(self, data):
        super().__init__(data, label_suffix="")

    def words(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("q", "")
