"""The menu “People”: registrations, passes, badges and gates stand together for those who work with them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.back_office import Permitted
from forum.badges.wagtail_hooks import BadgePrintViewSet
from forum.checkin.wagtail_hooks import GateViewSet, ScanViewSet
from forum.registration.back_office import RegistrationViewSet
from forum.registration.back_office_approvals import PERMISSIONS
from forum.registration.back_office_delegations import DelegationViewSet
from forum.registration.back_office_passes import AccessCodeViewSet, AccessZoneViewSet, PassTypeViewSet, QuotaViewSet
from forum.registration.back_office_privacy import ConsentViewSet, FurtherUseViewSet, PermissionViewSet, PrivacyNoticeViewSet
from forum.registration.back_office_questions import QuestionViewSet
from forum.registration.back_office_waiting import OfferViewSet


class PeopleGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("People")
    menu_name = "people"
    menu_icon = "group"
    menu_order = 400
    items = (
        RegistrationViewSet, DelegationViewSet, PassTypeViewSet, QuotaViewSet, QuestionViewSet, AccessCodeViewSet,
        AccessZoneViewSet, OfferViewSet, PrivacyNoticeViewSet, FurtherUseViewSet, ConsentViewSet, PermissionViewSet,
        GateViewSet, BadgePrintViewSet, ScanViewSet,
    )  # fmt: skip

    def get_submenu_items(self):
        permissions = sorted(set(PERMISSIONS.values()))
        return [
            *super().get_submenu_items(),
            Permitted(_("Approvals"), reverse("registration_approvals"), "tick", *permissions),
            Permitted(
                _("Register a person"), reverse("registration_register"), "plus", "registration.register_registration"
            ),
            Permitted(_("Voluntary figures"), reverse("registration_figures"), "view", "registration.view_figures"),
            Permitted(_("Circulars"), reverse("registration_circulars"), "mail", "registration.view_circular"),
        ]


register_snippet(PeopleGroup)
