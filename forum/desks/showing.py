"""What an agency shows at a forum, on its desk: themes and products."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.models import Edition
from cms.privacy import personal
from exhibitors import showing
from exhibitors.models import Theme
from exhibitors.models.shown import PRODUCTS
from forum.desks.exhibitor_forms import ProductForm, RemoveForm, ThemesForm
from forum.desks.exhibitor_views import find_membership


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request, agency, edition):
    """The products, and the themes as a form."""
    context = _found(request, agency, edition)
    agency, edition = context["agency"], context["edition"]
    chosen = list(Theme.objects.filter(edition=edition, agencies=agency).order_by("chosen__place"))
    initial = {"themes": [theme.code for theme in chosen]}
    form = ThemesForm(_typed(request), edition=edition, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            showing.choose_themes(agency=agency, edition=edition, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("themes", refusal)
        else:
            messages.success(request, _("The themes have been saved."))
            return redirect("desks:showing", agency.code, edition.slug)
    products = list(agency.products.filter(edition=edition))
    context |= {"form": form, "chosen": chosen, "products": products, "is_full": len(products) >= PRODUCTS}
    return render(request, "desks/exhibitor/showing.html", context, status=422 if form.errors else 200)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def product(request, agency, edition, code=None):
    """A new product where no ``code`` is given, else what is said of one."""
    context = _found(request, agency, edition)
    agency, edition = context["agency"], context["edition"]
    row = get_object_or_404(agency.products.filter(edition=edition), code=code) if code else None
    context["product"] = copy(row)  # as it is called, whatever is typed
    form = ProductForm(_typed(request), instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            showing.keep_product(agency=agency, edition=edition, user=request.user, product=row, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The product has been saved."))
            return redirect("desks:showing", agency.code, edition.slug)
    context["form"] = form
    return render(request, "desks/exhibitor/product.html", context, status=422 if form.errors else 200)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, agency, edition, code):
    context = _found(request, agency, edition)
    agency, edition = context["agency"], context["edition"]
    row = get_object_or_404(agency.products.filter(edition=edition).select_related("edition", "agency"), code=code)
    form = RemoveForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            showing.remove_product(product=row, user=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The product has been removed."))
            return redirect("desks:showing", agency.code, edition.slug)
    context |= {"form": form, "product": row}
    return render(request, "desks/exhibitor/product_remove.html", context, status=409 if form.errors else 200)


def _found(request, agency, edition) -> dict:
    """Who asks, for which agency and forum; who may only look is refused when they write."""
    membership = find_membership(request, agency, by_pavilion=True)
    return {"membership": membership, "agency": membership.agency, "edition": Edition.objects.get_or_404(edition)}


def _typed(request):
    return request.POST if request.method == "POST" else None
