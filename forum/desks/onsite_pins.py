"""The PIN by which somebody of the floor staff is told from others at a shared device: set by oneself."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cms.refusals import beside
from forum.checkin import pins
from forum.desks.onsite import floor_staff

HIDDEN = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 12}


class PinForm(forms.Form):
    pin = forms.CharField(
        label=gettext_lazy("New PIN"), max_length=12, widget=forms.PasswordInput(attrs=HIDDEN),
        help_text=gettext_lazy("Six figures that you use nowhere else."),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("The same once more"), max_length=12, widget=forms.PasswordInput(attrs=HIDDEN)
    )

    def clean(self):
        data = super().clean()
        if "pin" in data and "again" in data and pins.figures(data["pin"]) != pins.figures(data["again"]):
            raise beside("again", _("This is another PIN than the one above."), "different")
        return data


@floor_staff(pins.PERMISSION, desk="pin")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request):
    form = PinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            pins.set_pin(user=request.user, typed=form.cleaned_data["pin"])
        except ValidationError as refusal:
            form.add_error("pin", refusal)
        else:
            messages.success(request, _("Your PIN is set. Every device knows it from now on."))
            return redirect("onsite:pin")
    context = {"form": form, "has_pin": pins.has_one(request.user), "show_messages": True}
    return render(request, "desks/pin.html", context, status=422 if form.errors else 200)
