"""Guests who are invited by letter, their lists and the letterhead, in the back office."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import NumberFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms import images, khmer, languages
from cms.back_office import NOT_SHOWN, FoldedSearch, MadeByActs, Rows
from cms.fields import Line
from cms.refusals import beside
from exhibitors.models import Agency
from forum.registration.back_office import UNRANKED, StaffForm
from forum.registration.forms import PersonForm, agencies_by_name
from forum.registration.guest_forms import GuestRowForm
from forum.registration.letter_texts import PLACES
from forum.registration.models import Guest, GuestList, Letterhead, Registration
from forum.registration.question_fields import Phone

PLACES_HELP = gettext_lazy("In subject and text, words in braces are filled for each guest: ")


class LetterheadForm(WagtailAdminModelForm):
    """The emblem is drawn anew, as every picture that comes from outside."""

    emblem = forms.FileField(
        label=gettext_lazy("Emblem"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text=gettext_lazy("A picture (PNG or JPEG) that stands above the organiser’s name."),
    )
    without_emblem = forms.BooleanField(label=gettext_lazy("Write without an emblem"), required=False)

    def clean_emblem(self):
        file = self.cleaned_data["emblem"]
        return images.reencode(file) if "emblem" in self.changed_data else file

    def clean(self):
        data = super().clean()
        if data.get("without_emblem"):
            data["emblem"] = ""
        return data


def words_of_letter() -> list:
    return [
        HelpPanel(content=format_lazy("{}{}", PLACES_HELP, ", ".join(f"{{{name}}}" for name in PLACES))),
        FieldPanel("subject_km"), FieldPanel("text_km"), FieldPanel("subject_en"), FieldPanel("text_en"),
    ]  # fmt: skip


SIGNATORY = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("signatory_name_km"), FieldPanel("signatory_name_en")]),
        FieldRowPanel([FieldPanel("signatory_title_km"), FieldPanel("signatory_title_en")]),
    ],
    heading=gettext_lazy("Signatory"),
)


class LetterheadViewSet(Rows):
    model = Letterhead
    icon = "doc-full"
    menu_label = gettext_lazy("Letterheads")
    list_display = ["edition", "first_number", "last_number"]
    list_export = ["edition", "first_number", "last_number"]
    inspect_view_fields_exclude = [*NOT_SHOWN, "emblem"]
    panels = [
        FieldPanel("edition", widget=forms.Select),
        MultiFieldPanel([FieldPanel("emblem"), FieldPanel("without_emblem")], heading=gettext_lazy("Emblem")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("place_km"), FieldPanel("place_en")]),
                FieldRowPanel([FieldPanel("number_form_km"), FieldPanel("number_form_en")]),
                FieldRowPanel([FieldPanel("first_number"), FieldPanel("last_number", read_only=True)]),
            ],
            heading=gettext_lazy("Number and place"),
        ),
        MultiFieldPanel(words_of_letter(), heading=gettext_lazy("What letters say")),
        SIGNATORY,
    ]
    edit_handler = ObjectList(panels, base_form_class=LetterheadForm)

    def get_queryset(self, request):
        return Letterhead.objects.select_related("edition")


class GuestListForm(WagtailAdminModelForm):
    """A free pass of the same edition, and a deadline before it is over."""

    def clean(self):
        data = super().clean()
        edition, pass_type, reply_by = (data.get(name) for name in ("edition", "pass_type", "reply_by"))
        if edition and pass_type and pass_type.edition_id != edition.pk:
            raise beside("pass_type", _("This pass belongs to another edition."), "other_edition")
        if pass_type and not pass_type.is_free:
            raise beside("pass_type", _("Guests do not pay: choose a pass that is free."), "price")
        if pass_type and self.instance.pk and "pass_type" in self.changed_data and self._has_replies():
            raise beside("pass_type", _("Guests have replied: the pass stays."), "taken")
        if edition and reply_by and reply_by > edition.closes_on:
            raise beside("reply_by", _("The forum is over by then."), "late")
        return data

    def _has_replies(self) -> bool:
        return Registration.objects.live().filter(guest__guest_list=self.instance).exists()


class GuestListViewSet(Rows):
    model = GuestList
    icon = "list-ul"
    menu_label = gettext_lazy("Lists of guests")
    list_display = ["name_en", "edition", "pass_type", "reply_by", "companions"]
    list_filter = ["edition"]
    list_export = ["code", "edition", "name_en", "name_km", "pass_type", "reply_by", "companions"]
    search_fields = ["name_en", "name_km"]
    inspect_view_fields_exclude = [*NOT_SHOWN, "guests"]
    panels = [
        MultiFieldPanel([FieldPanel("name_en"), FieldPanel("name_km")], heading=gettext_lazy("Name")),
        FieldRowPanel([FieldPanel("edition", widget=forms.Select), FieldPanel("pass_type", widget=forms.Select)]),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("reply_by"), FieldPanel("reminder_days"), FieldPanel("companions")])],
            heading=gettext_lazy("Reply"),
        ),
        MultiFieldPanel(
            [FieldPanel("contact_name"), FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")])],
            heading=gettext_lazy("Office to ask"),
        ),
        FieldPanel("letters"),
        MultiFieldPanel(
            words_of_letter(), heading=gettext_lazy("What the letters of this list say; blank: as the edition’s letterhead")
        ),
        SIGNATORY,
    ]
    edit_handler = ObjectList(panels, base_form_class=GuestListForm)

    def get_queryset(self, request):
        return GuestList.objects.with_edition()


class GuestForm(StaffForm):
    """The same care with names, telephone and agency as where people register themselves."""

    name_latin = PersonForm.declared_fields["name_latin"]
    name_km = PersonForm.declared_fields["name_km"]
    position = Line(label=gettext_lazy("Position"), max_length=120, required=False)
    position_km = GuestRowForm.declared_fields["position_km"]
    agency_name_km = GuestRowForm.declared_fields["agency_name_km"]
    contact_name = GuestRowForm.declared_fields["contact_name"]
    phone = Phone(label=gettext_lazy("Telephone"), required=False)

    def clean(self):
        """Finds the body among those we know, by its name in either language."""
        data = super().clean()
        known = agencies_by_name().get(khmer.fold(data.get("agency_name") or ""))
        self.instance.agency = Agency.objects.filter(pk=known).first() if known else None
        guest_list = data.get("guest_list")
        if self.instance.pk and guest_list and guest_list.pk != self.instance.guest_list_id:
            raise beside("guest_list", _("A guest stays on the list: take them off and write them on the other."), "list")
        return data

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        if "," in email:
            raise ValidationError(_("One address."), code="invalid")
        return email


class GuestFilter(WagtailFilterSet):
    protocol_rank = NumberFilter(lookup_expr="lte", label=gettext_lazy("Protocol rank, this or higher"))

    class Meta:
        model = Guest
        fields = ["guest_list", "reply", "protocol_rank", "language"]


def in_order():
    """Guests by rank, then in dictionary order, with who comes for each."""
    people = Prefetch("registrations", Registration.objects.live().order_by("is_companion", "pk"), to_attr="people")
    return Guest.objects.with_names().prefetch_related(people).annotate(ranked=Coalesce("protocol_rank", UNRANKED))


def chosen(request):
    """The guests of the list as it is filtered and searched, in order, those erased left out; and what may be said of it."""
    found = GuestFilter(request.GET, queryset=in_order().present(), request=request).qs
    return found.matching(request.GET.get("q", "")).order_by("ranked", "sort_key", "pk")


class ListGuests(FoldedSearch):
    """With what may be done for all guests that the filters leave."""

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if self.request.user.has_perm("registration.write_to_guest"):
            query = self.request.GET.copy()
            query.pop("p", None)
            acts = [
                (_("Number the letters"), "guests_number", [], "list-ol"),
                (_("Send the letters by e-mail"), "guests_send", [], "mail"),
                (_("Letters as PDF"), "guests_letters", ["pdf"], "doc-full"),
                (_("Letters as one DOCX"), "guests_letters", ["docx"], "doc-full"),
                (_("Letters as DOCX each (ZIP)"), "guests_letters", ["zip"], "doc-full"),
            ]
            buttons += [
                Button(
                    label, url=f"{reverse(name, args=arguments)}?{query.urlencode()}", icon_name=icon, priority=10 + place
                )
                for place, (label, name, arguments, icon) in enumerate(acts)
            ]
        return buttons


def comes(guest) -> str:
    """The one who comes for the guest, and how many come along."""
    holder = [each for each in guest.people if not each.is_companion]
    along = len(guest.people) - len(holder)
    name = holder[0].addressed_in(languages.current()) if holder else ""
    return f"{name} +{along}" if along else name


class GuestViewSet(MadeByActs):
    model = Guest
    without = frozenset({"delete"})
    icon = "user"
    menu_label = gettext_lazy("Guests")
    index_view_class = ListGuests
    list_display = [
        "name_latin",
        Column("letter_number", label=gettext_lazy("No."), sort_key="letter_number"),
        Column("name_km", label=gettext_lazy("Khmer")),
        Column("position", label=gettext_lazy("Position"), accessor=lambda row: row.position_in(languages.current())),
        Column("agency", label=gettext_lazy("Agency"), accessor=lambda row: row.agency_in(languages.current())),
        Column("protocol_rank", label=gettext_lazy("Rank"), sort_key="ranked"),
        Column("get_reply_display", label=gettext_lazy("Reply"), sort_key="reply"),
        Column("comes", label=gettext_lazy("Who comes"), accessor=comes),
        Column("sent_at", label=gettext_lazy("Sent"), sort_key="sent_at"),
        Column("scan", label=gettext_lazy("Original"), accessor=lambda row: _("Yes") if row.scan else ""),
    ]
    filterset_class = GuestFilter
    list_export = [
        "code", "guest_list", "letter_number", "letter_date", "honorific", "name_latin", "name_km", "position",
        "position_km", "agency_name", "agency_name_km", "protocol_rank", "contact_name", "email", "phone", "language",
        "external_key", "sent_at", "reply", "replied_at",
    ]  # fmt: skip
    ordering = ["ranked", "sort_key"]
    list_per_page = 50
    inspect_view_fields_exclude = [*NOT_SHOWN, "row_key", "registrations"]
    panels = [
        FieldPanel("guest_list", widget=forms.Select),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("honorific"), FieldPanel("title")]),
                FieldRowPanel([FieldPanel("name_km"), FieldPanel("name_latin")]),
                FieldRowPanel([FieldPanel("position_km"), FieldPanel("position")]),
                FieldPanel("protocol_rank"),
            ],
            heading=gettext_lazy("Person"),
        ),
        FieldRowPanel([FieldPanel("agency_name_km"), FieldPanel("agency_name")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("email")]),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("language")]),
            ],
            heading=gettext_lazy("Contact"),
        ),
        FieldPanel("external_key"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("letter_number", read_only=True), FieldPanel("letter_date", read_only=True)]),
                FieldRowPanel([FieldPanel("reply", read_only=True), FieldPanel("replied_at", read_only=True)]),
            ],
            heading=gettext_lazy("Letter and reply"),
        ),
    ]
    edit_handler = ObjectList(panels, base_form_class=GuestForm)

    def get_queryset(self, request):
        return in_order()


class InvitationsGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("Guests")
    menu_name = "letters"
    menu_icon = "mail"
    menu_order = 410
    items = (GuestViewSet, GuestListViewSet, LetterheadViewSet)
