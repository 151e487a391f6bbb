"""Wishes, neighbours and proposals of booths for tests."""

from dataclasses import asdict

from django.utils import timezone

from exhibitors.models import AllocationLine, AllocationRun, Application, Booth, Neighbour, Wish
from exhibitors.placing import Weights
from tests.factories import exhibitors as make


def fair(edition, booths=3, **fields) -> list[Booth]:
    """Free booths A01, A02 … in a zone whose booths are applied for."""
    return make.booths(make.zone(make.hall(edition), by_application=True, **fields), booths)


def accepted(edition, name=None, wishes=(), by=None, **fields) -> Application:
    """An accepted application with these wishes, the dearest first."""
    row = make.application(edition, by or make.agency(name), **({"state": "accepted"} | fields))
    for rank, wish in enumerate(wishes, 1):
        Wish.objects.create(application=row, rank=rank, **{"booth" if isinstance(wish, Booth) else "zone": wish})
    return row


def neighbour(of: Application, agency, kind="near") -> Neighbour:
    return Neighbour.objects.create(application=of, kind=kind, name=agency.name_en, agency=agency)


def run(edition, state="done", booths=None, **fields) -> AllocationRun:
    """A proposal as the acts leave it; ``booths`` are those of each application."""
    values = {"seed": 1, "weights": asdict(Weights())}
    if state == "done":
        values |= {"ended_at": timezone.now(), "score": 100, "bound": 100, "seconds": 0.1}
    row = AllocationRun.objects.create(edition=edition, state=state, **(values | fields))
    for application, booth in (booths or {}).items():
        AllocationLine.objects.create(run=row, application=application, booth=booth, rank=1 if booth else None)
    return row


def disclosed(edition, booths, **fields) -> AllocationRun:
    """One that everybody may read."""
    now = timezone.now()
    values = {"published_at": now, "disclosed_at": now, "question": {"applications": []}, "digest": "0" * 64}
    return run(edition, booths=booths, **(values | fields))
