"""The programme's lists and forms in the back office."""

from django import forms
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Revision, WorkflowState
from wagtail.snippets.views.snippets import EditView

from agenda.models import Room, Session, Speaker, Track
from cms.back_office import FoldedSearch, Labelled, Rows


def both(name: str, heading) -> MultiFieldPanel:
    """A text in both languages, one under the other."""
    return MultiFieldPanel([FieldPanel(f"{name}_en"), FieldPanel(f"{name}_km")], heading=heading)


# Chosen once: the models refuse another one afterwards.
EDITION = FieldPanel("edition", widget=forms.Select, help_text=_("It stays as it is once saved."))


class SessionForm(WagtailAdminModelForm):
    """A session with its people, who are those of its own edition."""

    def clean(self):
        cleaned = super().clean()
        roles = self.formsets.get("roles")
        if not roles or not cleaned.get("edition"):
            return cleaned
        roles.is_valid()  # so that each has said whom it names
        for form in roles.forms:
            speaker = getattr(form, "cleaned_data", {}).get("speaker")
            if speaker and speaker.edition_id != cleaned["edition"].pk:
                sentence = gettext("%(person)s is on the programme of another edition.") % {"person": speaker}
                form.add_error("speaker", sentence)
                self.add_error(None, sentence)
        return cleaned


class EditSession(EditView):
    """The session's form, with the button that leads to its room and time: these never live in a draft."""

    @cached_property
    def header_buttons(self):
        if not self.request.user.has_perm("agenda.change_slot"):
            return []
        return [
            HeaderButton(_("Room and time"), url=reverse("programme_place", args=[self.object.pk]), icon_name="calendar")
        ]


class ListSessions(FoldedSearch):
    def get_base_queryset(self):
        # Wagtail looks for the workflow and schedule of each row here before it asks the database.
        workflows = Prefetch("workflow_states", WorkflowState.objects.active(), to_attr="_current_workflow_states")
        scheduled = Prefetch(
            "_revisions", Revision.objects.filter(approved_go_live_at__isnull=False), to_attr="scheduled_revisions"
        )
        return super().get_base_queryset().with_places().prefetch_related(workflows, scheduled)

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if self.request.user.has_perm("agenda.change_slot"):
            url = reverse("programme_place", args=[instance.pk])
            buttons.append(Button(_("Room and time"), url=url, icon_name="calendar", priority=15))
        return buttons


class SessionFilters(Labelled):
    labels = {"slots__room": _("Room"), "slots__is_cancelled": _("Cancelled")}

    class Meta:
        model = Session
        fields = ["edition", "kind", "track", "slots__room", "slots__is_cancelled", "live", "is_featured"]


class Sessions(Rows):
    model = Session
    icon = "calendar-alt"
    index_view_class = ListSessions
    edit_view_class = EditSession
    list_per_page = 50
    list_display = [
        "title",
        Column("when", label=_("Begins")),
        Column("room", label=_("Room")),
        "kind",
        "track",
        "edition",
        LiveStatusTagColumn(),
    ]
    filterset_class = SessionFilters
    list_export = [
        "code",
        "title_en",
        "title_km",
        "kind",
        "language",
        "track",
        "starts_at",
        "ends_at",
        "room",
        "edition",
        "live",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    EDITION,
                    both("title", _("Title")),
                    both("subtitle", _("Subtitle")),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
                    FieldRowPanel([FieldPanel("track", widget=forms.Select), FieldPanel("is_featured")]),
                    InlinePanel(
                        "roles", [FieldPanel("speaker"), FieldPanel("part")], heading=_("People"), label=_("Person")
                    ),
                ],
                heading=_("Session"),
            ),
            ObjectList([both("abstract", _("Abstract")), both("description", _("Description"))], heading=_("Texts")),
            ObjectList([PublishingPanel()], heading=_("Publishing")),
        ],
        base_form_class=SessionForm,
    )


class Speakers(Rows):
    model = Speaker
    icon = "user"
    index_view_class = FoldedSearch
    list_per_page = 50
    list_display = ["name_en", "name_km", "position_en", "affiliation_en", "edition"]
    list_filter = ["edition"]
    list_export = ["code", "name_en", "name_km", "position_en", "position_km", "affiliation_en", "affiliation_km", "edition"]
    panels = [
        EDITION,
        both("name", _("Name")),
        both("position", _("Position")),
        both("affiliation", _("Affiliation")),
        both("bio", _("Biography")),
        FieldPanel("photo"),
    ]


class Rooms(Rows):
    model = Room
    icon = "home"
    index_view_class = FoldedSearch
    list_display = ["name_en", "name_km", "seats", "position", "edition"]
    list_filter = ["edition"]
    list_export = ["code", "name_en", "name_km", "seats", "edition"]
    panels = [
        EDITION,
        both("name", _("Name")),
        FieldRowPanel([FieldPanel("seats"), FieldPanel("position")]),
    ]


class Tracks(Rows):
    model = Track
    icon = "tag"
    index_view_class = FoldedSearch
    list_display = ["name_en", "name_km", "colour", "position", "edition"]
    list_filter = ["edition"]
    list_export = ["code", "name_en", "name_km", "colour", "edition"]
    panels = [
        EDITION,
        both("name", _("Name")),
        FieldRowPanel([FieldPanel("colour"), FieldPanel("position")]),
    ]
