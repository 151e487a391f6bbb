"""The programme as anybody may see it."""

from functools import wraps
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.images.models import Image

from agenda import calendars, exports, timetable
from agenda.forms import ProgrammeFilter, SpeakerSearch
from agenda.models import Session, Slot, Speaker
from cms import limits
from cms.caching import public_page
from cms.models import Edition

PER_PAGE = 50
PORTRAIT = "fill-320x320"


def of_edition(view):
    """Finds the edition of the address and puts its clock on the wall; a code in small letters leads to its address."""

    @wraps(view)
    @public_page
    def found(request, edition, **kwargs):
        edition = Edition.objects.get_or_404(edition)
        if kwargs.get("code", "") != kwargs.get("code", "").upper():
            address = reverse(request.resolver_match.view_name, args=[edition.slug, kwargs["code"].upper()])
            return redirect(address, permanent=True)
        with timezone.override(edition.zone):
            return view(request, edition, **kwargs)

    return found


@of_edition
@limits.limited("search", when=limits.has_words)
def programme(request, edition, day=None):
    """One day of the programme; without a number today's, else the first."""
    days = timetable.days(edition)
    opened = timetable.opened(edition, days, int(day) if day else None)
    if day and opened is None:
        raise Http404("no such day")
    form = ProgrammeFilter(request.GET, edition=edition)
    slots = Slot.objects.public(edition).with_sessions()
    slots = form.narrow(slots.on_day(edition, opened.date)) if opened else slots.none()
    context = {
        "edition": edition,
        "days": days,
        "opened": opened,
        "form": form,
        "hours": timetable.by_hour(slots),
        "query": request.GET.urlencode(),
    }
    return render(request, "agenda/programme.html", context)


@of_edition
def session(request, edition, code):
    found = get_object_or_404(Session.objects.public(edition).with_people(), code=code)
    context = found.page_context() | {"beside": [part for tell in hooks.get_hooks("session_page") if (part := tell(found))]}
    return render(request, "agenda/session.html", context)


@of_edition
@limits.limited("search", when=limits.has_words)
def speakers(request, edition):
    form = SpeakerSearch(request.GET)
    words = form.words()
    found = Speaker.objects.public(edition).matching(words).prefetch_related(_portraits())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"q": words}) if words else ""
    return render(request, "agenda/speakers.html", {"edition": edition, "form": form, "page": page, "query": query})


@of_edition
def speaker(request, edition, code):
    found = get_object_or_404(Speaker.objects.public(edition).prefetch_related(_portraits()), code=code)
    slots = Slot.objects.public(edition).with_sessions().filter(session__roles__speaker=found)
    return render(request, "agenda/speaker.html", {"edition": edition, "speaker": found, "slots": slots})


def _portraits() -> Prefetch:
    return Prefetch("photo", Image.objects.prefetch_renditions(PORTRAIT))


@of_edition
def calendar(request, edition):
    """The whole programme as a calendar file."""
    return _calendar(calendars.of(edition, Slot.objects.public(edition).with_sessions()), f"{edition.slug}.ics")


@of_edition
def session_calendar(request, edition, code):
    slots = Slot.objects.public(edition).with_sessions()
    return _calendar(calendars.of(edition, [get_object_or_404(slots, session__code=code)]), f"{code}.ics")


def _calendar(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@public_page
def schedule_xml(request):
    """The current edition's programme for the apps and screens of others."""
    edition = Edition.objects.current()
    if edition is None:
        raise Http404("there is no edition yet")
    return HttpResponse(exports.schedule_xml(edition), content_type="application/xml; charset=utf-8")
