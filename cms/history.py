"""From where each entry of the history comes, and entries for what no form of Wagtail's writes down.

The history is Wagtail's log. Every entry, Wagtail's own included, carries under ``FROM`` where the act came from; see
``docs/decisions/the-history-says-from-where.md``.
"""

import json
from functools import wraps

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_noop
from wagtail.admin.views import collections
from wagtail.admin.views.generic import multiple_upload
from wagtail.log_actions import log, registry
from wagtail.models import ModelLogEntry
from wagtail.models.audit_log import BaseLogEntryManager

from cms import tracing, visitors

FROM = "from"
COMMAND_LINE = gettext_noop("command line")
NOT_NOTED = {"export", "p", "q", "csrfmiddlewaretoken"}  # words that somebody searched for may be a name

_log_action = BaseLogEntryManager.log_action
# What Wagtail's own views do without writing it down.
UNWRITTEN = {
    collections.Delete: "wagtail.delete",
    multiple_upload.AddView: "wagtail.create",
    multiple_upload.CreateFromUploadView: "wagtail.create",
    multiple_upload.EditView: "wagtail.edit",
    multiple_upload.DeleteView: "wagtail.delete",
}


def apply() -> None:
    """Wagtail has no setting for it; its registry and its own calls all pass by this method."""
    BaseLogEntryManager.log_action = log_action
    for view, action in UNWRITTEN.items():
        view.post = writing(action)(view.post)


def newest() -> int | None:
    """The key of what was written last: as long as it is the same, staff have changed nothing."""
    return ModelLogEntry.objects.order_by("-pk").values_list("pk", flat=True).first()


def log_action(self, instance, action, **kwargs):
    data = (kwargs.pop("data", None) or {}) | {FROM: whence()}
    return _log_action(self, instance, action, data=data, **kwargs)


def writing(action):
    """Makes ``post`` of a view write ``action`` down where it was done; such a view answers with JSON or leads on."""

    def decorate(post):
        @wraps(post)
        @transaction.atomic
        def written(self, request, *args, **kwargs):
            response = post(self, request, *args, **kwargs)
            row = getattr(self, "object", None)
            if row and action == "wagtail.delete":
                row.pk = kwargs[self.pk_url_kwarg]  # which deleting took away
            if row and row.pk and _is_done(response):
                log(row, action, user=request.user, deleted=action == "wagtail.delete")
            return response

        return written

    return decorate


def _is_done(response) -> bool:
    return response.status_code == 302 or (response.status_code == 200 and json.loads(response.content)["success"])


def whence() -> dict[str, str]:
    """The visitor's address, the number of the request and, on the floor, the desk; else which work of the system it is."""
    trace = tracing.current()
    if trace is None:
        return {"system": COMMAND_LINE}
    if trace.request is None:
        return {"system": trace.work, "task": trace.id}
    found = {"address": visitors.address(trace.request), "request": trace.id, "desk": getattr(trace.request, "desk", "")}
    return {name: value for name, value in found.items() if value}


def write_list(*, model: type[Model], action: str, user, data: dict) -> ModelLogEntry:
    """An entry about the rows of a kind together, such as a list taken out as a file."""
    registry.scan_for_actions()  # which loads what ``apply`` does
    names = str(model._meta.verbose_name_plural)
    return ModelLogEntry.objects.log_action(model(pk=0), action, user=user, title=names, data=data)


def write_export(view, rows, kind: str) -> None:
    """A list of the back office is taken out: how many rows of what, chosen by which filters."""
    count = len(rows) if isinstance(rows, list) else rows.count()
    chosen = {name: values for name, values in view.request.GET.lists() if name not in NOT_NOTED and any(values)}
    write_list(
        model=view.model or ModelLogEntry,
        action="cms.export",
        user=view.request.user,
        data={"format": kind, "rows": count, "filters": chosen},
    )
