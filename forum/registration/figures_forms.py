"""What people may tell so that the forum can be counted; every question may stay open."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.registration import counting
from forum.registration.models import Figures


class FiguresForm(forms.Form):
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        required=False,
        choices=[*Figures.Sex.choices, ("", gettext_lazy("No answer"))],
        widget=forms.RadioSelect,
    )
    province = forms.ChoiceField(label=gettext_lazy("Where you live or work"), required=False)
    body = forms.ChoiceField(
        label=gettext_lazy("Kind of body you come from"),
        required=False,
        choices=[("", gettext_lazy("No answer")), *Figures.Body.choices],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [("", _("No answer")), *counting.province_choices()]
