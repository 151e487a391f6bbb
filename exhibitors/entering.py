"""Entering an agency that nobody has entered yet."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from exhibitors.models import Agency


@transaction.atomic
def enter(*, user, known: ValidationError, source: dict, **words) -> Agency:
    """``words`` are its columns, ``source`` says in the history whence it came. Refuses with ``known``, which says what to
    do where an agency has one of its names."""
    if any(Agency.objects.named(words[name]) for name in ("name_en", "name_km") if words.get(name)):
        raise known
    try:
        with transaction.atomic():
            agency = Agency.objects.create(**words)
    except IntegrityError:  # the same name at this moment
        raise known from None
    log(instance=agency, action="wagtail.create", user=user, data=source)
    return agency
