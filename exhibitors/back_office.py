"""The exhibition's lists in the back office: what may be filtered, searched, exported and typed."""

from django import forms
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton
from wagtail.snippets.views.snippets import CreateView, EditView, HistoryView, IndexView

from cms import countries, languages
from cms.back_office import NOT_SHOWN, ByAct, FoldedSearch, InspectLocally, MadeByActs, ReadOnly, Rows
from cms.models import Country, Edition
from exhibitors import allocation, checking, eligibility, profiles
from exhibitors.back_office_drawing import Drawing, standing
from exhibitors.forms import LogoFields
from exhibitors.models import Agency, Booking, Booth, Hall, Invitation, Membership, Structure, Zone


class ListButton(BaseButton):
    """An act in sight in its row, not in the row's menu."""

    def __init__(self, label, **kwargs):
        super().__init__(label, classname="button button-small button-secondary", **kwargs)


def agency_acts(agency: Agency, user) -> list[dict]:
    """What this person may do for the agency, as arguments of a button."""
    acts = [
        ("exhibitors.add_invitation", _("Invite a person"), "exhibition_invite", "mail"),
        ("exhibitors.decide_application", _("Enter an application"), "exhibition_apply", "form"),
    ]
    return [
        {"label": label, "url": reverse(name, args=[agency.pk]), "icon_name": icon}
        for permission, label, name, icon in acts
        if user.has_perm(permission)
    ]


class EditAgency(EditView):
    """The agency's form, with the buttons of what is done for it."""

    @cached_property
    def header_buttons(self):
        return [HeaderButton(**act) for act in agency_acts(self.object, self.request.user)]


class InspectAgency(InspectLocally):
    def get_country_display_value(self):
        return dict(countries.choices_for_staff()).get(self.object.country, self.object.country or "–")


class ListAgencies(FoldedSearch):
    def get_list_more_buttons(self, instance):
        acts = agency_acts(instance, self.request.user)
        buttons = [Button(**act, priority=15 + place) for place, act in enumerate(acts)]
        return super().get_list_more_buttons(instance) + buttons


class AgencyForm(WagtailAdminModelForm, LogoFields):
    """The country is chosen by its name; one that the list has no more stays."""

    country = forms.ChoiceField(label=_("Country"), required=False, help_text=_("Blank for multilateral bodies."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        listed = countries.choices_for_staff()
        code = self.instance.country
        kept = [(code, code)] if code and code not in dict(listed) else []
        self.fields["country"].choices = [("", "–"), *kept, *listed]

    def save(self, commit=True):
        profiles.put_logo(self.instance, self.cleaned_data["new_logo"], self.cleaned_data["without_logo"])
        return super().save(commit)


class Agencies(Rows):
    model = Agency
    icon = "group"
    index_view_class = ListAgencies
    inspect_view_class = InspectAgency
    edit_view_class = EditAgency
    list_display = ["name_en", "name_km", "kind", Column("country_name", label=_("Country"), sort_key="country_name")]
    list_filter = ["kind", "country"]
    list_export = ["code", "name_en", "name_km", "kind", "country", "website"]
    inspect_view_fields_exclude = [*NOT_SHOWN, "logo", "shown_logo"]
    list_per_page = 50
    panels = [
        MultiFieldPanel([FieldPanel("name_en"), FieldPanel("name_km")], heading=_("Name")),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("country")]),
        FieldPanel("website"),
        MultiFieldPanel([FieldPanel("new_logo"), FieldPanel("without_logo")], heading=_("Logo")),
        MultiFieldPanel([FieldPanel("about_en"), FieldPanel("about_km")], heading=_("Public profile")),
    ]
    edit_handler = ObjectList(panels, base_form_class=AgencyForm)

    def get_queryset(self, request):
        names = Country.objects.filter(edition=countries.edition_for_staff(), code=OuterRef("country"))
        name = Subquery(names.values(f"name_{languages.current()}"))
        return Agency.objects.annotate(country_name=Coalesce(name, "country"))


class ListHalls(IndexView):
    def get_list_buttons(self, instance):
        url = reverse("exhibition_check", args=[instance.pk])
        return [ListButton(_("Check the floor"), url=url, icon_name="check"), *super().get_list_buttons(instance)]


class Halls(Rows):
    model = Hall
    icon = "home"
    index_view_class = ListHalls
    list_display = ["name_en", "name_km", "edition", "width", "depth"]
    list_filter = ["edition"]
    panels = [
        FieldPanel("edition", widget=forms.Select),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("width"), FieldPanel("depth")]),
        FieldRowPanel([FieldPanel("aisle_width"), FieldPanel("wheelchair_width"), FieldPanel("door_clearance")]),
    ]


class Structures(Rows):
    model = Structure
    icon = "home"
    list_display = ["label", "kind", "hall", "size"]
    list_filter = ["hall__edition", "hall", "kind"]
    list_export = ["hall", "kind", "name_en", "name_km", "x", "y", "width", "depth"]
    panels = [
        FieldPanel("hall", widget=forms.Select),
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("x"), FieldPanel("y")], heading=_("Place")),
        FieldRowPanel([FieldPanel("width"), FieldPanel("depth")], heading=_("Size")),
    ]

    def get_queryset(self, request):
        return Structure.objects.select_related("hall")


class ListZones(IndexView):
    def get_list_buttons(self, instance):
        buttons = super().get_list_buttons(instance)
        if not self.request.user.has_perm("exhibitors.add_booth"):
            return buttons
        url = reverse("exhibition_rows", args=[instance.pk])
        return [ListButton(_("Rows of booths"), url=url, icon_name="table"), *buttons]


class Zones(Rows):
    model = Zone
    icon = "tag"
    index_view_class = ListZones
    list_display = ["name_en", "name_km", "hall", "kind", "zone_class", "power_budget", "by_application"]
    list_filter = ["hall__edition", "hall", "kind", "zone_class", "colour", "pattern"]
    list_export = [
        "code",
        "hall",
        "name_en",
        "name_km",
        "kind",
        "zone_class",
        "power_budget",
        "colour",
        "pattern",
        "by_application",
        "confirms_at_once",
        "hold_hours",
        "booths_per_agency",
    ]
    panels = [
        FieldPanel("hall", widget=forms.Select),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("zone_class")], heading=_("For whom")),
        FieldRowPanel([FieldPanel("colour"), FieldPanel("pattern")], heading=_("On the plan")),
        FieldPanel("power_budget"),
        FieldPanel("by_application"),
        FieldPanel("confirms_at_once"),
        FieldRowPanel([FieldPanel("hold_hours"), FieldPanel("booths_per_agency")]),
    ]


class ListBooths(IndexView):
    @cached_property
    def header_more_buttons(self):
        edition = Edition.objects.current() or Edition.objects.last()
        if not (edition and self.request.user.has_perms(["exhibitors.add_booth", "exhibitors.change_booth"])):
            return super().header_more_buttons
        url = reverse("exhibition_booth_sheet", args=[edition.pk])
        return [*super().header_more_buttons, Button(_("Booths from a sheet"), url=url, icon_name="upload")]


class EditBooth(EditView):
    """The form below the plan of its hall, which shows the booth as it is kept; saving stays here and draws it anew."""

    def get_context_data(self, **kwargs):
        hall = Hall.objects.get(zones__booths=self.object.pk)
        booths, structures = standing(hall)
        findings = [found for found in checking.find(hall, booths, structures) if self.object in found.booths]
        drawing = Drawing(hall, booths, structures, findings, frozenset({self.object}))
        return super().get_context_data(drawing=drawing, **kwargs)

    def get_success_url(self):
        return self.get_edit_url()


class Booths(Rows):
    model = Booth
    icon = "table"
    index_view_class = ListBooths
    edit_view_class = EditBooth
    edit_template_name = "exhibitors/back_office/edit_booth.html"
    list_display = [
        "code",
        "zone",
        "block",
        "kind",
        "size",
        "open_sides",
        "fitting",
        "power",
        "is_accessible",
        "is_published",
    ]
    list_filter = ["edition", "zone", "block", "kind", "fitting", "is_accessible", "is_on_route", "is_published"]
    list_export = [
        "code",
        "edition",
        "zone",
        "block",
        "kind",
        "open_sides",
        "x",
        "y",
        "width",
        "depth",
        "fitting",
        "power",
        "is_accessible",
        "is_on_route",
        "is_published",
    ]
    search_fields = ["code"]
    list_per_page = 50
    panels = [
        FieldPanel("zone", widget=forms.Select),
        FieldRowPanel([FieldPanel("code"), FieldPanel("block")]),
        FieldRowPanel([FieldPanel("x"), FieldPanel("y")], heading=_("Place")),
        FieldRowPanel([FieldPanel("width"), FieldPanel("depth")], heading=_("Size")),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("open_sides")], heading=_("Type")),
        FieldRowPanel([FieldPanel("fitting"), FieldPanel("power")], heading=_("Fitting")),
        FieldPanel("is_accessible"),
        FieldPanel("is_on_route"),
        FieldPanel("is_published"),
    ]


class ListBookings(IndexView):
    def get_list_more_buttons(self, instance):
        acts = booking_acts(instance, self.request.user)
        # The usual act in sight, the other one in the row's menu.
        buttons = [(ListButton if "confirm" in act["url"] else Button)(**act) for act in acts]
        return buttons + super().get_list_more_buttons(instance)


class InspectBooking(InspectLocally):
    @cached_property
    def header_buttons(self):
        return [HeaderButton(**act) for act in booking_acts(self.object, self.request.user)]

    @cached_property
    def header_more_buttons(self):
        history = reverse("wagtailsnippets_exhibitors_booking:history", args=[self.object.pk])
        return [*super().header_more_buttons, Button(_("History"), url=history, icon_name="history")]


class BookingHistory(HistoryView):
    """Who sees the booking sees who did what; nobody edits it, which is what Wagtail asks for."""

    any_permission_required = ["view"]


class PlaceForm(WagtailAdminModelForm):
    """Offers the free booths of forums that are not over."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        booths = Booth.objects.to_give().free().filter(edition__closes_on__gte=timezone.localdate())
        self.fields["booth"].queryset = booths.select_related("edition")
        self.fields["booth"].label_from_instance = lambda booth: f"{booth.code} · {booth.edition.short_name}"


class PlaceAgency(ByAct, CreateView):
    """An organiser books for an agency, by the same act as the agency itself."""

    def save_instance(self):
        words = self.form.cleaned_data
        return allocation.book(booth=words["booth"], agency=words["agency"], note=words["note"], user=self.request.user)

    def get_success_buttons(self):
        return []


class Bookings(MadeByActs):
    """States are read-only; the buttons confirm and release."""

    model = Booking
    icon = "calendar-check"
    without = frozenset({"change", "delete"})
    index_view_class = ListBookings
    inspect_view_class = InspectBooking
    history_view_class = BookingHistory
    add_view_class = PlaceAgency
    list_display = ["code", "booth", "agency", "state", "held_until", "booked_at"]
    list_filter = ["state", "booth__edition", "booth__zone"]
    list_export = [
        "code",
        "booth",
        "agency",
        "state",
        "booked_at",
        "held_until",
        "confirmed_at",
        "ended_at",
        "reason",
        "note",
    ]
    search_fields = ["code", "booth__code", "agency__search_text"]
    list_per_page = 50
    edit_handler = ObjectList(
        [FieldPanel("agency", widget=forms.Select), FieldPanel("booth", widget=forms.Select), FieldPanel("note")],
        base_form_class=PlaceForm,
    )

    def get_queryset(self, request):
        return Booking.objects.select_related("booth", "agency")


class ListInvitations(IndexView):
    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if instance.is_open and self.request.user.has_perm("exhibitors.change_invitation"):
            url = reverse("exhibition_revoke", args=[instance.pk])
            buttons.insert(0, ListButton(_("Revoke"), url=url, icon_name="cross"))
        return buttons


class Invitations(ReadOnly):
    model = Invitation
    icon = "mail"
    index_view_class = ListInvitations
    list_display = ["email", "agency", "state", "created_at", "expires_at"]
    list_filter = ["language", "role"]
    list_export = ["email", "agency", "role", "language", "created_at", "expires_at", "accepted_at", "revoked_at"]
    search_fields = ["email", "agency__search_text"]

    def get_queryset(self, request):
        return Invitation.objects.select_related("agency")


class Members(MadeByActs):
    """People come by invitation; the back office may change their role or end it."""

    model = Membership
    icon = "user"
    without = frozenset({"add"})
    list_display = ["user", "agency", "role", "joined_at"]
    list_filter = ["role"]
    list_export = ["user", "agency", "role", "joined_at"]
    search_fields = ["user__email", "agency__search_text"]
    panels = [FieldPanel("role")]

    def get_queryset(self, request):
        return Membership.objects.select_related("user", "agency")


def booking_acts(booking: Booking, user) -> list[dict]:
    """What this person may do with the booking now, as arguments of a button."""
    if not eligibility.may_place(user) or not booking.is_live:
        return []
    acts = [
        (_("Move"), "exhibition_move", "arrow-right"),
        (_("Swap"), "exhibition_swap", "resubmit"),
        (_("Release"), "exhibition_release", "cross"),
    ]
    if booking.is_held:
        acts.insert(0, (_("Confirm"), "exhibition_confirm", "check"))
    return [{"label": label, "url": reverse(name, args=[booking.pk]), "icon_name": icon} for label, name, icon in acts]
