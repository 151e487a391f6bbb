"""An agency orders a sponsor's package, and sees what belongs to it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cms.fields import Line
from cms.models import Edition
from cms.privacy import personal
from exhibitors.models import Package, Sponsorship
from forum.desks.exhibitor_views import find_membership
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
    membership, edition = find_membership(request, agency), Edition.objects.get_or_404(edition)
    rows = Package.objects.filter(price_list__edition=edition).select_related("price_list__edition", "zone")
    form = PackageForm(request.POST if request.method == "POST" else None, packages=rows, agency=membership.agency)
    if request.method == "POST" and form.is_valid():
        try:
            order = booth_orders.sponsor(agency=membership.agency, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The package is kept for you until its order is paid."))
            return redirect("payments:order", order.token)
    theirs = membership.agency.sponsorships.exclude(state=Sponsorship.State.ENDED)
    context = {
        "membership": membership,
        "agency": membership.agency,
        "edition": edition,
        "packages": rows,
        "theirs": theirs.filter(package__price_list__edition=edition)
        .select_related("package")
        .prefetch_related("entitlements"),
        "form": form,
    }
    return render(request, "desks/exhibitor/packages.html", context, status=409 if form.errors else 200)
