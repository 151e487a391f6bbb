"""Memoranda for tests."""

import datetime

from forum.mou import signing
from forum.mou.models import Memorandum, Party
from tests.factories import exhibitors


def memorandum(title_en="Memorandum on data exchange", parties=2, signed=0, signed_on=datetime.date(2024, 3, 11), **fields):
    """A memorandum of so many ``parties``, of which the first ``signed`` have signed."""
    made = Memorandum.objects.create(title_en=title_en, **({"is_published": True} | fields))
    for number in range(parties):
        agency = exhibitors.agency(f"Party {number} of {made.code}")
        party = Party.objects.create(memorandum=made, agency=agency, sort_order=number)
        if number < signed:
            signing.sign(party=party, signed_on=signed_on)
    return Memorandum.objects.with_parties().get(pk=made.pk)
