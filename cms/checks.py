"""What ``manage.py check`` watches of ours."""

import datetime

from django.conf import settings
from django.core.checks import Error, Warning

WARN_BEFORE = datetime.timedelta(days=30)
LONGEST = datetime.timedelta(days=366)  # RFC 9116, 2.5.5


def security_contact(app_configs=None, **kwargs) -> list:
    """``security.txt`` is believed only while it says so itself; somebody has to look again in time."""
    if not settings.SECURITY_CONTACT:
        return []
    until, today = settings.SECURITY_CONTACT_UNTIL, datetime.datetime.now(datetime.UTC).date()
    if until is None or until < today:
        hint = "Look whether it still holds, then set SECURITY_CONTACT_UNTIL to a day within a year from now."
        return [Error("security.txt is not shown: its contact is out of date.", hint=hint, id="cms.E001")]
    if until < today + WARN_BEFORE:
        return [Warning(f"The contact of security.txt is out of date after {until}.", id="cms.W001")]
    if until > today + LONGEST:
        return [Warning("SECURITY_CONTACT_UNTIL is more than a year away; nobody will believe it.", id="cms.W002")]
    return []
