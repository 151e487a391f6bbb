"""What is noted of every request: one line in the log, a few numbers, and its own number in the answer."""

import logging
import time

from django.db import connection
from django.utils.functional import SimpleLazyObject, empty

from cms import metrics, tracing

access = logging.getLogger("access")


class Watching:
    """The outermost middleware, so that nothing is answered unseen.

    It reads neither session nor user: who has not been looked up while the page was made stays unknown.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with tracing.follow(id=tracing.named_by_proxy(request), request=request) as trace:
            begun, queries = time.perf_counter(), metrics.Queries()
            with connection.execute_wrapper(queries):
                response = self.get_response(request)
            seconds, route = time.perf_counter() - begun, tracing.route(request)
            response[tracing.HEADER] = trace.id
            metrics.count(request, response, route, seconds, queries)
            _write(request, response, route, seconds)
            return response


def _write(request, response, route, seconds) -> None:
    if not access.isEnabledFor(logging.INFO):
        return
    fields = {
        "method": metrics.method(request),
        "route": route,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "user": _user(request),
    }
    access.info("%(method)s %(route)s %(status)s %(ms)s ms", fields, extra={"fields": fields})


def _user(request) -> int | None:
    """The number of who is signed in, if anybody has asked for it."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return None
    return getattr(user, "pk", None)
