"""Which edition the short addresses lead to."""

from django.db import transaction
from wagtail.log_actions import log

from cms.models import Edition


@transaction.atomic
def make_current(*, edition: Edition, user=None) -> Edition:
    """Leads ``/en/agenda/`` and its like to this edition from now on; once more changes nothing."""
    editions = {row.pk: row for row in Edition.objects.select_for_update().order_by("pk")}
    edition = editions[edition.pk]
    if edition.is_current:
        return edition
    Edition.objects.filter(is_current=True).update(is_current=False)
    edition.is_current = True
    edition.save(update_fields=["is_current"])
    log(instance=edition, action="cms.make_current", user=user)
    return edition
