"""Gates and scans in the back office."""

import datetime

from django.core.exceptions import ValidationError
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter

from cms import addresses, dates
from cms.back_office import ReadOnly, Rows
from forum.checkin import back_office_devices, back_office_exceptions
from forum.checkin.back_office_devices import PERMISSION
from forum.checkin.models import Device, Gate, PassException, Scan
from forum.registration.back_office_passes import DaysForm
from forum.registration.models import Registration

PANELS = [
    FieldPanel("edition"),
    FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
    FieldRowPanel([FieldPanel("zone"), FieldPanel("room")]),
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

    def clean_room(self):
        room, edition = self.cleaned_data["room"], self.cleaned_data.get("edition")
        if edition and room and room.edition_id != edition.pk:
            raise ValidationError(_("This room belongs to another edition."), code="other_edition")
        return room


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


@hooks.register("register_snippet_listing_buttons")
def exception_buttons(instance, user, next_url=None):
    if not user.has_perm(back_office_exceptions.PERMISSION):
        return
    if isinstance(instance, Registration) and instance.is_live:
        address = addresses.of_row("checkin_make_exception", instance.pk)
        yield Button(_("Exception"), url=address, icon_name="lock-open", priority=88)
    if isinstance(instance, PassException):
        address = reverse("checkin_take_back_exception", args=[instance.pk])
        yield Button(_("Take back"), url=address, icon_name="undo", priority=90)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("gates/<int:pk>/device/", back_office_devices.prepare, name="checkin_prepare_device"),
        path("devices/<int:pk>/pair/", back_office_devices.pair, name="checkin_pair_device"),
        path("registrations/<int:pk>/exception/", back_office_exceptions.make, name="checkin_make_exception"),
        path("exceptions/<int:pk>/take-back/", back_office_exceptions.take_back, name="checkin_take_back_exception"),
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

    @actions.register_action("checkin.make_exception")
    class MadeException(LogFormatter):
        label = gettext_lazy("Make an exception to a pass")

        def format_message(self, log_entry):
            return f"{_exception(log_entry.data)} {log_entry.data['reason']}"

    @actions.register_action("checkin.take_back_exception")
    class TookBackException(LogFormatter):
        label = gettext_lazy("Take back an exception")

        def format_message(self, log_entry):
            return _("Took back: %(exception)s %(reason)s") % {
                "exception": _exception(log_entry.data), "reason": log_entry.data["reason"],
            }  # fmt: skip


def _exception(data) -> str:
    """As it was, whatever has become of the zone."""
    if "zone" in data:
        return (_("May enter %(zone)s:") if data["is_open"] else _("May not enter %(zone)s:")) % data
    written = dates.weekday(datetime.date.fromisoformat(data["day"]))
    return (_("May come on %(day)s:") if data["is_open"] else _("May not come on %(day)s:")) % {"day": written}
