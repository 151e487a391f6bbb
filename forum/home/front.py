"""What the front page of an edition shows of the other rooms, in a fixed number of queries."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext
from wagtail.images.models import Image

from agenda.models import Role, Session, Slot, Speaker
from cms.models import Edition
from exhibitors.models import Agency, Booth
from forum.mou.models import Memorandum

SESSIONS, SPEAKERS, EXHIBITORS, MEMORANDA = 6, 8, 12, 6
PORTRAIT = "fill-320x320"


def gather(edition: Edition | None) -> dict:
    """Everything for ``home/front.html`` but the editors' own text."""
    if edition is None:
        return {"edition": None}
    exhibitors, speakers = Agency.objects.exhibiting_at(edition), Speaker.objects.public(edition)
    by_kind = dict(exhibitors.order_by().values_list("kind").annotate(Count("pk", distinct=True)))
    counts = {"exhibitors": sum(by_kind.values()), "speakers": speakers.count()}
    memoranda = [row for row in Memorandum.objects.public().filter(edition=edition) if row.signed_on]
    return {
        "edition": edition,
        "programme": programme(edition),
        "speakers": _leading(speakers),
        # A dozen by their random codes, so that no alphabet decides who is seen first.
        "exhibitors": sorted(exhibitors.order_by("code")[:EXHIBITORS], key=lambda agency: agency.sort_key),
        "memoranda": memoranda[:MEMORANDA],
        "counts": counts,
        "figures": _figures(edition, counts, len(memoranda)),
        "kinds": [{"name": kind.label, "count": by_kind[kind]} for kind in Agency.Kind if kind in by_kind],
    }


def programme(edition: Edition) -> list[tuple[str, list[Slot]]]:
    """What is on now and what comes next, each with its heading; outside its days the featured sessions."""
    slots = Slot.objects.public(edition).with_sessions().filter(is_cancelled=False).exclude(session__kind="break")
    now = timezone.now()
    if edition.opens_on <= edition.today <= edition.closes_on:
        on_now = list(slots.filter(starts_at__lte=now, ends_at__gt=now)[:SESSIONS])
        following = list(slots.filter(starts_at__gt=now)[:SESSIONS])
        parts = [(_("Happening now"), on_now), (_("Next"), following)]
    else:
        first = list(slots.order_by("-session__is_featured", "starts_at", "room__position", "pk")[:SESSIONS])
        parts = [(_("From the programme"), [slot for slot in first if slot.session.is_featured] or first)]
    return [(heading, found) for heading, found in parts if found]


def _leading(speakers) -> list[Speaker]:
    """Keynote speakers and those of featured sessions first."""
    key = Q(part=Role.Part.KEYNOTE) | Q(session__is_featured=True) | Q(session__kind=Session.Kind.KEYNOTE)
    portraits = Prefetch("photo", Image.objects.prefetch_renditions(PORTRAIT))
    leads = Exists(Role.objects.filter(key, speaker=OuterRef("pk"), session__live=True))
    return list(speakers.annotate(leads=leads).order_by("-leads", "sort_key", "code").prefetch_related(portraits)[:SPEAKERS])


def _figures(edition, counts, memoranda) -> list[dict]:
    """Numbers people compare, those that are not nought; ``of`` is the whole where there is one."""
    booths = Booth.objects.filter(edition=edition, is_published=True).aggregate(
        all=Count("pk", distinct=True), taken=Count("pk", filter=Q(bookings__state="confirmed"), distinct=True)
    )
    sessions, exhibitors = Session.objects.public(edition).count(), counts["exhibitors"]
    figures = [
        {"number": sessions, "name": npgettext("figure", "session", "sessions", sessions)},
        {"number": counts["speakers"], "name": npgettext("figure", "speaker", "speakers", counts["speakers"])},
        {"number": exhibitors, "name": ngettext("exhibiting agency", "exhibiting agencies", exhibitors)},
        {"number": booths["taken"], "of": booths["all"], "name": ngettext("booth taken", "booths taken", booths["taken"])},
        {"number": memoranda, "name": ngettext("memorandum signed", "memoranda signed", memoranda)},
    ]
    return [figure for figure in figures if figure["number"]]
