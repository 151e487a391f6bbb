"""An agency orders a sponsor's package, and sees what belongs to it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cms.fields import Line
from cms.privacy import personal
from exhibitors.models import Package, Sponsorship
from forum.desks.exhibitor_views import attempt, find_desk, show, typed
from forum.payments import booth_orders


class PackageForm(forms.Form):
    package = forms.ModelChoiceField(
        Package.objects.none(), to_field_name="code", label=gettext_lazy("Package"), widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip
    bill_to_name = Line(label=gettext_lazy("Invoice to"), max_length=200)
    bill_to_tax_number = Line(label=gettext_lazy("Tax number"), max_length=40, required=False)

    def __init__(self, *args, packages, agency, **kwargs):
        super().__init__(*args, initial={"bill_to_name": agency.name}, **kwargs)
        self.fields["package"].queryset = packages
        self.fields["package"].label_from_instance = lambda package: f"{package.name} · {package.amount_written}"


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def packages(request, agency, edition):
    desk = find_desk(request, agency, edition)
    agency, edition = desk["agency"], desk["edition"]
    rows = Package.objects.filter(price_list__edition=edition).select_related("price_list__edition", "zone")
    form = PackageForm(typed(request), packages=rows, agency=agency)
    if order := attempt(form, booth_orders.sponsor, agency=agency, user=request.user):
        messages.success(request, _("The package is kept for you until its order is paid."))
        return redirect("payments:order", order.token)
    theirs = agency.sponsorships.exclude(state=Sponsorship.State.ENDED)
    context = desk | {
        "packages": rows,
        "theirs": theirs.filter(package__price_list__edition=edition)
        .select_related("package")
        .prefetch_related("entitlements"),
        "form": form,
    }
    return show(request, "packages", context)
