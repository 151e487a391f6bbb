"""Gates and scans in the back office."""

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from cms.back_office import ReadOnly, Rows
from forum.checkin.models import Gate, Scan


class GateViewSet(Rows):
    model = Gate
    icon = "lock-open"
    menu_label = gettext_lazy("Gates")
    list_display = ["name_en", "name_km", "edition"]
    list_filter = ["edition"]
    panels = [FieldPanel("edition"), FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")])]

    def get_queryset(self, request):
        return Gate.objects.select_related("edition")


class ScanViewSet(ReadOnly):
    model = Scan
    icon = "view"
    menu_label = gettext_lazy("Scans")
    list_display = [
        "scanned_at",
        "gate",
        Column("person", label=gettext_lazy("Person"), accessor="badge.registration.name_latin"),
        Column("get_refusal_display", label=gettext_lazy("Refusal")),
        "scanned_by",
    ]
    list_filter = ["gate", "day", "refusal"]
    ordering = ["-scanned_at"]

    def get_queryset(self, request):
        return Scan.objects.select_related("gate", "badge__registration", "scanned_by")
