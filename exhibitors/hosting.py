"""Sessions that agencies host, as their pages and the sessions' own tell it."""

from django.db.models import Exists, OuterRef

from agenda.models import Session
from cms.models import Edition
from exhibitors.models import Agency, Booking


def hosts_of(session: Session) -> dict | None:
    """For the session's page: its hosts, and which of them have a page of their own. One query."""
    booths = Booking.objects.shown_at(session.edition).filter(agency=OuterRef("pk"))
    hosts = list(Agency.objects.filter(hosted__session=session.pk).annotate(has_page=Exists(booths)))
    return {"template": "exhibitors/includes/hosts.html", "hosts": hosts} if hosts else None


def hosted_by(agency: Agency, edition: Edition) -> list[Session]:
    """Its published sessions, the first first; those without a time at the end. Three queries at most."""
    found = Session.objects.public(edition).filter(hosts__agency=agency).with_places()
    return sorted(found, key=lambda session: (session.slot is None, session.slot and session.starts_at, session.code))
