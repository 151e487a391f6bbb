"""What may be typed to check a paper."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST = 20_000_000  # bytes of a file that is compared


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of the paper"),
        max_length=200,
        help_text=gettext_lazy("It stands beside the QR code of the paper."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The file that you were sent (PDF)"),
        help_text=gettext_lazy("It is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > LARGEST:
            raise ValidationError(_("This file is larger than any paper of ours."), code="size")
        return self.cleaned_data["file"]
