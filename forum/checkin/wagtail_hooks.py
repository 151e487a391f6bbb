"""Gates and scans in the back office."""

from django.core.exceptions import ValidationError
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter

from cms.back_office import ReadOnly, Rows
from forum.checkin import back_office_devices
from forum.checkin.back_office_devices import PERMISSION
from forum.checkin.models import Device, Gate, Scan
from forum.registration.back_office_passes import DaysForm

PANELS = [
    FieldPanel("edition"),
    FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
    FieldPanel("zone"),
    FieldRowPanel([FieldPanel("passage"), FieldPanel("ways")]),
    FieldPanel("days"),
    FieldRowPanel([FieldPanel("opens"), FieldPanel("closes")]),
]


class GateForm(DaysForm):
    """A gate of one edition, into a zone of the same."""

    def clean_zone(self):
        zone, edition = self.cleaned_data["zone"], self.cleaned_data.get("edition")
        if edition and zone and zone.edition_id != edition.pk:
            raise ValidationError(_("This zone belongs to another edition."), code="other_edition")
        return zone


class GateViewSet(Rows):
    model = Gate
    icon = "lock-open"
    menu_label = gettext_lazy("Gates")
    list_display = [
        "name_en",
        "name_km",
        "edition",
        "zone",
        Column("get_passage_display", label=gettext_lazy("How often")),
        Column("get_ways_display", label=gettext_lazy("Direction")),
        Column("hours", label=gettext_lazy("Hours")),
    ]
    list_filter = ["edition"]
    edit_handler = ObjectList(PANELS, base_form_class=GateForm)

    def get_queryset(self, request):
        return Gate.objects.select_related("edition", "zone__edition")


class ScanViewSet(ReadOnly):
    model = Scan
    icon = "view"
    menu_label = gettext_lazy("Scans")
    list_display = [
        "scanned_at",
        "gate",
        Column("person", label=gettext_lazy("Person"), accessor="badge.registration.name_latin"),
        Column("get_way_display", label=gettext_lazy("Direction")),
        Column("get_refusal_display", label=gettext_lazy("Refusal")),
        Column("get_flag_display", label=gettext_lazy("To be looked at")),
        "reason",
        "scanned_by",
        "device",
    ]
    list_filter = ["gate", "day", "way", "refusal", "flag", "is_offline"]
    ordering = ["-scanned_at"]

    def get_queryset(self, request):
        return Scan.objects.select_related("gate", "badge__registration", "scanned_by", "device")


@hooks.register("register_snippet_listing_buttons")
def device_buttons(instance, user, next_url=None):
    if not user.has_perm(PERMISSION):
        return
    if isinstance(instance, Gate):
        address = reverse("checkin_prepare_device", args=[instance.pk])
        yield Button(_("Pair a device"), url=address, icon_name="mobile-alt", priority=70)
    if isinstance(instance, Device) and not instance.revoked_at:
        if not instance.paired_at:
            address = reverse("checkin_pair_device", args=[instance.pk])
            yield Button(_("Show the QR code"), url=address, icon_name="view", priority=70)
        yield Button(_("Revoke"), url=reverse("checkin_revoke_device", args=[instance.pk]), icon_name="warning", priority=90)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("gates/<int:pk>/device/", back_office_devices.prepare, name="checkin_prepare_device"),
        path("devices/<int:pk>/pair/", back_office_devices.pair, name="checkin_pair_device"),
        path("devices/<int:pk>/revoke/", back_office_devices.revoke, name="checkin_revoke_device"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions):
    for action, label, sentence in back_office_devices.ACTS:
        actions.register_action(action, label, sentence)

    @actions.register_action("checkin.override")
    class LetIn(LogFormatter):
        label = gettext_lazy("Let in at a gate")

        def format_message(self, log_entry):
            return _("Let in at gate %(gate)s, which had refused (%(refusal)s): %(reason)s") % log_entry.data
