"""The exhibitors of an edition for the programs and papers of others: what their pages show, in both languages.

The fields are described in ``docs/open-data.md``; one that is there keeps its name and meaning."""

import json
from collections.abc import Iterable, Iterator

from agenda.models import Session
from cms import exports
from cms.addresses import absolute, whole
from cms.models import Edition
from exhibitors.models import Agency, Booking, Booth, ChosenTheme, Product, SessionHost, Theme
from exhibitors.models.applications import one_by_line

COLUMNS = [
    "code", "name_en", "name_km", "kind", "country", "website", "booths", "zones_en", "zones_km", "page_en", "page_km",
    "themes_en", "themes_km", "products_en", "products_km", "sessions", "logo",
    "pavilions_en", "pavilions_km", "co_exhibitors",
]  # fmt: skip


def booths_of(agencies: Iterable[Agency], edition: Edition) -> dict[int, list[Booth]]:
    """The booths that people may see of these agencies, by the agency's key and in the order of their codes. One query."""
    bookings = Booking.objects.shown_at(edition).filter(agency__in=[agency.pk for agency in agencies])
    bookings = bookings.select_related("booth__zone__hall", "booth__pavilion").order_by("booth__code")
    return _by_agency((booking.agency_id, booking.booth) for booking in bookings)


def themes_of(agencies: Iterable[Agency], edition: Edition) -> dict[int, list[Theme]]:
    """The themes that these agencies have chosen, in their order. One query."""
    chosen = ChosenTheme.objects.filter(edition=edition, agency__in=[agency.pk for agency in agencies])
    return _by_agency((row.agency_id, row.theme) for row in chosen.select_related("theme").order_by("agency", "place"))


def products_of(agencies: Iterable[Agency], edition: Edition) -> dict[int, list[Product]]:
    """One query."""
    products = Product.objects.filter(edition=edition, agency__in=[agency.pk for agency in agencies]).order_by("place")
    return _by_agency((row.agency_id, row) for row in products)


def sessions_of(agencies: Iterable[Agency], edition: Edition) -> dict[int, list[Session]]:
    """The published sessions that these agencies host. One query."""
    hosts = SessionHost.objects.filter(
        session__in=Session.objects.public(edition), agency__in=[agency.pk for agency in agencies]
    )
    return _by_agency((row.agency_id, row.session) for row in hosts.select_related("session").order_by("session__code"))


def _by_agency(rows: Iterable[tuple]) -> dict[int, list]:
    found = {}
    for agency, row in rows:
        found.setdefault(agency, []).append(row)
    return found


class Shown:
    """What the exhibitors of a file show, read once for all of them."""

    def __init__(self, edition: Edition, agencies: list[Agency]):
        self.edition = edition
        reads = (booths_of, themes_of, products_of, sessions_of)
        self.booths, self.themes, self.products, self.sessions = (read(agencies, edition) for read in reads)

    def of(self, agency: Agency) -> tuple[list[Booth], list[Theme], list[Product], list[Session]]:
        return tuple(found.get(agency.pk, []) for found in (self.booths, self.themes, self.products, self.sessions))


def as_json(edition: Edition, agencies: list[Agency]) -> bytes:
    shown = Shown(edition, agencies)
    said = {
        "edition": {
            "slug": edition.slug,
            "name_en": edition.name_en,
            "name_km": edition.name_km,
            "opens_on": edition.opens_on.isoformat(),
            "closes_on": edition.closes_on.isoformat(),
        },
        "exhibitors": [_exhibitor(agency, shown) for agency in agencies],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def as_csv(edition: Edition, agencies: list[Agency]) -> bytes:
    return b"".join(exports.stream_csv(COLUMNS, _rows(edition, agencies)))


def _rows(edition, agencies) -> Iterator[list[str]]:
    shown = Shown(edition, agencies)
    for agency in agencies:
        booths, themes, products, sessions = shown.of(agency)
        zones = list(dict.fromkeys(booth.zone for booth in booths))
        pavilions = list(dict.fromkeys(booth.pavilion for booth in booths if booth.pavilion))
        yield [
            *(agency.code, agency.name_en, agency.name_km, agency.kind, agency.country, agency.website),
            " ".join(booth.code for booth in booths),
            *_both(zones),
            *(_page(edition, "exhibitor", agency.code, language) for language in ("en", "km")),
            *_both(themes),
            *_both(products),
            " ".join(session.code for session in sessions),
            _logo(agency),
            *_both(pavilions),
            "; ".join(one_by_line(agency.named)),
        ]


def _both(rows) -> tuple[str, str]:
    """Their names in each language."""
    return "; ".join(row.name_en for row in rows), "; ".join(row.name_km for row in rows)


def _exhibitor(agency, shown) -> dict:
    names = ("code", "name_en", "name_km", "kind", "country", "website", "about_en", "about_km")
    booths, themes, products, sessions = shown.of(agency)
    return {name: getattr(agency, name) for name in names} | {
        "logo": _logo(agency),
        "co_exhibitors": one_by_line(agency.named),
        "booths": [_booth(shown.edition, booth) for booth in booths],
        "themes": [{name: getattr(theme, name) for name in ("code", "name_en", "name_km")} for theme in themes],
        "products": [
            {name: getattr(product, name) for name in ("name_en", "name_km", "about_en", "about_km", "link")}
            for product in products
        ],
        "sessions": [_session(shown.edition, session) for session in sessions],
        "page_en": _page(shown.edition, "exhibitor", agency.code, "en"),
        "page_km": _page(shown.edition, "exhibitor", agency.code, "km"),
    }


def _logo(agency) -> str:
    return absolute(agency.shown_logo.url) if agency.shown_logo else ""


def _session(edition, session) -> dict:
    pages = {
        f"page_{language}": whole("agenda:session", edition.slug, session.code, language=language)
        for language in ("en", "km")
    }
    return {name: getattr(session, name) for name in ("code", "title_en", "title_km")} | pages


def _booth(edition, booth) -> dict:
    zone = booth.zone
    place = {"zone_en": zone.name_en, "zone_km": zone.name_km, "hall_en": zone.hall.name_en, "hall_km": zone.hall.name_km}
    place |= {f"pavilion_{language}": getattr(booth.pavilion, f"name_{language}", "") for language in ("en", "km")}
    size = {"x": booth.x, "y": booth.y, "width": booth.width, "depth": booth.depth}
    pages = {f"page_{language}": _page(edition, "booth", booth.code, language) for language in ("en", "km")}
    return {"code": booth.code} | place | size | pages


def _page(edition, name, code, language) -> str:
    return whole(f"exhibition:{name}", edition.slug, code, language=language)
