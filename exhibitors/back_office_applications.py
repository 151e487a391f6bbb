"""How organisers work with applications: reading, deciding on one or many at once, and entering what came by letter."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import IndexView

from cms.back_office import InspectLocally, MadeByActs, Question, Rows, ask
from exhibitors import applying, proposing
from exhibitors.application_forms import LIST, ApplicationForm
from exhibitors.back_office import ListButton
from exhibitors.models import Agency, Application, Booth, Call, Neighbour

APPLICATIONS = "wagtailsnippets_exhibitors_application:list"
MAY = "exhibitors.decide_application"
AT_ONCE = 1_000
IN_FULL = 20  # applications that are shown with all they ask for

State = Application.State

asked_by_form = require_http_methods(["GET", "HEAD", "POST"])
by_who_decides = permission_required(MAY, raise_exception=True)


def decide_address(*applications: Application) -> str:
    return reverse("exhibition_decide") + "?" + "&".join(f"id={row.pk}" for row in applications)


class Calls(Rows):
    model = Call
    icon = "calendar"
    list_display = ["edition", "opens_on", "closes_on", "offer_days"]
    panels = [
        FieldPanel("edition", widget=forms.Select),
        FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
        FieldRowPanel([FieldPanel("offer_days"), FieldPanel("profiles_due_on")]),
        MultiFieldPanel([FieldPanel("text_en"), FieldPanel("text_km")], heading=gettext_lazy("Text above the form")),
    ]

    def get_queryset(self, request):
        return Call.objects.select_related("edition")


def application_acts(application: Application, user) -> list[dict]:
    """What this person may do with the application now, as arguments of a button; the usual act first."""
    if not user.has_perm(MAY):
        return []
    decide = {"label": _("Decide"), "url": decide_address(application), "icon_name": "check"}
    pin = {"label": _("Pin to a booth"), "url": reverse("exhibition_pin_by_hand", args=[application.pk]), "icon_name": "pin"}
    withdraw = {
        "label": _("Withdraw the application"),
        "url": reverse("exhibition_withdraw", args=[application.pk]),
        "icon_name": "cross",
    }
    may_be_decided = application.state not in (State.DRAFT, State.WITHDRAWN)
    return [decide] * may_be_decided + [pin, withdraw] * application.is_live


class ListApplications(IndexView):
    def get_list_more_buttons(self, instance):
        acts = application_acts(instance, self.request.user)
        buttons = [(ListButton if act["icon_name"] == "check" else Button)(**act) for act in acts]
        return buttons + super().get_list_more_buttons(instance)


class InspectApplication(InspectLocally):
    template_name = "exhibitors/back_office/application.html"

    @cached_property
    def header_buttons(self):
        return [HeaderButton(**act) for act in application_acts(self.object, self.request.user)]


class Applications(MadeByActs):
    """What the agency asks for is its own to write; the weight and the tour are the organisers', and the pin by its act."""

    model = Application
    icon = "form"
    index_view_class = ListApplications
    inspect_view_class = InspectApplication
    list_display = ["code", "agency", "state", "least_area", "open_sides", "power", "weight", "submitted_at"]
    list_filter = ["edition", "state", "agency__kind", "fitting", "needs_access", "is_on_tour"]
    list_export = [
        "code", "edition", "agency", "state", "least_area", "most_area", "open_sides", "fitting", "power", "needs_access",
        "co_exhibitors", "weight", "is_on_tour", "pin", "submitted_at", "decided_at", "remark", "note",
    ]  # fmt: skip
    search_fields = ["code", "agency__search_text"]
    list_per_page = 50
    inspect_view_fields = [
        "code", "edition", "agency", "state", "weight", "is_on_tour", "pin", "remark", "created_at", "submitted_at",
        "submitted_by", "decided_at", "decided_by",
    ]  # fmt: skip
    panels = [FieldRowPanel([FieldPanel("weight"), FieldPanel("is_on_tour")])]

    def get_queryset(self, request):
        return Application.objects.select_related("agency", "edition", "pin")


class Neighbours(MadeByActs):
    """Whom applicants want near or far: names that meant no agency are matched here."""

    model = Neighbour
    icon = "group"
    list_display = ["application", "kind", "name", "agency"]
    list_filter = ["application__edition", "kind"]
    search_fields = ["name"]
    panels = [FieldPanel("kind"), FieldPanel("agency")]

    def get_queryset(self, request):
        return Neighbour.objects.select_related("application", "agency")


class DecisionForm(forms.Form):
    """``read`` is what the organiser had before the eyes: keys and versions."""

    read = forms.CharField(widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (State.ACCEPTED, gettext_lazy("Accept")),
            (State.WAITLISTED, gettext_lazy("Put on the waiting list")),
            (State.RETURNED, gettext_lazy("Return with questions")),
            (State.REFUSED, gettext_lazy("Refuse")),
        ],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=gettext_lazy("Word to the agency"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The questions, or why it is refused; it stands in the letter."),
    )

    def clean_read(self) -> dict[int, int]:
        try:
            return {
                int(key): int(version) for key, version in (pair.split(":") for pair in self.cleaned_data["read"].split())
            }
        except ValueError:
            raise ValidationError(_("Look at the applications again.")) from None


@asked_by_form
@by_who_decides
def decide(request):
    """On one application, or on all that were ticked; what cannot be decided is said and the others are."""
    numbers = [int(number) for number in request.GET.getlist("id") if number.isdecimal()][:AT_ONCE]
    rows = Application.objects.filter(pk__in=numbers).exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    rows = list(rows.select_related("agency", "edition").prefetch_related("wishes__booth", "wishes__zone", "neighbours"))
    if not rows:
        messages.warning(request, _("None of these applications can be decided on."))
        return redirect(APPLICATIONS)
    read = " ".join(f"{row.pk}:{row.version}" for row in rows)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"read": read})
    if form.is_valid() and _carry_out(request, form, rows):
        return redirect(APPLICATIONS)
    context = {"form": form, "applications": rows, "in_full": len(rows) <= IN_FULL, "back": APPLICATIONS}
    return render(request, "exhibitors/back_office/decide.html", context, status=422 if form.errors else 200)


def _carry_out(request, form, rows) -> bool:
    """Whether anything was decided; refusals of one sentence are told once, with the codes."""
    versions, to, remark = form.cleaned_data["read"], form.cleaned_data["to"], form.cleaned_data["remark"]
    done, refused = 0, {}
    for row in rows:
        try:
            applying.decide(
                application=row, to=to, remark=remark, user=request.user, version=versions.get(row.pk, row.version)
            )
            done += 1
        except ValidationError as refusal:
            if hasattr(refusal, "error_dict"):  # beside a field: the same for all
                form.add_error(None if "remark" not in refusal.error_dict else "remark", refusal.messages[0])
                return False
            refused.setdefault(refusal.messages[0], []).append(row.code)
    for sentence, codes in refused.items():
        messages.warning(request, f"{sentence} ({', '.join(codes)})")
    if done:
        said = ngettext("%(number)d application decided.", "%(number)d applications decided.", done)
        messages.success(request, said % {"number": done})
    return True


class DecideOnTicked(SnippetBulkAction):
    """Leads to the page of decisions with the rows that are ticked."""

    models = [Application]
    display_name = gettext_lazy("Decide")
    aria_label = gettext_lazy("Decide on the applications ticked")
    action_type = "decide"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(MAY):
            raise PermissionDenied("may not decide")
        query = request.GET.copy()
        query.pop("next", None)
        return redirect(f"{reverse('exhibition_decide')}?{query.urlencode()}")


hooks.register("register_bulk_action", DecideOnTicked)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )


@asked_by_form
@by_who_decides
def withdraw(request, pk):
    row = get_object_or_404(Application.objects.select_related("agency"), pk=pk)
    question = Question(
        title=_("Withdraw the application of %(agency)s") % {"agency": row.agency.name},
        text=_("What is offered for it goes back. This cannot be undone; the agency can apply again."),
        button=_("Withdraw the application"),
        done=_("The application is withdrawn."),
        icon="form",
        is_serious=True,
    )

    def act(reason):
        return applying.withdraw(application=row, user=request.user, reason=reason)

    return ask(request, question, back=APPLICATIONS, act=act, form=WithdrawForm(request.POST or None))


class PinForm(forms.Form):
    booth = forms.ModelChoiceField(
        label=gettext_lazy("Booth"), queryset=Booth.objects.none(), required=False, empty_label=gettext_lazy("none")
    )

    def __init__(self, *args, application: Application, **kwargs):
        super().__init__(*args, initial={"booth": application.pin_id}, **kwargs)
        self.fields["booth"].queryset = application.edition.booths.to_give().order_by("code")


@asked_by_form
@by_who_decides
def pin(request, pk):
    row = get_object_or_404(Application.objects.select_related("agency", "edition"), pk=pk)
    question = Question(
        title=_("Pin %(agency)s to a booth") % {"agency": row.agency.name},
        text=_("Every proposal from now on puts it there and nobody else. Without a booth it is pinned no longer."),
        button=_("Pin"),
        done=_("Proposals from now on keep to it."),
        icon="pin",
    )

    def act(booth):
        return proposing.pin(application=row, booth=booth, user=request.user)

    form = PinForm(request.POST if request.method == "POST" else None, application=row)
    return ask(request, question, back=APPLICATIONS, act=act, form=form)


@asked_by_form
@by_who_decides
def enter(request, pk):
    """An application that came on paper, or by telephone, for the next forum that has a call."""
    agency = get_object_or_404(Agency, pk=pk)
    calls = Call.objects.select_related("edition").order_by("edition__opens_on")
    call = next((call for call in calls if not call.edition.is_over), None)
    if call is None:
        messages.warning(request, _("No forum to come has a call for exhibitors."))
        return redirect("wagtailsnippets_exhibitors_call:list")
    row = agency.applications.live().filter(edition=call.edition).first()
    form = ApplicationForm(
        request.POST if request.method == "POST" else None, edition=call.edition, agency=agency, instance=row
    )
    if request.method == "POST" and form.is_valid():
        try:
            applying.save(edition=call.edition, agency=agency, user=request.user, is_final=True, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The application is entered."))
            return redirect(APPLICATIONS)
    context = {"form": form, "agency": agency, "edition": call.edition, "list": LIST, "back": APPLICATIONS}
    return render(request, "exhibitors/back_office/enter.html", context, status=422 if form.errors else 200)
