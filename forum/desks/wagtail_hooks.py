"""The menu “People”: registrations, passes, badges and gates stand together for those who work with them."""

from django.utils.translation import gettext_lazy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from forum.badges.wagtail_hooks import BadgePrintViewSet
from forum.checkin.wagtail_hooks import GateViewSet, ScanViewSet
from forum.registration.back_office import RegistrationViewSet
from forum.registration.back_office_delegations import DelegationViewSet
from forum.registration.back_office_passes import AccessCodeViewSet, AccessZoneViewSet, PassTypeViewSet, QuotaViewSet
from forum.registration.back_office_questions import QuestionViewSet
from forum.registration.back_office_waiting import OfferViewSet


class PeopleGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("People")
    menu_name = "people"
    menu_icon = "group"
    menu_order = 400
    items = (
        RegistrationViewSet, DelegationViewSet, PassTypeViewSet, QuotaViewSet, QuestionViewSet, AccessCodeViewSet,
        AccessZoneViewSet, OfferViewSet, GateViewSet, BadgePrintViewSet, ScanViewSet,
    )  # fmt: skip


register_snippet(PeopleGroup)
