"""Handing badges over at the desk: to a person, or all of an agency to who signs for them."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms import codes, languages, pdf
from cms.models import Edition
from forum.badges import handing, listing
from forum.desks.forms import HandForm, HandManyForm, UndoForm
from forum.desks.onsite import badge_of, find_person, floor_staff, show

SHOWN = 200  # badges that wait, on the page of an agency


@floor_staff("badges.add_badgeprint", desk="badges")
@require_POST
def hand(request, code):
    """The badge to the person, or to who came for it."""
    registration = find_person(code)
    form, badge = HandForm(request.POST), badge_of(registration)
    if badge is None:
        form.add_error(None, _("This badge is not printed yet."))
    if form.is_valid():
        try:
            handing.hand_over(badge=badge, to=form.cleaned_data["to"], user=request.user, desk=request.desk)
            return redirect("onsite:person", registration.code)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return show(request, registration, hand=form)


@floor_staff("badges.add_badgeprint", desk="badges")
@require_POST
def undo(request, code):
    registration = find_person(code)
    form, badge = UndoForm(request.POST), badge_of(registration)
    handover = handing.standing(badge) if badge else None
    if handover and form.is_valid():
        handing.undo(handovers=[handover], reason=form.cleaned_data["reason"], user=request.user)
        return redirect("onsite:person", registration.code)
    return show(request, registration, undo=form)


@floor_staff("badges.add_badgeprint", desk="badges")
@require_http_methods(["GET", "HEAD", "POST"])
def many(request):
    """The badges of an agency that wait; POST hands all of them over to who signs."""
    edition = Edition.objects.current()
    is_posted = request.method == "POST"
    form = HandManyForm(request.POST if is_posted else None, edition=edition, initial=request.GET.dict())
    if is_posted and form.is_valid():
        try:
            who = {"user": request.user, "desk": request.desk}
            return redirect("onsite:signed", handing.hand_over_many(edition=edition, **form.cleaned_data, **who))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    asked = form.fields["agency"].queryset.filter(code=codes.read((request.POST or request.GET).get("agency", ""))).first()
    badges = list(handing.waiting(edition, asked)[: SHOWN + 1]) if asked else []
    context = {"edition": edition, "form": form, "agency": asked, "badges": badges[:SHOWN], "has_more": len(badges) > SHOWN}
    return render(request, "desks/hand_many.html", context, status=422 if form.errors else 200)


def _find(code):
    rows = list(handing.of_list(codes.read(code)))
    if not rows:
        raise Http404
    return rows


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
def signed(request, code):
    """What was handed over together: its paper to sign, and undoing."""
    return _show_list(request, _find(code), UndoForm())


def _show_list(request, rows, form):
    standing = [row for row in rows if row.undone_at is None]
    context = {"rows": rows, "first": rows[0], "standing": standing, "form": form}
    return render(request, "desks/hand_list.html", context, status=422 if form.errors else 200)


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
def paper(request, code):
    """The list with a line for each signature, and one for who signs for all."""
    rows = _find(code)
    first, language = rows[0], languages.current()
    people = [row.badge.registration for row in rows if row.undone_at is None]
    if not people:
        raise Http404
    listed = [_row(person, language) for person in people]
    heads = listing.Heads(
        title=languages.read(first.agency, "name", language)[0] if first.agency else first.list_code,
        under=f"{people[0].edition.short_name} · {first.list_code}",
        is_signed=True,
        signs=first.to,
    )
    return pdf.answer(listing.render([("", listed)], heads, language), f"list-{first.list_code}.pdf")


def _row(person, language) -> listing.Row:
    pass_name = languages.read(person.pass_type, "name", language)[0]
    return listing.Row(name_km=person.name_km, name_latin=person.name_latin, pass_name=pass_name)


@floor_staff("badges.add_badgeprint", desk="badges")
@require_POST
def undo_list(request, code):
    rows, form = _find(code), UndoForm(request.POST)
    if not form.is_valid():
        return _show_list(request, rows, form)
    handing.undo(handovers=rows, reason=form.cleaned_data["reason"], user=request.user)
    return redirect("onsite:signed", rows[0].list_code)
