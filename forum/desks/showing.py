"""What an agency shows at a forum, on its desk: themes and products."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.privacy import personal
from exhibitors import showing
from exhibitors.models import Theme
from exhibitors.models.shown import PRODUCTS
from forum.desks.exhibitor_forms import ProductForm, RemoveForm, ThemesForm
from forum.desks.exhibitor_views import attempt, find_desk, show, typed


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request, agency, edition):
    """The products, and the themes as a form."""
    context = find_desk(request, agency, edition, by_pavilion=True)
    agency, edition = context["agency"], context["edition"]
    chosen = list(Theme.objects.filter(edition=edition, agencies=agency).order_by("chosen__place"))
    initial = {"themes": [theme.code for theme in chosen]}
    form = ThemesForm(typed(request), edition=edition, initial=initial)
    words = {"agency": agency, "edition": edition, "user": request.user}
    if attempt(form, showing.choose_themes, beside="themes", **words):
        messages.success(request, _("The themes have been saved."))
        return redirect("desks:showing", agency.code, edition.slug)
    products = list(agency.products.filter(edition=edition))
    context |= {"form": form, "chosen": chosen, "products": products, "is_full": len(products) >= PRODUCTS}
    return show(request, "showing", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def product(request, agency, edition, code=None):
    """A new product where no ``code`` is given, else what is said of one."""
    context = find_desk(request, agency, edition, by_pavilion=True)
    agency, edition = context["agency"], context["edition"]
    row = get_object_or_404(agency.products.filter(edition=edition), code=code) if code else None
    context["product"] = copy(row)  # as it is called, whatever is typed
    form = ProductForm(typed(request), instance=row)
    if attempt(form, showing.keep_product, agency=agency, edition=edition, user=request.user, product=row):
        messages.success(request, _("The product has been saved."))
        return redirect("desks:showing", agency.code, edition.slug)
    return show(request, "product", context | {"form": form})


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, agency, edition, code):
    context = find_desk(request, agency, edition, by_pavilion=True)
    agency, edition = context["agency"], context["edition"]
    row = get_object_or_404(agency.products.filter(edition=edition).select_related("edition", "agency"), code=code)
    form = RemoveForm(typed(request))
    if attempt(form, showing.remove_product, product=row, user=request.user):
        messages.success(request, _("The product has been removed."))
        return redirect("desks:showing", agency.code, edition.slug)
    return show(request, "product_remove", context | {"form": form, "product": row})
