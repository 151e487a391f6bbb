"""Who is signed in, by which factor, and what they may do, found by one question of the database instead of five: for
views that one person asks for many times a minute. Nothing is believed that the database has not just said."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db.models import Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils.crypto import constant_time_compare

from cms.prepared import Prepared
from forum.accounts.models import User

MARK = "asks_often"
REMEMBERED = 3600  # seconds


def asks_often(view):
    """For a view whose people ask for it again and again."""
    setattr(view, MARK, True)
    return view


def find(request) -> User | None:
    """Whose session this is, with the session, the permissions and the factors at hand. None where the usual way has to
    tell: the session is new to this process, has ended, or is somebody's who may not sign in."""
    key = request.session.session_key
    known = key and caches["pages"].get(_name(key))
    user = known and _standing.first(user=known, session=key)
    if not user or user.session_data is None:
        return None
    data = request.session.decode(user.session_data)
    if data.get(SESSION_KEY) != str(user.pk) or data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    if not constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    request.session._session_cache = data
    user.backend = data[BACKEND_SESSION_KEY]
    if not user.is_superuser:  # who may do everything, and is asked for no names
        user._perm_cache = set(f"{user.by_group or ''} {user.by_name or ''}".split())
    user.held_factors = {int(number) for number in (user.factors or "").split()}
    return user


def remember(request, user: User) -> None:
    """Whose session it is never changes: it ends, or it is another one."""
    if request.session.session_key:
        caches["pages"].set(_name(request.session.session_key), user.pk, REMEMBERED)


def _name(key: str) -> str:
    return f"session-{key}"


class Joined(Func):
    """The values of all rows in one, with blanks between."""

    function, output_field = "STRING_AGG", TextField()

    def __init__(self, value, **extra):
        super().__init__(value, Value(" "), **extra)

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def _joined(rows, value) -> Subquery:
    return Subquery(rows.order_by().values(joined=Joined(value)))


def _people(user: int, session: str):
    name = Concat("content_type__app_label", Value("."), "codename", output_field=TextField())
    factors = Authenticator.objects.filter(user=OuterRef("pk"))
    live = Session.objects.filter(pk=session, expire_date__gt=Now())
    return User.objects.filter(pk=user, is_active=True).annotate(
        session_data=Subquery(live.values("session_data")),
        by_group=_joined(Permission.objects.filter(group__user=OuterRef("pk")), name),
        by_name=_joined(Permission.objects.filter(user=OuterRef("pk")), name),
        factors=_joined(factors, Cast("pk", TextField())),
    )


_standing = Prepared(_people, user=int, session=str)
