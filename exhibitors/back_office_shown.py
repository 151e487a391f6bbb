"""What exhibitors show, in the back office: the list of themes, products to be corrected, and who hosts a session."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from agenda.models import Session
from cms.back_office import MadeByActs, Rows
from exhibitors.models import Product, SessionHost, Theme


class Themes(Rows):
    model = Theme
    icon = "tag"
    list_display = ["name_en", "name_km", "edition"]
    list_filter = ["edition"]
    list_export = ["code", "edition", "name_en", "name_km"]
    list_per_page = 50
    panels = [
        FieldPanel("edition", widget=forms.Select),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
    ]

    def get_queryset(self, request):
        return Theme.objects.select_related("edition")


class Products(MadeByActs):
    """Exhibitors write them on their desks; staff correct or take out what cannot stand."""

    model = Product
    icon = "list-ul"
    without = frozenset({"add"})
    list_display = ["name_en", "name_km", "agency", "edition"]
    list_filter = ["edition"]
    list_export = ["code", "edition", "agency", "name_en", "name_km", "about_en", "about_km", "link"]
    search_fields = ["search_text", "agency__search_text"]
    list_per_page = 50
    panels = [
        MultiFieldPanel([FieldPanel("name_en"), FieldPanel("name_km")], heading=_("Name")),
        MultiFieldPanel([FieldPanel("about_en"), FieldPanel("about_km")], heading=_("Description")),
        FieldPanel("link"),
    ]

    def get_queryset(self, request):
        return Product.objects.select_related("agency", "edition")


class HostForm(WagtailAdminModelForm):
    """Sessions of forums that are not over, and the one that was chosen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Session.objects.filter(edition__closes_on__gte=timezone.localdate())
        if self.instance.pk:
            rows |= Session.objects.filter(pk=self.instance.session_id)
        field = self.fields["session"]
        field.queryset = rows.select_related("edition").order_by("edition", "title_en", "title_km")
        field.label_from_instance = lambda session: f"{session.edition.short_name} · {session.title}"


class Hosts(Rows):
    model = SessionHost
    icon = "calendar-alt"
    list_display = ["session", "agency"]
    list_filter = ["session__edition"]
    list_export = ["session", "agency"]
    search_fields = ["session__search_text", "agency__search_text"]
    list_per_page = 50
    edit_handler = ObjectList(
        [FieldPanel("session", widget=forms.Select), FieldPanel("agency", widget=forms.Select)], base_form_class=HostForm
    )

    def get_queryset(self, request):
        return SessionHost.objects.select_related("session", "agency")
