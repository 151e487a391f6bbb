"""The forum of 2024 as an archive: public facts alone. What is not known stays blank, so it has no agenda and no halls."""

from django.db import transaction

from cms.models import Edition
from forum.home.demonstration import pages
from forum.home.demonstration.files import read_json
from forum.mou import register

SLUG = "2024"


@transaction.atomic
def load() -> None:
    """The edition, its page in both languages and the four memoranda signed at its opening."""
    facts = read_json("edition_2024.json")
    edition, new = Edition.objects.get_or_create(slug=SLUG, defaults=facts["edition"])
    if new:
        edition.refresh_from_db()  # dates as dates
        pages.write_front(edition, facts["page"])
    register.load(edition)
