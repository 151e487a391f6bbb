"""What an office says of those in its queue: whom it means, yes or no, and why."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from cms.fields import Line
from forum.registration import approving
from forum.registration.models import Registration, Step


class DecisionForm(forms.Form):
    """``queue`` are those whom the office may decide; anybody else's code is refused."""

    people = forms.ModelMultipleChoiceField(
        Registration.objects.none(),
        to_field_name="code",
        error_messages={
            "required": gettext_lazy("Tick the people you mean."),
            "invalid_choice": gettext_lazy("Somebody whom you ticked does not await this decision any more."),
        },
    )
    verdict = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    reason = Line(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Needed for a no; the person reads it."),
    )

    def __init__(self, *args, queue, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = queue

    def ticked(self) -> list[str]:
        """So that a refusal loses nothing."""
        return self.data.getlist("people") if self.is_bound else []

    def seen(self) -> dict[str, int]:
        """Which version of each accreditation the page showed, by code."""
        pairs = (word.partition(":") for word in self.data.getlist("seen"))
        return {code: int(version) for code, _colon, version in pairs if version.isascii() and version.isdecimal()}

    def decide(self, step: str, user) -> tuple[int, dict[str, list[str]]] | None:
        """What ``approving.decide_many`` says; None where something was missing, which the form tells."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        try:
            return approving.decide_many(
                registrations=data["people"],
                step=step,
                is_yes=data["verdict"] == "yes",
                reason=data["reason"],
                seen=self.seen() if step == Step.SECURITY else None,
                user=user,
            )
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
