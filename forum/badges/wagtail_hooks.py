"""What was printed, in the back office."""

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter

from cms.back_office import NOT_SHOWN, Labelled, ReadOnly
from forum.badges import back_office_acts, back_office_layouts
from forum.badges.back_office_layouts import PERMISSIONS
from forum.badges.models import BadgeLayout, BadgePrint, SigningKey


class PrintFilters(Labelled):
    labels = {"badge__registration__edition": gettext_lazy("Edition")}

    class Meta:
        model = BadgePrint
        fields = ["printed_at", "badge__registration__edition", "desk", "reason"]


class BadgePrintViewSet(ReadOnly):
    model = BadgePrint
    icon = "doc-full"
    menu_label = gettext_lazy("Badge prints")
    list_display = [
        "printed_at",
        Column("person", label=gettext_lazy("Person"), accessor="badge.registration.name_latin"),
        "printed_by",
        "desk",
        Column("get_reason_display", label=gettext_lazy("Why again")),
    ]
    filterset_class = PrintFilters
    ordering = ["-printed_at"]

    def get_queryset(self, request):
        return BadgePrint.objects.select_related("badge__registration", "printed_by")


class SigningKeyViewSet(ReadOnly):
    model = SigningKey
    icon = "key"
    menu_label = gettext_lazy("Signing keys")
    list_display = ["code", "edition", "made_at", "retired_at", "revoked_at"]
    list_filter = ["edition"]
    inspect_view_fields_exclude = [*NOT_SHOWN, "sealed"]

    def get_queryset(self, request):
        return SigningKey.objects.select_related("edition")


@hooks.register("register_snippet_listing_buttons")
def key_buttons(instance, user, next_url=None):
    if not isinstance(instance, SigningKey) or not user.has_perm("badges.rotate_signingkey"):
        return
    if not instance.retired_at:
        yield Button(
            _("Take another key"), url=reverse("badges_rotate_key", args=[instance.pk]), icon_name="rotate", priority=70
        )
    if not instance.revoked_at:
        yield Button(_("Revoke"), url=reverse("badges_revoke_key", args=[instance.pk]), icon_name="warning", priority=90)


@hooks.register("register_snippet_listing_buttons")
def layout_buttons(instance, user, next_url=None):
    if isinstance(instance, BadgeLayout) and user.has_perms(PERMISSIONS):
        yield Button(_("Preview"), url=reverse("badges_preview", args=[instance.pk]), icon_name="view", priority=70)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("badges/keys/<int:pk>/rotate/", back_office_acts.rotate_key, name="badges_rotate_key"),
        path("badges/keys/<int:pk>/revoke/", back_office_acts.revoke_key, name="badges_revoke_key"),
        path("badges/layouts/<int:pk>/preview/", back_office_layouts.preview, name="badges_preview"),
        path("badges/check/", back_office_layouts.check, name="badges_check"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("badges.rotate_key", gettext_lazy("Take another key"), gettext_lazy("Another key signs badges"))
    actions.register_action("badges.revoke_key", gettext_lazy("Revoke a key"), gettext_lazy("Revoked a signing key"))
    actions.register_action("badges.print", gettext_lazy("Print a badge"), gettext_lazy("Printed the badge"))

    @actions.register_action("badges.hand_over")
    class HandedOver(LogFormatter):
        label = gettext_lazy("Hand a badge over")

        def format_message(self, log_entry):
            if log_entry.data["is_to_other"]:
                return _("Handed the badge over to somebody who came for the person")
            return _("Handed the badge over to the person")

    @actions.register_action("badges.hand_over_many")
    class HandedManyOver(LogFormatter):
        label = gettext_lazy("Hand many badges over")

        def format_message(self, log_entry):
            return _("Handed %(count)s badges of agency %(agency)s over, list %(list)s") % log_entry.data

    @actions.register_action("badges.undo_handover")
    class TookBack(LogFormatter):
        label = gettext_lazy("Undo the handing over of a badge")

        def format_message(self, log_entry):
            return _("The badge was not handed over after all: %(reason)s") % log_entry.data

    @actions.register_action("badges.undo_handover_list")
    class TookManyBack(LogFormatter):
        label = gettext_lazy("Undo the handing over of many badges")

        def format_message(self, log_entry):
            return _("%(count)s badges were not handed over after all: %(reason)s") % log_entry.data

    @actions.register_action("badges.order_batch")
    class OrderedMany(LogFormatter):
        label = gettext_lazy("Order a batch of badges")

        def format_message(self, log_entry):
            return _("Ordered %(count)s badges in batch %(batch)s") % log_entry.data

    @actions.register_action("badges.cancel_batch")
    class Stopped(LogFormatter):
        label = gettext_lazy("Stop a batch of badges")

        def format_message(self, log_entry):
            return _("Stopped batch %(batch)s of badges") % log_entry.data

    @actions.register_action("badges.retry_batch")
    class WentOn(LogFormatter):
        label = gettext_lazy("Go on with a batch of badges")

        def format_message(self, log_entry):
            return _("Went on with batch %(batch)s of badges") % log_entry.data

    @actions.register_action("badges.print_batch")
    class PrintedMany(LogFormatter):
        label = gettext_lazy("Print many badges")

        def format_message(self, log_entry):
            return _("Printed %(count)s badges") % log_entry.data
