"""The site closed for work: a file in ``VAR_DIR`` says so, which asks neither database nor cache."""

import time

from django.conf import settings
from django.db import DatabaseError

from cms import errors

OPEN = ("/healthz", "/accounts/")  # what watches us; the door by which staff come in
SHORTEST = 60  # seconds


def _file():
    return settings.VAR_DIR / "maintenance"


def is_on() -> bool:
    return _file().exists()


def begin(minutes: int) -> None:
    """Closes the site on this machine; visitors are asked to come back in so many minutes."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text(str(int(time.time() + 60 * minutes)))


def end() -> None:
    _file().unlink(missing_ok=True)


def wait() -> float:
    """Seconds to the promised end, or a minute once that is past."""
    try:
        return max(SHORTEST, int(_file().read_text()) - time.time())
    except (OSError, ValueError):  # it ended just now, or was made by hand
        return SHORTEST


class Maintenance:
    """503 for everybody but staff of the back office, as far as the database can tell who that is."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_on() and not request.path_info.startswith(OPEN) and not _is_staff(request):
            return errors.maintenance(request, wait())
        return self.get_response(request)


def _is_staff(request) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    try:
        return request.user.has_perm("wagtailadmin.access_admin")
    except DatabaseError:
        return False
