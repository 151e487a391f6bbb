"""Registrations that are likely one person: found, set side by side, merged or said to be two."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from cms.models import Edition
from forum.desks import merging
from forum.desks.back_office_merging import MergeForm, facts_of
from forum.registration import duplicates
from forum.registration.models import Registration

PER_PAGE = 20
PERMISSION = "registration.change_registration"
SEES_ACCREDITATION = ("registration.clear_registration", "registration.change_accreditation")


@permission_required(PERMISSION, raise_exception=True)
@require_safe
def listing(request):
    """One edition's, the likeliest first."""
    editions = list(Edition.objects.order_by("-opens_on"))
    edition = next((each for each in editions if each.slug == request.GET.get("edition")), None) or Edition.objects.current()
    groups = duplicates.groups_of(edition) if edition else []
    page = Paginator(groups, PER_PAGE).get_page(request.GET.get("p"))
    for person in (person for group in page for person in group.people):
        person.channel = duplicates.channel_of(person)
    context = {"editions": editions, "edition": edition, "page": page, "number": len(groups)}
    return render(request, "desks/back_office/duplicates.html", context)


@permission_required(PERMISSION, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request, first, second):
    """Two side by side; POST merges them, or keeps that they are two people."""
    pair = _pair(first, second)
    if not (pair.first.is_live and pair.second.is_live):
        messages.warning(request, _("One of the two was merged or withdrawn meanwhile."))
        return _back(pair)
    if "different" in request.POST:
        duplicates.say_different(first=pair.first, second=pair.second, user=request.user)
        messages.success(request, _("Kept: these are two people."))
        return _back(pair)
    sees = any(map(request.user.has_perm, SEES_ACCREDITATION))
    form = MergeForm(request.POST if request.method == "POST" else None, pair=pair, sees_accreditation=sees)
    if form.is_valid():
        try:
            kept = merging.merge(**form.cleaned_data, user=request.user)
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, _("Merged: %(code)s stays.") % {"code": kept.short_code})
            return _back(pair)
    context = {"pair": pair, "form": form, "facts": facts_of(pair.first, pair.second)}
    return render(request, "desks/back_office/merge.html", context, status=422 if form.errors else 200)


def _pair(first: str, second: str) -> duplicates.Pair:
    """Two registrations of one edition."""
    people = Registration.objects.with_names().filter(erased_at=None)
    one, other = get_object_or_404(people, code=first), get_object_or_404(people, code=second)
    if one == other or one.edition_id != other.edition_id:
        raise Http404("no pair")
    return duplicates.pair_of(one, other)


def _back(pair):
    return redirect(f"{reverse('registration_duplicates')}?edition={pair.first.edition.slug}")
