"""Placing by hand: an application and a booth are chosen, and what speaks against it is said before the second press."""

import hashlib

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from exhibitors import offering
from exhibitors.models import Application, Booking, Booth

BOOKINGS = "wagtailsnippets_exhibitors_booking:list"


class OfferForm(forms.Form):
    application = forms.ModelChoiceField(Application.objects.none(), label=gettext_lazy("Application"))
    booth = forms.ModelChoiceField(Booth.objects.none(), label=gettext_lazy("Booth"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        has_one = Booking.objects.live().filter(application=OuterRef("pk"))
        waiting = Application.objects.filter(
            ~Exists(has_one), state__in=offering.MAY_BE_OFFERED, edition__closes_on__gte=timezone.localdate()
        )
        self.fields["application"].queryset = waiting.select_related("agency", "edition").order_by("agency__sort_key")
        self.fields["application"].label_from_instance = _name_application
        free = Booth.objects.to_give().free().filter(edition__closes_on__gte=timezone.localdate())
        self.fields["booth"].queryset = free.select_related("edition", "zone")
        self.fields["booth"].label_from_instance = _name_booth


def _name_application(row: Application) -> str:
    return f"{row.agency.name} · {row.get_state_display()} · {row.edition.short_name}"


def _name_booth(booth: Booth) -> str:
    area = _("%(area)s m²") % {"area": booth.area}
    return f"{booth.code} · {area} · {booth.zone.name} · {booth.edition.short_name}"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("exhibitors.decide_application", raise_exception=True)
def offer(request):
    form = OfferForm(
        request.POST if request.method == "POST" else None, initial={"application": request.GET.get("application")}
    )
    context = {"form": form, "back": BOOKINGS}
    if form.is_valid():
        application, booth = form.cleaned_data["application"], form.cleaned_data["booth"]
        try:
            against = _against(application, booth)
            read = _fingerprint(application, booth, against)
            if against and request.POST.get("read") != read:
                context |= {"warnings": against, "read": read, "application": application, "booth": booth}
                return render(request, "exhibitors/back_office/offer.html", context)
            offering.offer(application=application, booth=booth, user=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            values = {"booth": booth.code, "agency": application.agency.name}
            messages.success(request, _("Booth %(booth)s is offered to %(agency)s.") % values)
            return redirect(BOOKINGS)
    return render(request, "exhibitors/back_office/offer.html", context)


def _against(application, booth) -> list[str]:
    """Of a booth of another forum the act itself says that it is."""
    if application.edition_id != booth.edition_id:
        return []
    return offering.warnings(application=application, booth=booth)


def _fingerprint(application, booth, against) -> str:
    """Tells the second press, after these warnings were read, from the first."""
    return hashlib.sha256("\n".join([application.code, booth.code, *against]).encode()).hexdigest()
