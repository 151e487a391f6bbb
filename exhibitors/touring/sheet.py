"""The sheet of a tour on A4: a small plan with the stops numbered, and each stop with its time, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import khmer, languages, pdf
from exhibitors.models import Booth, Hall, Structure, Tour
from exhibitors.touring import walking
from exhibitors.touring.walking import Visit

STYLE = Path(__file__).parent.parent / "templates" / "exhibitors" / "touring" / "sheet.css"


@dataclass
class Mark:
    """A stop on the plan; lengths are centimetres of the hall."""

    number: int
    x: int
    y: int


def render(tour: Tour) -> bytes:
    """Refuses with ``no_stops``, and with ``empty`` where the exhibitor of a booth has gone meanwhile."""
    visits = walking.visits(tour)
    if not visits:
        raise ValidationError(_("This tour stops nowhere yet."), code="no_stops")
    if empty := [visit.stop.booth.code for visit in visits if visit.agency is None]:
        sentence = _("No exhibitor stands there any more: %(booths)s. Take these stops out, or find others.")
        raise ValidationError(sentence % {"booths": ", ".join(empty)}, code="empty")
    drawings = list(plans(tour, visits))
    context = {
        "tour": tour,
        "edition": tour.edition,
        "visits": [(visit, [_said(visit, language) for language in languages.ON_PAPER]) for visit in visits],
        "plans": [(hall, f"plan-{number}") for number, (hall, _svg) in enumerate(drawings)],
        "languages": languages.ON_PAPER,
        "ends_at": visits[-1].leaves_at,
        "minutes": round((visits[-1].leaves_at - tour.starts_at).total_seconds() / 60),
    }
    with timezone.override(tour.edition.zone):
        html = render_to_string("exhibitors/touring/sheet.html", context)
    return pdf.render(
        khmer.split_lines(html),
        stylesheets=[_style()],
        images={f"plan-{number}": svg.encode() for number, (_hall, svg) in enumerate(drawings)},
    )


def plans(tour: Tour, visits: list[Visit]) -> Iterator[tuple[Hall, str]]:
    """Each hall that is visited, as SVG: its booths in outline, and the way from stop to stop. Two queries."""
    by_hall = {}
    for visit in visits:
        by_hall.setdefault(visit.stop.booth.zone.hall, []).append(visit)
    booths, structures = {}, {}
    for booth in Booth.objects.filter(zone__hall__in=by_hall).select_related("zone"):
        booths.setdefault(booth.zone.hall_id, []).append(booth)
    for structure in Structure.objects.filter(hall__in=by_hall):
        structures.setdefault(structure.hall_id, []).append(structure)
    for hall, there in by_hall.items():
        marks = [Mark(visit.number, *_middle(visit.stop.booth)) for visit in there]
        context = {
            "hall": hall,
            "booths": booths.get(hall.pk, []),
            "structures": structures.get(hall.pk, []),
            "marks": marks,
            "way": " ".join(f"{mark.x},{mark.y}" for mark in marks),
            "radius": max(hall.width, hall.depth) // 45,
            "letters": max(hall.width, hall.depth) // 36,
        }
        yield hall, render_to_string("exhibitors/touring/plan.svg", context)


def _said(visit: Visit, language: str) -> dict[str, str]:
    """What stands in one column; who briefs and what is said stand in the language in which they are written."""
    stop, words = visit.stop, {"language": language}
    for name in ("briefer", "function", "point"):
        words[name] = getattr(stop, f"{name}_{language}")
    words["agency"] = languages.read(visit.agency, "name", language)[0]
    words["product"] = languages.read(stop.product, "name", language)[0] if stop.product else ""
    words["hall"] = languages.read(stop.booth.zone.hall, "name", language)[0]
    return words


def _middle(booth) -> tuple[int, int]:
    return booth.x + booth.width // 2, booth.y + booth.depth // 2


@cache
def _style() -> str:
    return STYLE.read_text()
