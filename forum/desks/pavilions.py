"""The desk of a pavilion's organiser: its booths, who stands in them, giving one and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import limits
from cms.models import Edition
from cms.privacy import personal
from exhibitors import pavilions
from exhibitors import plan as floor
from exhibitors.models import Agency, Booking, Pavilion
from forum.desks.exhibitor_views import attempt, find_membership, show, typed
from forum.desks.pavilion_forms import MemberForm, NewMemberForm, SignForm, TakeBackForm

CLOSE = 5  # agencies whose names are like the one that was typed


@personal
@login_required
@require_safe
def overview(request, agency, edition, pavilion):
    membership, row = _find(request, agency, edition, pavilion)
    stands = floor.stands(row.edition)
    theirs = [stand for stand in stands if stand.pavilion == row]
    for stand in theirs:
        stand.address = reverse("desks:pavilion_give", args=[agency, edition, pavilion, stand.booth.code])
        if stand.booking:
            stand.booking.booth = stand.booth
    sheets = floor.vicinity(stands, theirs)
    context = _context(membership, row) | {
        "stands": theirs,
        "sheets": sheets,
        "given": sum(stand.booking is not None for stand in theirs),
    }
    return render(request, "desks/exhibitor/pavilion.html", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request, agency, edition, pavilion, booth):
    """Asks for a name; one that nobody knows is asked for more."""
    membership, row = _find(request, agency, edition, pavilion)
    place = get_object_or_404(row.booths.filter(is_published=True).select_related("zone__hall"), code=booth)
    form = close = too_many = None
    if request.method == "POST":
        form, close = _read(request, row)
        if isinstance(form, NewMemberForm) and form.is_valid():
            too_many = limits.refusal(request, "invite", form.cleaned_data["email"])
            if too_many:
                form.add_error(None, too_many)
        if form.is_valid() and (booking := _give(request, row, place, form)):
            messages.success(request, _said(booking))
            return redirect("desks:pavilion", agency, edition, pavilion)
    booking = Booking.objects.live().filter(booth=place).select_related("agency", "booth").first()
    context = _context(membership, row) | {"booth": place, "booking": booking, "form": form or MemberForm(), "close": close}
    refused = request.method == "POST"
    response = render(request, "desks/exhibitor/pavilion_give.html", context, status=422 if refused else 200)
    return too_many.mark(response) if too_many else response


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, agency, edition, pavilion, booking):
    membership, row = _find(request, agency, edition, pavilion)
    found = _booking(row, booking)
    if found.has_ended:
        messages.info(request, _("Booth %(booth)s had come back already.") % {"booth": found.booth.code})
        return redirect("desks:pavilion", agency, edition, pavilion)
    form = TakeBackForm(typed(request))
    if attempt(form, pavilions.take_back, booking=found, user=request.user):
        messages.success(request, _("Booth %(booth)s is free for another member.") % {"booth": found.booth.code})
        return redirect("desks:pavilion", agency, edition, pavilion)
    return show(request, "pavilion_take_back", _context(membership, row) | {"booking": found, "form": form})


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, agency, edition, pavilion, booking):
    membership, row = _find(request, agency, edition, pavilion)
    found = _booking(row, booking)
    form = SignForm(typed(request), instance=found)
    if attempt(form, pavilions.rename, booking=found, user=request.user):
        messages.success(request, _("The sign of booth %(booth)s is written.") % {"booth": found.booth.code})
        return redirect("desks:pavilion", agency, edition, pavilion)
    return show(request, "pavilion_sign", _context(membership, row) | {"booking": found, "form": form})


def _find(request, agency, edition, pavilion):
    """The people of its organiser alone, and their pavilion."""
    membership, edition = find_membership(request, agency), Edition.objects.get_or_404(edition)
    rows = Pavilion.objects.filter(organiser=membership.agency, edition=edition).select_related("edition", "organiser")
    return membership, get_object_or_404(rows, code=pavilion)


def _booking(pavilion, code) -> Booking:
    rows = Booking.objects.filter(booth__pavilion=pavilion).select_related("booth__pavilion__organiser", "agency")
    return get_object_or_404(rows, code=code)


def _context(membership, pavilion) -> dict:
    return {
        "membership": membership,
        "agency": membership.agency,
        "edition": pavilion.edition,
        "pavilion": pavilion,
    }


def _read(request, pavilion):
    """The form that was sent: a name, or all that is asked of a new agency; and the agencies that may have been meant."""
    if "email" in request.POST:
        return NewMemberForm(request.POST, pavilion=pavilion), None
    form = MemberForm(request.POST)
    if not form.is_valid() or (found := Agency.objects.named(form.cleaned_data["name"])):
        if form.is_valid():
            form.agency = found
        return form, None
    name = form.cleaned_data["name"]
    return NewMemberForm(initial={"name_en": name}, pavilion=pavilion), list(Agency.objects.matching(name)[:CLOSE])


def _give(request, pavilion, booth, form) -> Booking | None:
    try:
        if isinstance(form, MemberForm):
            return pavilions.give(pavilion=pavilion, booth=booth, agency=form.agency, user=request.user)
        return pavilions.give_to_new(pavilion=pavilion, booth=booth, user=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def _said(booking) -> str:
    names = {"booth": booking.booth.code, "agency": booking.agency.name}
    if booking.is_confirmed:
        return _("Booth %(booth)s is %(agency)s’s now.") % names
    return _("Booth %(booth)s is held for %(agency)s, whose people now accept or decline it.") % names
