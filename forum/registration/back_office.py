"""People and passes in the back office; ``forum.desks`` puts them into its menu."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from cms.back_office import FoldedSearch, MadeByActs, Rows
from forum.registration.models import PassType, Quota, Registration


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


class QuotaViewSet(Rows):
    model = Quota
    icon = "list-ol"
    menu_label = gettext_lazy("Quotas")
    list_display = ["name", "edition", "taken", "size"]
    list_filter = ["edition"]
    panels = [FieldPanel("edition"), FieldPanel("name"), FieldPanel("size"), FieldPanel("taken", read_only=True)]

    def get_queryset(self, request):
        return Quota.objects.select_related("edition")


class PassTypeForm(WagtailAdminModelForm):
    """A pass draws on quotas of its own edition, the same from its first holder on: who leaves gives back what was taken."""

    def clean_quotas(self):
        quotas = self.cleaned_data["quotas"]
        edition = self.cleaned_data.get("edition")
        if edition and any(quota.edition_id != edition.pk for quota in quotas):
            raise ValidationError(_("A quota belongs to another edition."), code="other_edition")
        is_changed = self.instance.pk and set(quotas) != set(self.instance.quotas.all())
        if is_changed and self.instance.registrations.live().exists():
            raise ValidationError(_("People hold this pass already: its quotas stay as they are."), code="held")
        return quotas


class PassTypeViewSet(Rows):
    model = PassType
    icon = "tag"
    menu_label = gettext_lazy("Passes")
    list_display = ["name_en", "name_km", "edition", "is_public"]
    list_filter = ["edition"]
    panels = [
        FieldRowPanel([FieldPanel("edition"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("description_en"), FieldPanel("description_km")]),
        FieldRowPanel([FieldPanel("band"), FieldPanel("position")]),
        FieldPanel("quotas"),
        FieldPanel("is_public"),
    ]
    edit_handler = ObjectList(panels, base_form_class=PassTypeForm)

    def get_queryset(self, request):
        return PassType.objects.select_related("edition")
