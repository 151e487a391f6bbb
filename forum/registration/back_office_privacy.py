"""The privacy notice in the back office, and who agreed to what."""

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import CreateView, EditView

from cms.back_office import MadeByActs, ReadOnly
from forum.registration import noticing
from forum.registration.models import Consent, FurtherUse, Permission, PrivacyNotice


class WriteNotice(CreateView):
    def save_instance(self):
        return noticing.write(notice=self.form.save(commit=False), user=self.request.user)


class ChangeNotice(EditView):
    """A draft is changed; from a version that was published the next one is made."""

    def save_instance(self):
        return noticing.write(notice=self.form.save(commit=False), user=self.request.user)


class PrivacyNoticeViewSet(MadeByActs):
    """Versions stay, whether somebody agreed to them or not."""

    without = frozenset({"delete"})
    model = PrivacyNotice
    icon = "lock"
    menu_label = gettext_lazy("Privacy notices")
    list_display = [
        "version",
        "edition",
        "published_at",
        BooleanColumn("is_frozen", label=gettext_lazy("Published")),
        BooleanColumn("is_material", label=gettext_lazy("Asked again")),
    ]
    list_filter = ["edition", "is_material"]
    list_export = ["edition", "version", "published_at", "is_material", "summary_en", "summary_km", "text_en", "text_km"]
    add_view_class = WriteNotice
    edit_view_class = ChangeNotice
    inspect_view_fields_exclude = [*MadeByActs.inspect_view_fields_exclude, "consents"]
    panels = [
        FieldPanel("edition"),
        MultiFieldPanel([FieldPanel("summary_en"), FieldPanel("summary_km")], heading=gettext_lazy("In short")),
        MultiFieldPanel([FieldPanel("text_en"), FieldPanel("text_km")], heading=gettext_lazy("Whole text")),
        MultiFieldPanel(
            [FieldPanel("is_material"), FieldRowPanel([FieldPanel("changes_en"), FieldPanel("changes_km")])],
            heading=gettext_lazy("After an earlier version"),
        ),
        FieldPanel("published_at"),
    ]

    def get_queryset(self, request):
        return PrivacyNotice.objects.select_related("edition")


class FurtherUseViewSet(MadeByActs):
    without = frozenset({"delete"})
    model = FurtherUse
    icon = "check"
    menu_label = gettext_lazy("Further uses")
    list_display = ["label_en", "label_km", "edition", "is_asked", "position"]
    list_filter = ["edition", "is_asked"]
    inspect_view_fields_exclude = [*MadeByActs.inspect_view_fields_exclude, "permissions"]
    panels = [
        FieldPanel("edition"),
        FieldRowPanel([FieldPanel("label_en"), FieldPanel("label_km")]),
        FieldRowPanel([FieldPanel("is_asked"), FieldPanel("position")]),
    ]

    def get_queryset(self, request):
        return FurtherUse.objects.select_related("edition")


class WhoSaidWhat(ReadOnly):
    """With the names that there still are; of the present holder of each place."""

    list_per_page = 50
    search_fields = ["registration__name_latin", "registration__name_km", "registration__code"]
    export_headings = {
        "registration.name_latin": gettext_lazy("Name"),
        "registration.name_km": gettext_lazy("Khmer"),
        "registration.state": gettext_lazy("State"),
    }
    NAMES = [
        Column("name", label=gettext_lazy("Name"), accessor="registration.name_latin"),
        Column("get_how_display", label=gettext_lazy("How"), sort_key="how"),
        "said_at",
        "said_by",
    ]
    EXPORTED = ["registration", "registration.name_latin", "registration.name_km", "registration.state"]


class ConsentViewSet(WhoSaidWhat):
    model = Consent
    icon = "tick"
    menu_label = gettext_lazy("Who agreed")
    list_display = ["registration", "notice", *WhoSaidWhat.NAMES]
    list_filter = ["notice", "how"]
    list_export = [*WhoSaidWhat.EXPORTED, "notice", "how", "said_at", "said_by"]

    def get_queryset(self, request):
        return Consent.objects.current().select_related("registration", "notice__edition", "said_by")


class PermissionViewSet(WhoSaidWhat):
    model = Permission
    icon = "check"
    menu_label = gettext_lazy("Who allowed what")
    list_display = ["registration", "use", *WhoSaidWhat.NAMES, "taken_back_at"]
    list_filter = ["use", "how"]
    list_export = [*WhoSaidWhat.EXPORTED, "use", "how", "said_at", "said_by", "taken_back_at"]

    def get_queryset(self, request):
        return Permission.objects.current().select_related("registration", "use", "said_by")
