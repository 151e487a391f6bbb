"""Which session of an edition an item of a file is, and who of its speakers is who."""

import uuid
from collections.abc import Iterable

from agenda.imports.base import Identity
from agenda.models import Session, Speaker
from cms import codes
from cms.models import Edition

NAMESPACE = uuid.UUID("5b1a3f0e-8c0d-4d0a-9a5e-5f4d3c2b1a00")  # of the GUIDs of sessions that come without one


def guid_of(source: str, item: Identity) -> uuid.UUID:
    return uuid.UUID(item.guid) if item.guid else uuid.uuid5(NAMESPACE, f"{source} {item.external_id}")


def recognise(edition: Edition, source: str, items: Iterable[Identity]) -> dict[str, Session]:
    """The sessions that are here already, by the file's own ids of them; no session is two items.

    A GUID says it best; else the id that the source gave; else the code that a session made here has.
    """
    rows, items = list(edition.sessions.prefetch_related("slots")), list(items)
    by_guid = {row.guid: row for row in rows}
    by_source = {row.external_id: row for row in rows if row.source == source}
    by_code = {row.code: row for row in rows}
    ways = (
        lambda item: by_guid.get(guid_of(source, item)),
        lambda item: by_source.get(item.external_id),
        lambda item: by_code.get(item.code),
    )
    found, taken = {}, set()
    for way in ways:
        for item in items:
            row = way(item)
            if row and row.pk not in taken and item.external_id not in found:
                found[item.external_id] = row
                taken.add(row.pk)
    return found


def known_speakers(edition: Edition, source: str, external_ids: Iterable[str]) -> dict[str, Speaker]:
    """The speakers who are here already: brought by the source, or known by the number of their code."""
    rows = list(edition.speakers.all())
    by_code = {row.code: row for row in rows}
    ours = {row.external_id: row for row in rows if row.source == source}
    own = {external_id: by_code.get(codes.of_number(external_id)) for external_id in external_ids}
    return {external_id: row for external_id, row in own.items() if row} | ours
