"""Registering a person in the back office; the letter on paper is the next step for who has no address."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from cms.models import Edition
from forum.registration import consenting, registering
from forum.registration.models import Registration
from forum.registration.staff_forms import StaffForm


@permission_required("registration.register_registration", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """For the current edition, or the one that the address names."""
    edition = Edition.objects.asked(request.GET)
    form = StaffForm(request.POST if request.method == "POST" else None, edition=edition, notice=consenting.noticed(edition))
    if person := registered(form, edition, request.user):
        _tell(request, person)
        return redirect("registration_register")
    context = {"form": form, "edition": edition, "editions": [each for each in Edition.objects.all() if not each.is_over]}
    template = "registration/back_office/register.html"
    return render(request, template, context, status=422 if form.errors else 200)


def registered(form: StaffForm, edition: Edition, user) -> Registration | None:
    """Whom the form registers; None where it does not, or the form has something to ask or to say."""
    if not form.is_valid():
        return None
    try:
        return registering.register(edition=edition, user=user, **form.cleaned_data)
    except registering.Doubles as doubles:
        form.show(doubles.people)
        form.add_error(None, doubles.messages[0])
    except ValidationError as refusal:
        form.add_error(None, refusal)
    return None


def _tell(request, person):
    words = _("%(name)s is registered, with the code %(code)s.")
    if person.is_held:
        words = _("A place is kept for %(name)s, with the code %(code)s, until it is paid. The order is there in a minute.")
    words %= {"name": person.name_latin, "code": person.short_code}
    buttons = []
    if person.is_coming and request.user.has_perm("registration.change_registration"):
        buttons = [messages.button(reverse("registration_letter", args=[person.pk]), _("Letter (PDF)"), new_window=True)]
    messages.success(request, words, buttons=buttons)
