"""How often somebody may ask; see ``docs/decisions/many-people-share-one-address.md``.

The rates stand in ``settings.LIMITS``, in allauth's writing (``600/10m/ip,20/10m/key``). They are counted in the shared
cache by windows of the clock, so the waiting time is known without asking and a refused request costs no more than
others. Where the cache fails nobody is refused.
"""

import logging
import math
import time
from functools import cache as once
from functools import wraps
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from cms import dates, visitors

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
log = logging.getLogger(__name__)


class Rate(NamedTuple):
    amount: int
    seconds: int
    per: str


class TooMany(ValidationError):
    """A refusal that says how long to wait: beside a form, or as a page of its own."""

    def __init__(self, wait: float):
        super().__init__(sentence(wait), code="too_many")
        self.wait = wait

    def mark(self, response):
        return mark(response, self.wait)


def sentence(wait: float) -> str:
    """The waiting time in words; never less than it is."""
    if wait <= 5400:
        count = math.ceil(wait / 60) or 1
        words = ngettext(
            "Too many tries in a short time. Please wait %(written)s minute and try again.",
            "Too many tries in a short time. Please wait %(written)s minutes and try again.",
            count,
        )
    else:
        count = math.ceil(wait / 3600)
        words = ngettext(
            "Too many tries today. Please wait %(written)s hour and try again.",
            "Too many tries today. Please wait %(written)s hours and try again.",
            count,
        )
    return words % {"written": dates.digits(str(count))}


def mark(response, wait: float, status: int = 429):
    """The same answer as one that asks to come back later."""
    response.status_code = status
    response["Retry-After"] = str(math.ceil(wait))
    response["Cache-Control"] = "no-store"
    return response


def refusal(request, name: str, key: str = "") -> TooMany | None:
    """Counts this request under ``name``; says no to one too many. ``key`` is what was typed, such as an address."""
    now = time.time()
    windows = list(_windows(request, name, key, now))
    counts = _count({window: until for window, until, _amount in windows})
    waits = [until - now for (_window, until, amount), count in zip(windows, counts, strict=True) if count > amount]
    return TooMany(max(waits)) if waits else None


def limited(name: str, when=lambda request: True):
    """Counts each request to the view for which ``when`` holds; answers 429 to one too many."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if when(request) and (no := refusal(request, name)):
                raise no
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def has_words(request) -> bool:
    """Whether the address asks for a search; the page without words is one like others."""
    return bool(request.GET.get("q", "").strip())


def misses(name: str):
    """Counts only what the view does not find: who has the right link gets in, whatever others of the address tried."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except Http404:
                if no := refusal(request, name):
                    raise no from None
                raise

        return guarded

    return decorate


def longest(*names: str) -> int:
    """Seconds after which the rates of these names let anybody try again."""
    return max((rate.seconds for name in names for rate in rates(settings.LIMITS[name])), default=60)


@once
def rates(written: str) -> tuple[Rate, ...]:
    """``600/10m/ip,20/10m/key``: so many in so long for each of these; nothing written limits nothing."""
    found = []
    for one in filter(None, written.split(",")):
        amount, length, per = one.split("/")
        found.append(Rate(int(amount), int(length[:-1] or 1) * SECONDS[length[-1]], per))
    return tuple(found)


def _windows(request, name, key, now):
    """Name, end and size of each window that this request falls into."""
    for rate in rates(settings.LIMITS[name]):
        if who := _who(request, rate.per, key):
            number = int(now // rate.seconds)
            # Addresses are personal: the cache learns none.
            secret = salted_hmac("cms.limits", f"{rate.per}:{who}", algorithm="sha256").hexdigest()[:32]
            yield f"limit:{name}:{rate.seconds}:{number}:{secret}", (number + 1) * rate.seconds, rate.amount


def _who(request, per, key) -> str:
    if per == "ip":
        return visitors.network(request)
    if per == "user":
        return str(request.user.pk or "")
    return key.strip().casefold()


def _count(windows: dict[str, float]) -> list[int]:
    """One round trip to the cache of the database; other caches add and count key by key, each of them atomically."""
    if not windows:
        return []
    cache = caches["default"]
    try:
        return cache.count(windows) if hasattr(cache, "count") else [_count_one(cache, *one) for one in windows.items()]
    except Exception:
        log.exception("the shared cache cannot count: nobody is refused")
        return [0] * len(windows)


def _count_one(cache, key, until) -> int:
    cache.add(key, 0, max(1, until - time.time()))
    return cache.incr(key)
