"""Another person in somebody's place: the badge and the link of the one before die, and what they told us is forgotten."""

from collections.abc import Callable

from django.db.models import F
from django.utils import timezone

from forum.registration import accrediting, answering, counting, emails, presenting
from forum.registration.models import REACHED, AccessNeeds, Registration, Step

# The columns of the person; the others another act may have changed meanwhile.
PERSON = {
    "honorific", "name_latin", "name_km", "position", "agency", "agency_name", "phone", "language", *REACHED,
    "external_key", "person_key", "name_key", "khmer_key", "sound_key", "search_text", "sort_key",
    "sort_key_km",
}  # fmt: skip


def lock(registration: Registration) -> Registration:
    """Without joins: PostgreSQL, having waited for the lock, would miss a row whose pass was changed meanwhile."""
    return Registration.objects.select_for_update().get(pk=registration.pk)


def replace(row: Registration, *, after: Step, save: Callable[[Registration], None]) -> Registration:
    """``row`` is locked, live, and names the other person already. The offices of the pass that come ``after`` the one whose
    word is known are asked of them; ``save`` writes the person, or refuses."""
    presenting.begin_again(row, after=after)
    Registration.objects.filter(pk=row.pk).update(
        holder_no=F("holder_no") + 1, epoch=F("epoch") + 1, link_sent_at=timezone.now(), coming="", protocol_rank=None,
        **presenting.columns(row),
    )  # fmt: skip
    save(row)
    answering.forget(list(row.answers.all()))
    AccessNeeds.objects.filter(pk=row.pk).delete()
    accrediting.forget([row.pk])
    counting.forget(row)
    return Registration.objects.with_names().get(pk=row.pk)


def write_anew(row: Registration, before: Registration) -> None:
    """The address is another one: the link that went to the wrong one dies."""
    Registration.objects.filter(pk=row.pk).update(epoch=F("epoch") + 1, link_sent_at=timezone.now())
    row.epoch = before.epoch + 1
    emails.tell_old_addresses(row, before, to_contacts=False)
    emails.send_confirmation(row)
