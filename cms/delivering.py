"""Mail on its way: batch after batch out of the queue, patient while the server is away, ended when it refuses for good.

The queue's own rows say what is due. A mail may arrive twice when a process or the server dies between the two; both copies
then carry the same Message-ID, by which a mailbox knows them for one.
"""

import datetime
import logging
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.core.mail import get_connection
from django.db.models import Count, Min, Q
from django.utils import timezone
from post_office import mail
from post_office.models import STATUS, Email
from post_office.settings import get_backend

REST = 30  # seconds after the server did not answer: who waits for it holds up all other work
AGAIN = datetime.timedelta(minutes=1)
LATE = datetime.timedelta(minutes=10)  # from then on staff are warned
TROUBLE = "mail.trouble"
# The server went away, so nothing was said about the mail itself.
AWAY = [
    "SMTPServerDisconnected", "SMTPConnectError", "ConnectionRefusedError", "ConnectionResetError", "ConnectionAbortedError",
    "BrokenPipeError", "TimeoutError", "OSError", "gaierror",
]  # fmt: skip
REFUSED = ["SMTPRecipientsRefused", "SMTPSenderRefused", "SMTPDataError"]
FOR_GOOD = r"\(5[0-9][0-9],"  # RFC 5321, 4.2.1: permanent; what begins with 4 is tried again
WAITING = [STATUS.queued, STATUS.requeued]

logger = logging.getLogger(__name__)
_rests_until = 0.0


def send_some() -> bool:
    """Sends one batch of what is due; whether more waits. While the server is away nothing is tried, so that no mail uses up
    its tries."""
    global _rests_until
    if time.monotonic() < _rests_until or not mail.get_queued().exists():
        return False
    if trouble := _trouble():
        cache.set(TROUBLE, trouble, 24 * 3600)
        logger.warning("the mail server does not answer: %s", trouble)
        _rests_until = time.monotonic() + REST
        return False
    cache.delete(TROUBLE)
    begun = timezone.now()
    mail.send_queued()
    _sort_out(begun)
    return mail.get_queued().exists()


def _trouble() -> str:
    """Why the server cannot be talked to; empty when it can."""
    connection = get_connection(get_backend())
    try:
        connection.open()
        connection.close()
    except Exception as trouble:  # of the network, of names, of TLS, of the password
        return f"{type(trouble).__name__}: {trouble}"[:300]
    return ""


def _sort_out(begun) -> None:
    """What failed because the server went away did not fail; what it refused for good is not sent again."""
    tried = Email.objects.filter(status=STATUS.requeued, logs__date__gte=begun)
    away = list(tried.filter(logs__exception_type__in=AWAY).values_list("pk", flat=True))
    refused = list(
        tried.filter(logs__exception_type__in=REFUSED, logs__message__regex=FOR_GOOD).values_list("pk", flat=True)
    )
    Email.objects.filter(pk__in=away).update(number_of_retries=0, scheduled_time=timezone.now() + AGAIN)
    Email.objects.filter(pk__in=refused).update(status=STATUS.failed)


@dataclass(frozen=True)
class Queue:
    """How mail stands."""

    waiting: int
    failed: int
    oldest: datetime.datetime | None
    trouble: str

    @property
    def is_late(self) -> bool:
        return self.oldest is not None and self.oldest < timezone.now() - LATE

    @property
    def stands(self) -> bool:
        return self.is_late or bool(self.failed)


def queue() -> Queue:
    """Two queries, whatever waits."""
    standing = Email.objects.filter(status__in=[*WAITING, STATUS.failed])
    counted = standing.aggregate(
        waiting=Count("pk", filter=Q(status__in=WAITING)),
        failed=Count("pk", filter=Q(status=STATUS.failed)),
        oldest=Min("created", filter=Q(status__in=WAITING)),
    )
    return Queue(**counted, trouble=cache.get(TROUBLE, "") if counted["waiting"] else "")
