"""What was printed, in the back office."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.log_actions import LogFormatter

from cms.back_office import ReadOnly
from forum.badges.models import BadgePrint


class BadgePrintViewSet(ReadOnly):
    model = BadgePrint
    icon = "doc-full"
    menu_label = gettext_lazy("Badge prints")
    list_display = [
        "printed_at",
        Column("person", label=gettext_lazy("Person"), accessor="badge.registration.name_latin"),
        "printed_by",
    ]
    list_filter = ["printed_at", "badge__registration__edition"]
    ordering = ["-printed_at"]

    def get_queryset(self, request):
        return BadgePrint.objects.select_related("badge__registration", "printed_by")


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("badges.print", gettext_lazy("Print a badge"), gettext_lazy("Printed the badge"))

    @actions.register_action("badges.print_batch")
    class PrintedMany(LogFormatter):
        label = gettext_lazy("Print many badges")

        def format_message(self, log_entry):
            return _("Printed %(count)s badges") % log_entry.data
