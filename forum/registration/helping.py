"""Access needs: told by the person, read by the help desk."""

from django.db import transaction

from cms.models import Edition
from forum.registration.models import AccessNeeds, Registration

COLUMNS = ("wheelchair", "sign_language", "diet")


@transaction.atomic(savepoint=False)
def tell(registration: Registration, needs: dict, *, is_new: bool = False) -> bool:
    """Keeps what a person needs now, or forgets all; ``needs`` has the keys of ``COLUMNS``. Returns whether that changed."""
    told = {name: needs.get(name) or ("" if name == "diet" else False) for name in COLUMNS}
    before = None if is_new else AccessNeeds.objects.filter(pk=registration.pk).values(*COLUMNS).first()
    if not any(told.values()):
        return bool(before and AccessNeeds.objects.filter(pk=registration.pk).delete())
    if told == before:
        return False
    AccessNeeds(registration=registration, **told).save(force_insert=before is None)
    return True


def list_of(edition: Edition) -> list[AccessNeeds]:
    """Who comes and needs something, in the order of names."""
    people = Registration.objects.of(edition).coming().exclude(needs=None).select_related("needs", "agency", "pass_type")
    return [person.needs for person in people.in_order()]
