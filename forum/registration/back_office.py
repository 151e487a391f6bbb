"""People in the back office; ``forum.desks`` puts them into its menu."""

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column

from cms.back_office import FoldedSearch, MadeByActs
from forum.registration.models import Registration


class RegistrationViewSet(MadeByActs):
    model = Registration
    icon = "user"
    menu_label = gettext_lazy("Registrations")
    list_display = [
        "code",
        "name_latin",
        Column("name_km", label=gettext_lazy("Khmer")),
        Column("agency", label=gettext_lazy("Agency"), accessor=lambda row: row.agency_in("en")),
        "pass_type",
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        "registered_at",
    ]
    list_filter = ["edition", "pass_type", "state", "language"]
    list_export = [
        "code", "edition", "state", "honorific", "name_latin", "name_km", "position", "agency", "agency_name",
        "contact_name", "email", "phone", "pass_type", "language", "registered_at",
    ]  # fmt: skip
    index_view_class = FoldedSearch
    ordering = ["sort_key"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("edition", read_only=True), FieldPanel("pass_type", read_only=True)]),
        FieldRowPanel([FieldPanel("code", read_only=True), FieldPanel("state", read_only=True)]),
        MultiFieldPanel(
            [FieldPanel("honorific"), FieldPanel("name_km"), FieldPanel("name_latin"), FieldPanel("position")],
            heading=gettext_lazy("Person"),
        ),
        MultiFieldPanel([FieldPanel("agency"), FieldPanel("agency_name")], heading=gettext_lazy("Agency")),
        MultiFieldPanel(
            [FieldPanel("contact_name"), FieldPanel("email"), FieldPanel("phone"), FieldPanel("language")],
            heading=gettext_lazy("Contact"),
        ),
    ]

    def get_queryset(self, request):
        return Registration.objects.with_names()
