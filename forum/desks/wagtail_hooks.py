"""The menu “People”: registrations, passes, badges and gates stand together for those who work with them."""

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.back_office import Permitted
from forum.badges.back_office_layouts import PERMISSIONS as WHO_CHECKS_BADGES
from forum.badges.back_office_layouts import BadgeLayoutViewSet
from forum.badges.wagtail_hooks import BadgePrintViewSet, SigningKeyViewSet
from forum.checkin.back_office_devices import DeviceViewSet
from forum.checkin.back_office_exceptions import PassExceptionViewSet
from forum.checkin.wagtail_hooks import GateViewSet, ScanViewSet
from forum.desks import back_office_duplicates, back_office_readiness
from forum.desks.back_office_duplicates import PERMISSION
from forum.documents.back_office import IssuedDocumentViewSet
from forum.registration.back_office import RegistrationViewSet
from forum.registration.back_office_approvals import PERMISSIONS
from forum.registration.back_office_delegations import DelegationViewSet
from forum.registration.back_office_passes import AccessCodeViewSet, AccessZoneViewSet, PassTypeViewSet, QuotaViewSet
from forum.registration.back_office_personal import PersonalInvitationViewSet
from forum.registration.back_office_privacy import ConsentViewSet, FurtherUseViewSet, PermissionViewSet, PrivacyNoticeViewSet
from forum.registration.back_office_questions import QuestionViewSet
from forum.registration.back_office_waiting import OfferViewSet
from forum.visas.back_office import VisaDeskViewSet, VisaRequestViewSet


class PeopleGroup(SnippetViewSetGroup):
    menu_label = pgettext_lazy("menu", "People")
    menu_name = "people"
    menu_icon = "group"
    menu_order = 400
    items = (
        RegistrationViewSet, DelegationViewSet, PassTypeViewSet, QuotaViewSet, QuestionViewSet, AccessCodeViewSet,
        PersonalInvitationViewSet, AccessZoneViewSet, OfferViewSet, PrivacyNoticeViewSet, FurtherUseViewSet, ConsentViewSet,
        PermissionViewSet, PassExceptionViewSet, GateViewSet, DeviceViewSet, BadgeLayoutViewSet, BadgePrintViewSet,
        SigningKeyViewSet, ScanViewSet, VisaDeskViewSet, VisaRequestViewSet, IssuedDocumentViewSet,
    )  # fmt: skip

    def get_submenu_items(self):
        permissions = sorted(set(PERMISSIONS.values()))
        return [
            *super().get_submenu_items(),
            Permitted(gettext_lazy("Approvals"), reverse("registration_approvals"), "tick", *permissions),
            Permitted(
                gettext_lazy("Register a person"),
                reverse("registration_register"),
                "plus",
                "registration.register_registration",
            ),
            Permitted(
                gettext_lazy("Voluntary figures"), reverse("registration_figures"), "view", "registration.view_figures"
            ),
            Permitted(gettext_lazy("Circulars"), reverse("registration_circulars"), "mail", "registration.view_circular"),
            Permitted(gettext_lazy("Badges that would not fit"), reverse("badges_check"), "warning", WHO_CHECKS_BADGES[0]),
            Permitted(gettext_lazy("Print many badges"), reverse("onsite:batch"), "doc-full", "badges.add_badgeprint"),
            Permitted(gettext_lazy("Possible duplicates"), reverse("registration_duplicates"), "group", PERMISSION),
        ]


register_snippet(PeopleGroup)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("registrations/duplicates/", back_office_duplicates.listing, name="registration_duplicates"),
        path(
            "registrations/duplicates/<str:first>/<str:second>/", back_office_duplicates.compare, name="registration_merge"
        ),
        path("exhibition/readiness/remind/", back_office_readiness.remind, name="exhibition_remind"),
        path("exhibition/readiness/", back_office_readiness.board, name="exhibition_readiness"),
        path(
            "exhibition/readiness/file.csv", back_office_readiness.written, {"kind": "csv"}, name="exhibition_readiness_csv"
        ),
        path(
            "exhibition/readiness/file.xlsx",
            back_office_readiness.written,
            {"kind": "xlsx"},
            name="exhibition_readiness_xlsx",
        ),
    ]


@hooks.register("register_log_actions")
def log_actions(actions):
    @actions.register_action("registration.merge")
    class Merged(LogFormatter):
        label = gettext_lazy("Merge")

        def format_message(self, log_entry):
            return _("Took in %(other)s, the same person: %(reason)s") % log_entry.data

    @actions.register_action("registration.different")
    class Different(LogFormatter):
        label = gettext_lazy("Tell apart")

        def format_message(self, log_entry):
            return _("Not the same person as %(other)s") % log_entry.data

    @actions.register_action("registration.merged")
    class MergedInto(LogFormatter):
        label = gettext_lazy("Merge into another")

        def format_message(self, log_entry):
            return _("Merged into %(other)s, the same person: %(reason)s") % log_entry.data
