"""The floor staff's form for who stands at the desk and is not registered."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cms.models import Edition
from forum.desks.onsite import floor_staff
from forum.payments import ordering
from forum.registration import consenting
from forum.registration.back_office_registering import registered
from forum.registration.staff_forms import StaffForm


@floor_staff("registration.register_registration", desk="registration")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """What was searched for in vain is filled in; who is registered has their badge printed on the next page, or sees there
    what is to be paid."""
    edition = Edition.objects.current()
    if edition is None:
        return redirect("onsite:home")
    name = request.GET.get("name", "")[:120]
    form = StaffForm(
        request.POST if request.method == "POST" else None,
        edition=edition,
        notice=consenting.noticed(edition),
        initial={"name_km" if any("\u1780" <= letter <= "\u17ff" for letter in name) else "name_latin": name},
    )
    if person := registered(form, edition, request.user):
        if person.is_held:
            ordering.place_for(person)
        return redirect("onsite:person", person.code)
    context = {"edition": edition, "form": form}
    return render(request, "desks/onsite_register.html", context, status=422 if form.errors else 200)
