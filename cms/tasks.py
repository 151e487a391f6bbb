"""What the site does for itself in the background."""

import datetime

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.utils import cleanup_expired_mails

from cms.models import Message


def tidy() -> None:
    """Forgets mail, short messages, finished tasks, sessions and counts that have served their time."""
    before = timezone.now() - datetime.timedelta(days=settings.MAIL_KEPT_DAYS)
    cleanup_expired_mails(before)
    Message.objects.filter(queued_at__lt=before).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    call_command("clearsessions")
    if hasattr(caches["default"], "forget_expired"):
        caches["default"].forget_expired()
