"""How the house stands at this moment, for ``/metrics``: counted in the database when somebody asks, in few queries."""

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.models import STATUS, Email
from prometheus_client.core import GaugeMetricFamily

from cms.models import Edition
from exhibitors.models import Booking
from forum.checkin.models import Scan
from forum.registration.models import Quota, Registration

MAIL = {STATUS.queued: "waiting", STATUS.requeued: "waiting again", STATUS.failed: "failed"}


class Figures:
    """A collector of prometheus_client. Labels are slugs, codes and names of states, never a person."""

    def collect(self):
        yield from _mail()
        yield from _tasks()
        if edition := Edition.objects.current():
            yield from _of(edition)


def _mail():
    rows = Email.objects.filter(status__in=MAIL).values("status").annotate(count=Count("pk"), oldest=Min("created"))
    found = {row["status"]: row for row in rows}
    mails = GaugeMetricFamily("vetika_mails", "Mails by state", labels=["state"])
    for status, state in MAIL.items():
        mails.add_metric([state], found[status]["count"] if status in found else 0)
    yield mails
    oldest = min((row["oldest"] for status, row in found.items() if status != STATUS.failed), default=None)
    age = (timezone.now() - oldest).total_seconds() if oldest else 0
    yield GaugeMetricFamily("vetika_mail_oldest_seconds", "Since when the mail that has waited longest waits", value=age)


def _tasks():
    return [_counted("vetika_tasks_kept", "Tasks of the queue", ["state"], DBTaskResult.objects, ["status"])]


def _of(edition):
    registrations = Registration.objects.filter(edition=edition)
    yield _counted("vetika_registrations", "Registrations", ["pass", "state"], registrations, ["pass_type__slug", "state"])
    yield from _quotas(edition)
    bookings = Booking.objects.filter(booth__edition=edition)
    yield _counted("vetika_bookings", "Bookings of booths", ["state"], bookings, ["state"])
    scans = Scan.objects.filter(gate__edition=edition, day=edition.today)
    yield _counted(
        "vetika_scans_today", "Scans of this day; no refusal is an admission", ["gate", "refusal"], scans,
        ["gate__code", "refusal"],
    )  # fmt: skip


def _quotas(edition):
    taken = GaugeMetricFamily("vetika_quota_taken", "Places taken of a quota", labels=["quota"])
    size = GaugeMetricFamily("vetika_quota_size", "Places of a quota", labels=["quota"])
    for name, used, places in Quota.objects.filter(edition=edition).values_list("name", "taken", "size"):
        taken.add_metric([name], used)
        size.add_metric([name], places)
    return [taken, size]


def _counted(name, sentence, labels, rows, columns):
    """How many rows there are of each combination that occurs; one query."""
    family = GaugeMetricFamily(name, sentence, labels=labels)
    for *values, count in rows.order_by().values_list(*columns).annotate(count=Count("pk")):
        family.add_metric([str(value).lower() for value in values], count)
    return family
