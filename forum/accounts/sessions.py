"""How long somebody stays signed in: a working day at most, and not past an hour of doing nothing."""

import time

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser

from forum.accounts import standing

BEGAN, SEEN = "began_at", "seen_at"  # seconds since 1970
WRITTEN_EVERY = 60  # seconds: so that not every request writes to the database

# What a page asks for by itself, in the background: an editor left open is nobody at work.
BY_ITSELF = "/editing-sessions/"


def present(request):
    """Who is signed in; nobody, if the session has lasted too long or nothing happened for too long."""
    asks_often, session = getattr(request, standing.MARK, False), request.session
    user = (asks_often and standing.find(request)) or get_user(request)
    if not user.is_authenticated:
        return user
    if asks_often:
        standing.remember(request, user)
    now = int(time.time())
    began, seen = session.get(BEGAN, now), session.get(SEEN)
    if _is_over(now, began, seen):
        session.flush()
        return AnonymousUser()
    if seen is None or (now - seen >= WRITTEN_EVERY and BY_ITSELF not in request.path_info):
        session[BEGAN], session[SEEN] = began, now
    return user


def _is_over(now: int, began: int, seen: int | None) -> bool:
    # Each write moves the end that Django itself knows, so the age is counted here.
    is_old = now - began >= settings.SESSION_COOKIE_AGE
    return is_old or (seen is not None and now - seen >= settings.SESSION_IDLE_MINUTES * 60)
