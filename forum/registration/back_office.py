"""People in the back office; ``forum.desks`` puts them into its menu."""

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column

from cms import exports, history, languages
from cms.back_office import NOT_SHOWN, FoldedSearch, InspectLocally, MadeByActs
from cms.many_rows import KeysFirst
from cms.searching import holding
from forum.registration import back_office_filters, back_office_groups, exporting, honorifics
from forum.registration.answering import answers_of
from forum.registration.forms import Addressed
from forum.registration.models import Question, Registration

MOST_FOUND = 2_000  # people found by words who are counted and paged: more are met by nobody who reads
UNRANKED = 32_767  # after everybody who has a rank, in any database


class AnswersPanel(Panel):
    """What a person answered, with a way to correct it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "registration/back_office/answers.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            change_url = reverse("registration_answers", args=[self.instance.pk])
            return context | {"answers": answers_of(self.instance, languages.current()), "change_url": change_url}


class ListRegistrations(FoldedSearch):
    """Files of the list have a column for each question of the editions chosen."""

    def get(self, request, *args, **kwargs):
        """A file is written from the query: Wagtail's own view would read all rows into memory first."""
        if self.is_export:
            return self.as_spreadsheet(self.get_queryset(), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def search_queryset(self, queryset):
        return queryset.filter(*holding(self.search_query)) if self.is_searching else queryset

    def get_paginator(self, queryset, *args, **kwargs):
        if self.is_searching:
            self.figures = back_office_filters.figures(queryset, most=MOST_FOUND)
        else:
            self.figures = back_office_filters.lately(queryset, self.asked)
        known = {"count": self.figures.all, "is_more": self.figures.is_more}
        return KeysFirst(queryset, *args, has_words=self.is_searching, **known, **kwargs)

    def filter_queryset(self, queryset):
        """Nobody rather than everybody where a filter cannot be read."""
        return super().filter_queryset(queryset) if self.filters.is_valid() else queryset.none()

    @property
    def asked(self) -> str:
        """The part of the query by which people are chosen."""
        query = self.request.GET.copy()
        for name in ("p", "ordering", "_w_filter_fragment"):
            query.pop(name, None)
        return query.urlencode()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "figures": self.figures,
            "group_acts": back_office_groups.buttons(self.request.user),
            "query": self.asked,
        }

    def as_spreadsheet(self, queryset, spreadsheet_format):
        history.write_export(self, queryset, spreadsheet_format)
        questions = Question.objects.with_choices().order_by("edition", "position", "id")
        if editions := [pk for pk in self.request.GET.getlist("edition") if pk.isdecimal()]:
            questions = questions.filter(edition__in=editions)
        questions = list(questions)
        headings, rows = exporting.headings(questions), exporting.rows(queryset, questions)
        return exports.response(spreadsheet_format, "registrations", headings, rows)


class InspectRegistration(InspectLocally):
    def get_fields_context(self):
        return super().get_fields_context() + [self._row(answer) for answer in answers_of(self.object, languages.current())]

    @staticmethod
    def _row(answer):
        value = answer.written
        if answer.file:
            value = format_html('<a href="{}">{}</a>', reverse("registration_answer_file", args=[answer.pk]), value)
        return {"label": answer.question.label, "value": value, "component": None}


class StaffForm(Addressed, WagtailAdminModelForm):
    """Staff may give the titles that one person has."""

    more_titles = honorifics.RARE

    def __init__(self, *args, instance=None, **kwargs):
        kwargs["initial"] = {"honorific": instance.honorific if instance else ""} | (kwargs.get("initial") or {})
        super().__init__(*args, instance=instance, **kwargs)


class RegistrationViewSet(MadeByActs):
    model = Registration
    icon = "user"
    menu_label = gettext_lazy("Registrations")
    list_display = [
        "code",
        "name_latin",
        Column("name_km", label=gettext_lazy("Khmer")),
        Column("agency", label=gettext_lazy("Agency"), accessor=lambda row: row.agency_in(languages.current())),
        "pass_type",
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        Column("protocol_rank", label=gettext_lazy("Rank"), sort_key="ranked"),
        Column("reached_by", label=gettext_lazy("Reached by")),
        "registered_at",
    ]
    filterset_class = back_office_filters.RegistrationFilters
    index_results_template_name = "registration/back_office/list_results.html"
    list_export = exporting.COLUMNS
    index_view_class = ListRegistrations
    inspect_view_class = InspectRegistration
    inspect_view_fields_exclude = [*NOT_SHOWN, "answers"]
    ordering = ["sort_key"]
    panels = [
        FieldRowPanel([FieldPanel("edition", read_only=True), FieldPanel("pass_type", read_only=True)]),
        FieldRowPanel([FieldPanel("code", read_only=True), FieldPanel("state", read_only=True)]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("honorific"), FieldPanel("title")]),
                FieldPanel("name_km"),
                FieldPanel("name_latin"),
                FieldPanel("position"),
                FieldPanel("protocol_rank"),
            ],
            heading=gettext_lazy("Person"),
        ),
        MultiFieldPanel([FieldPanel("agency"), FieldPanel("agency_name")], heading=gettext_lazy("Agency")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                FieldRowPanel([FieldPanel("language"), FieldPanel("receives")]),
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_role")]),
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                FieldPanel("contact_language"),
            ],
            heading=gettext_lazy("Messages"),
        ),
        AnswersPanel(heading=gettext_lazy("Answers")),
    ]

    edit_handler = ObjectList(panels, base_form_class=StaffForm)

    def get_queryset(self, request):
        return Registration.objects.with_names().annotate(ranked=Coalesce("protocol_rank", UNRANKED))
