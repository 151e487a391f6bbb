"""Writing the privacy notice: what was published stays, a change of it makes the next version."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from cms.models import Edition
from forum.registration.models import PrivacyNotice


@transaction.atomic
def write(*, notice: PrivacyNotice, user) -> PrivacyNotice:
    """Keeps ``notice`` as it was typed: a draft as itself, one that was published as the next version.

    A time already past means now: no version claims to have held before it was written.
    """
    Edition.objects.select_for_update().get(pk=notice.edition_id)  # versions are counted one after the other
    before = PrivacyNotice.objects.filter(pk=notice.pk).first()
    is_new = before is None or before.is_frozen
    if before and before.is_frozen and before.published_at == notice.published_at:
        notice.published_at = None  # the time of the version before
    if notice.published_at:
        notice.published_at = max(notice.published_at, timezone.now())
    if is_new:
        last = PrivacyNotice.objects.filter(edition=notice.edition_id).aggregate(last=Max("version"))["last"]
        notice.pk, notice.version, notice._state.adding = None, (last or 0) + 1, True
    notice.save()
    log(instance=notice, action="wagtail.create" if is_new else "wagtail.edit", user=user)
    return notice
