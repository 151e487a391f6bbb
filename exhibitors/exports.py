"""The exhibitors of an edition for the programs and papers of others: what their pages show, in both languages.

The fields are described in ``docs/open-data.md``; one that is there keeps its name and meaning."""

import json
from collections.abc import Iterable, Iterator

from cms import exports
from cms.addresses import whole
from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth

COLUMNS = [
    "code", "name_en", "name_km", "kind", "country", "website", "booths", "zones_en", "zones_km", "page_en", "page_km",
]  # fmt: skip


def booths_of(agencies: Iterable[Agency], edition: Edition) -> dict[int, list[Booth]]:
    """The booths that people may see of these agencies, by the agency's key and in the order of their codes. One query."""
    bookings = Booking.objects.shown_at(edition).filter(agency__in=[agency.pk for agency in agencies])
    found = {}
    for booking in bookings.select_related("booth__zone__hall").order_by("booth__code"):
        found.setdefault(booking.agency_id, []).append(booking.booth)
    return found


def as_json(edition: Edition, agencies: list[Agency]) -> bytes:
    booths = booths_of(agencies, edition)
    said = {
        "edition": {
            "slug": edition.slug,
            "name_en": edition.name_en,
            "name_km": edition.name_km,
            "opens_on": edition.opens_on.isoformat(),
            "closes_on": edition.closes_on.isoformat(),
        },
        "exhibitors": [_exhibitor(edition, agency, booths.get(agency.pk, [])) for agency in agencies],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def as_csv(edition: Edition, agencies: list[Agency]) -> bytes:
    return b"".join(exports.stream_csv(COLUMNS, _rows(edition, agencies)))


def _rows(edition, agencies) -> Iterator[list[str]]:
    booths = booths_of(agencies, edition)
    for agency in agencies:
        theirs = booths.get(agency.pk, [])
        zones = list(dict.fromkeys(booth.zone for booth in theirs))
        yield [
            *(agency.code, agency.name_en, agency.name_km, agency.kind, agency.country, agency.website),
            " ".join(booth.code for booth in theirs),
            "; ".join(zone.name_en for zone in zones),
            "; ".join(zone.name_km for zone in zones),
            *(_page(edition, "exhibitor", agency.code, language) for language in ("en", "km")),
        ]


def _exhibitor(edition, agency, booths) -> dict:
    names = ("code", "name_en", "name_km", "kind", "country", "website", "about_en", "about_km")
    return {name: getattr(agency, name) for name in names} | {
        "booths": [_booth(edition, booth) for booth in booths],
        "page_en": _page(edition, "exhibitor", agency.code, "en"),
        "page_km": _page(edition, "exhibitor", agency.code, "km"),
    }


def _booth(edition, booth) -> dict:
    zone = booth.zone
    place = {"zone_en": zone.name_en, "zone_km": zone.name_km, "hall_en": zone.hall.name_en, "hall_km": zone.hall.name_km}
    size = {"x": booth.x, "y": booth.y, "width": booth.width, "depth": booth.depth}
    pages = {f"page_{language}": _page(edition, "booth", booth.code, language) for language in ("en", "km")}
    return {"code": booth.code} | place | size | pages


def _page(edition, name, code, language) -> str:
    return whole(f"exhibition:{name}", edition.slug, code, language=language)
