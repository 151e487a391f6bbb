"""The history of the whole house in the back office: who did what, when and from where. It can be read and taken out."""

import django_filters
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import ContentTypeFilter
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports.audit_logging import LogEntriesView, SiteHistoryReportFilterSet
from wagtail.log_actions import registry
from wagtail.models import PageLogEntry

from cms import history

PERMISSION = "accounts.view_history"


class HistoryMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


class HistoryFilter(SiteHistoryReportFilterSet):
    """Wagtail's filters by person, act, kind, name and date; besides, by where it came from."""

    address = django_filters.CharFilter(
        label=gettext_lazy("Address begins with"), field_name=f"data__{history.FROM}__address", lookup_expr="startswith"
    )
    request_id = django_filters.CharFilter(
        label=gettext_lazy("Number of the request"), field_name=f"data__{history.FROM}__request", lookup_expr="exact"
    )
    object_type = ContentTypeFilter(
        label=gettext_lazy("Type"), method="filter_object_type", queryset=lambda request: _kinds()
    )
    is_commenting_action = None

    class Meta:
        model = PageLogEntry
        fields = []

    def get_action_choices(self):
        used = _used("get_actions")
        return [choice for choice in registry.get_choices() if choice[0] in used]

    def get_users_queryset(self):
        return get_user_model().objects.filter(pk__in=_used("get_user_ids")).order_by("email")


def _used(question: str) -> set:
    """What occurs in any kind of entry; Wagtail would offer what one may change only."""
    return set().union(*(getattr(model.objects.all(), question)() for model in registry.get_log_entry_models()))


def _kinds():
    return ContentType.objects.filter(pk__in=_used("get_content_type_ids")).order_by("model")


class HistoryView(LogEntriesView):
    page_title = gettext_lazy("History")
    index_url_name = "history"
    index_results_url_name = "history_results"
    filterset_class = HistoryFilter
    results_template_name = "accounts/back_office/history_results.html"
    http_method_names = ["get", "head", "options"]
    list_export = [
        "timestamp", "who", "user_id", "action", "said", "content_type", "object_id", "label", "whence.address",
        "whence.request", "whence.desk", "whence.system", "details",
    ]  # fmt: skip
    export_headings = LogEntriesView.export_headings | {
        "who": gettext_lazy("Who"),
        "user_id": gettext_lazy("Number of the user"),
        "said": pgettext_lazy("history", "What"),
        "whence.address": gettext_lazy("Address"),
        "whence.request": gettext_lazy("Request"),
        "whence.desk": gettext_lazy("Desk"),
        "whence.system": gettext_lazy("Work of the system"),
        "details": gettext_lazy("Details"),
    }

    def dispatch(self, request, *args, **kwargs):
        return permission_required(PERMISSION)(super().dispatch)(request, *args, **kwargs)

    def get_filtered_queryset(self):
        """As Wagtail's, of all kinds of entries together; but whoever reads this reads all of it."""
        self.log_models = sorted(registry.get_log_entry_models(), key=lambda model: model._meta.label)
        parts = [
            self.filter_queryset(
                model.objects.values("pk", "timestamp").annotate(log_model_index=Value(number, output_field=IntegerField()))
            ).order_by()
            for number, model in enumerate(self.log_models)
        ]
        return parts[0].union(*parts[1:], all=True).order_by("-timestamp", "-pk")

    def decorate_paginated_queryset(self, queryset):
        entries = super().decorate_paginated_queryset(queryset)
        for entry in entries:
            came = entry.data.get(history.FROM, {})
            entry.whence = {name: came.get(name, "") for name in ("address", "request", "desk", "system")}
            if entry.whence["system"] == history.COMMAND_LINE:  # other work of the system goes by its name in the code
                entry.whence["system"] = _(history.COMMAND_LINE)
            entry.who = _who(entry)
            entry.said = str(entry.message)
            entry.details = str({name: value for name, value in entry.data.items() if name != history.FROM} or "")
        return entries


def _who(entry) -> str:
    """A person; the system, for what it does by the clock or somebody at its console; or somebody who was not signed in."""
    if entry.user_id:
        return str(entry.user_display_name)
    return _("A visitor") if entry.whence["address"] else _("The system")
