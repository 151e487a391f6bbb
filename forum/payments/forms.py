"""What a payer may type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.fields import Line


class BillToForm(forms.Form):
    """Who the invoice is for."""

    name = Line(label=_("Name on the invoice"), max_length=200)
    agency = Line(label=_("Agency"), max_length=200, required=False)
    tax_number = Line(label=_("Tax number"), max_length=40, required=False)
