"""The register's first entries, from public facts."""

import datetime
import json
from pathlib import Path

from django.db import transaction

from cms.models import Edition
from exhibitors.models import Agency
from forum.mou import signing
from forum.mou.models import Memorandum, Party

FILE = Path(__file__).parent / "data" / "memoranda_2024.json"


@transaction.atomic
def load(edition: Edition) -> int:
    """Enters the memoranda signed at the opening of 2024; returns how many were new. Once more changes nothing."""
    entries = json.loads(FILE.read_text())
    new = 0
    for entry in entries["memoranda"]:
        memorandum, created = Memorandum.objects.get_or_create(
            edition=edition,
            title_en=entry["title_en"],
            defaults={name: entry[name] for name in ("title_km", "subject_en", "subject_km", "place_en", "place_km")}
            | {"source_url": entries["source_url"], "is_published": True},
        )
        if created:
            _add_parties(memorandum, entry["parties"], datetime.date.fromisoformat(entry["signed_on"]))
            new += 1
    return new


def _add_parties(memorandum, parties, signed_on):
    for position, entry in enumerate(parties):
        agency = None
        if "agency" in entry:
            agency, _created = Agency.objects.get_or_create(
                name_en=entry["agency"], defaults={"kind": entry["kind"], "country": entry["country"]}
            )
        party = Party.objects.create(
            memorandum=memorandum,
            agency=agency,
            sort_order=position,
            name_en=entry.get("name_en", ""),
            name_km=entry.get("name_km", ""),
        )
        signing.sign(party=party, signed_on=signed_on)
