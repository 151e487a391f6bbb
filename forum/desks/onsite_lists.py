"""Lists of people on paper, for a day without power."""

from itertools import groupby

from django.db.models import F, OuterRef, Subquery
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import dates, languages, pdf
from cms.models import Edition
from forum.badges import listing, printing
from forum.badges.models import BatchedBadge, Order
from forum.desks.forms import ListForm
from forum.desks.onsite import floor_staff

AT_ONCE = 1_000  # people in one file: some two seconds of work
ORDERS = {"khmer": Order.KHMER, "latin": Order.LATIN, "agency": Order.AGENCY}


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
def lists(request):
    """Chooses people and groups; a file for every thousand."""
    edition = Edition.objects.current()
    form = ListForm(request.GET or None, edition=edition)
    number = _chosen(edition, form.cleaned_data).count() if form.is_valid() else 0
    parts = range(1, -(-number // AT_ONCE) + 1)
    query = request.GET.copy()
    query.pop("part", None)
    context = {"edition": edition, "form": form, "number": number, "parts": parts, "query": query.urlencode()}
    return render(request, "desks/lists.html", context)


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
def paper(request):
    """One part of a list."""
    edition = Edition.objects.current()
    form, part = ListForm(request.GET, edition=edition), request.GET.get("part", "1")
    if not form.is_valid() or not part.isdecimal() or not 1 <= int(part) <= AT_ONCE:
        raise Http404
    chosen, language = form.cleaned_data, languages.current()
    start = (int(part) - 1) * AT_ONCE
    people = list(_chosen(edition, chosen)[start : start + AT_ONCE])
    if not people:
        raise Http404
    heads = listing.Heads(title=edition.short_name, under=_under(form, part), last=_("Box and number"))
    sections = [
        (heading, [_row(person, language) for person in group])
        for heading, group in groupby(people, lambda person: _heading(person, chosen["by"], language))
    ]
    return pdf.answer(listing.render(sections, heads, language), f"list-{part}.pdf")


def _chosen(edition, chosen):
    people = printing.queue(
        edition=edition, agency=chosen["agency"], order=ORDERS.get(chosen["by"], Order.KHMER), again=True
    )
    if chosen["gate"] and chosen["gate"].zone_id:
        people = people.filter(pass_type__zones=chosen["gate"].zone_id)
    place = BatchedBadge.objects.filter(
        batch__per_box__gt=0,
        badge__registration=OuterRef("pk"),
        badge__holder_no=OuterRef("holder_no"),
        badge__revoked_at=None,
    ).order_by("-batch")
    names = {"place_no": "position", "per_box": "batch__per_box", "batch_no": "batch"}
    people = people.annotate(**{name: Subquery(place.values(column)[:1]) for name, column in names.items()})
    if chosen["by"] == ListForm.By.BOX:
        people = people.exclude(place_no=None).order_by(F("batch_no"), F("place_no"))
    return people


def _heading(person, by, language) -> str:
    if by == ListForm.By.BOX:
        return _("Box %(number)s") % {"number": dates.digits(str(person.place_no // person.per_box + 1))}
    if by == ListForm.By.AGENCY:
        return person.agency_in(language) or _("Without an agency")
    name = person.name_latin if by == ListForm.By.LATIN else person.name_km or person.name_latin
    return name[:1].upper()


def _row(person, language) -> listing.Row:
    place = ""
    if person.place_no is not None:
        box, slot = divmod(person.place_no, person.per_box)
        place = dates.digits(f"{box + 1} · {slot + 1}")
    return listing.Row(
        name_km=person.name_km,
        name_latin=person.name_latin,
        agency=person.agency_in(language),
        pass_name=languages.read(person.pass_type, "name", language)[0],
        last=place,
    )


def _under(form, part) -> str:
    chosen = form.cleaned_data
    names = [languages.read(each, "name")[0] for each in (chosen["gate"], chosen["agency"]) if each]
    return " · ".join([*names, _("Part %(number)s") % {"number": dates.digits(part)}])
