"""The delegation's desk: links by which people take their places themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cms import languages
from cms.addresses import whole
from cms.privacy import personal
from forum.desks.delegation_views import find, show, typed
from forum.registration import linking
from forum.registration.delegation_forms import LinksForm, passes_of


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def links(request, agency, edition):
    """The open ones, to copy; and making more."""
    delegation = find(request, agency, edition)
    form = LinksForm(typed(request), pass_types=passes_of(delegation))
    if form.is_valid():
        try:
            linking.make(delegation=delegation, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The links are made. Send each to one person."))
            return redirect("desks:delegation:links", agency, edition)
    rows = list(delegation.links.open().select_related("pass_type"))
    for row in rows:
        row.address = whole("place:take", row.token, language=languages.current())
    return show(request, "desks/delegation/links.html", delegation, form, links=rows)


@personal
@login_required
@require_POST
def revoke(request, agency, edition, code):
    delegation = find(request, agency, edition)
    link = get_object_or_404(delegation.links.select_related("delegation"), code=code)
    try:
        linking.revoke(link=link, user=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The link is dead; its place is free again."))
    return redirect("desks:delegation:links", agency, edition)
