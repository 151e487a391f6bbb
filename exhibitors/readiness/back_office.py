"""Documents of exhibitors in the back office: which are asked for, which came, and the decision on one."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import IndexView

from cms import uploads
from cms.back_office import InspectLocally, Question, ReadOnly, Rows, ask
from exhibitors.back_office import ListButton
from exhibitors.models import Agency, Reminder, RequiredDocument, SentDocument
from exhibitors.readiness import sending

SENT = "wagtailsnippets_exhibitors_sentdocument:list"
REQUIRED = "wagtailsnippets_exhibitors_requireddocument:list"
MAY_DECIDE = "exhibitors.decide_sentdocument"

State = SentDocument.State

asked_by_form = require_http_methods(["GET", "HEAD", "POST"])
by_who_decides = permission_required(MAY_DECIDE, raise_exception=True)


class ListRequired(IndexView):
    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if not self.request.user.has_perm(MAY_DECIDE):
            return buttons
        url = reverse("exhibition_waive_document", args=[instance.pk])
        return [ListButton(label=_("Not needed of…"), url=url, icon_name="cross"), *buttons]


class RequiredDocuments(Rows):
    model = RequiredDocument
    icon = "doc-full"
    index_view_class = ListRequired
    list_display = ["name_en", "name_km", "edition", "fitting", "kind", "due_on", "needs_approval"]
    list_filter = ["edition", "fitting", "needs_approval"]
    list_per_page = 50
    panels = [
        FieldPanel("edition", widget=forms.Select),
        MultiFieldPanel([FieldPanel("name_en"), FieldPanel("name_km")], heading=gettext_lazy("Name")),
        MultiFieldPanel([FieldPanel("about_en"), FieldPanel("about_km")], heading=gettext_lazy("Explanation")),
        MultiFieldPanel([FieldPanel("fitting"), FieldPanel("kind")], heading=gettext_lazy("For whom")),
        FieldRowPanel([FieldPanel("due_on"), FieldPanel("needs_approval"), FieldPanel("position")]),
    ]

    def get_queryset(self, request):
        return RequiredDocument.objects.select_related("edition")


def _acts(document: SentDocument, user) -> list[dict]:
    acts = []
    if document.file:
        url = reverse("exhibition_document_file", args=[document.pk])
        acts.append({"label": _("Open the file"), "url": url, "icon_name": "doc-full"})
    if document.is_decidable and user.has_perm(MAY_DECIDE):
        url = reverse("exhibition_decide_document", args=[document.pk])
        acts.append({"label": _("Decide"), "url": url, "icon_name": "check"})
    return acts


class ListSent(IndexView):
    def get_list_more_buttons(self, instance):
        acts = _acts(instance, self.request.user)
        return [ListButton(**act) for act in acts] + super().get_list_more_buttons(instance)


class InspectSent(InspectLocally):
    @cached_property
    def header_buttons(self):
        return [HeaderButton(**act) for act in _acts(self.object, self.request.user)]


class SentDocuments(ReadOnly):
    model = SentDocument
    icon = "doc-full-inverse"
    index_view_class = ListSent
    inspect_view_class = InspectSent
    list_display = ["required", "agency", "version", "state", "sent_at"]
    list_filter = ["required__edition", "required", "state"]
    list_export = ["required", "agency", "version", "state", "sent_at", "decided_at", "remark"]
    search_fields = ["agency__search_text"]
    list_per_page = 50
    inspect_view_fields = [
        "required", "agency", "version", "state", "sent_at", "sent_by", "remark", "decided_at", "decided_by",
    ]  # fmt: skip

    def get_queryset(self, request):
        return SentDocument.objects.select_related("required", "agency")


@require_safe
@permission_required("exhibitors.view_sentdocument", raise_exception=True)
def file(request, pk):
    """Who opened it stands in the history."""
    row = get_object_or_404(SentDocument, pk=pk)
    response = uploads.answer(row.file)
    log(instance=row, action="exhibitors.open_document", user=request.user)
    return response


class DecisionForm(forms.Form):
    to = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(State.APPROVED, pgettext_lazy("document", "Approve")), (State.RETURNED, gettext_lazy("Return"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=gettext_lazy("Word to the agency"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Why it is returned, and what has to change; it stands in the letter."),
    )


@asked_by_form
@by_who_decides
def decide(request, pk):
    """On one version; its address names that version, so that nobody approves another than they have seen."""
    row = get_object_or_404(SentDocument.objects.select_related("required", "agency"), pk=pk)
    question = Question(
        title=_("%(document)s of %(agency)s, version %(version)s")
        % {"document": row.required.name, "agency": row.agency.name, "version": row.version},
        text=_("The agency gets a letter."),
        link=(reverse("exhibition_document_file", args=[pk]), _("Open the file")),
        button=_("Decide"),
        done=_("The decision is kept and the agency told."),
        icon="doc-full",
    )

    def act(**said):
        return sending.decide(document=row, user=request.user, **said)

    return ask(request, question, back=SENT, act=act, form=DecisionForm(request.POST or None))


class WaiverForm(forms.Form):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Agency"))
    remark = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=500)

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.exhibiting_at(edition)


@asked_by_form
@by_who_decides
def waive(request, pk):
    row = get_object_or_404(RequiredDocument.objects.select_related("edition"), pk=pk)
    question = Question(
        title=_("%(document)s: not needed of an agency") % {"document": row.name},
        text=_("It is no longer due for this agency; the agency may send it all the same."),
        button=_("Not needed"),
        done=_("The agency need not send it."),
        icon="doc-full",
    )

    def act(**said):
        return sending.waive(required=row, user=request.user, **said)

    form = WaiverForm(request.POST if request.method == "POST" else None, edition=row.edition)
    return ask(request, question, back=REQUIRED, act=act, form=form)


class Reminders(ReadOnly):
    """Who was reminded when, and by whom."""

    model = Reminder
    icon = "mail"
    list_display = ["agency", "edition", "day", "missing", "sent_by"]
    list_filter = ["edition", "day"]
    list_export = ["edition", "agency", "day", "missing", "sent_at"]
    search_fields = ["agency__search_text"]
    list_per_page = 50

    def get_queryset(self, request):
        return Reminder.objects.select_related("agency", "edition", "sent_by")
