"""Proposals of booths in the back office: asked for, watched, read with their reasons, compared, published as offers."""

from collections import Counter
from dataclasses import asdict, dataclass, replace

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import IndexView

from cms import dates
from cms.back_office import InspectLocally, Question, ReadOnly, ask
from cms.models import Edition
from exhibitors import disclosing, explaining, offering, proposing
from exhibitors.back_office import BookingHistory, ListButton
from exhibitors.back_office_plans import halls_of
from exhibitors.models import AllocationLine, AllocationRun
from exhibitors.placing import Weights

MAY = "exhibitors.decide_application"
PROPOSALS = "wagtailsnippets_exhibitors_allocationrun:list"
PROPOSAL = "wagtailsnippets_exhibitors_allocationrun:inspect"
EVERY = "3"  # seconds: how often the page of one that is at work loads itself again

by_who_decides = permission_required(MAY, raise_exception=True)


class ListProposals(IndexView):
    @cached_property
    def header_buttons(self):
        if not self.request.user.has_perm(MAY):
            return []
        return [
            HeaderButton(_("Propose booths"), url=reverse("exhibition_propose"), icon_name="table"),
            HeaderButton(_("Offer a booth by hand"), url=reverse("exhibition_offer"), icon_name="edit"),
        ]

    def get_list_buttons(self, instance):
        url = reverse(PROPOSAL, args=[instance.pk])
        return [ListButton(_("Read"), url=url, icon_name="view"), *super().get_list_buttons(instance)]


@dataclass(frozen=True)
class Row:
    """What the page says of one application."""

    line: AllocationLine
    said: list[explaining.Said]
    label: str  # which wish it got
    is_pinned_now: bool


class InspectProposal(InspectLocally):
    """While the proposal is at work the page loads itself again, as its header says."""

    template_name = "exhibitors/back_office/proposal.html"
    page_title = gettext_lazy("Proposal")

    def get_queryset(self):
        return AllocationRun.objects.select_related("edition", "asked_by", "published_by")

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if self.object.is_at_work:
            response["Refresh"] = EVERY
        return response

    @cached_property
    def header_buttons(self):
        run = self.object
        if not (run.is_done and self.request.user.has_perm(MAY)):
            return []
        if run.published_at:
            label = _("Hide how booths were given") if run.disclosed_at else _("Show how booths were given")
            return [HeaderButton(label, url=reverse("exhibition_disclose", args=[run.pk]), icon_name="view")]
        return [HeaderButton(_("Publish as offers"), url=reverse("exhibition_publish", args=[run.pk]), icon_name="mail")]

    @cached_property
    def header_more_buttons(self):
        history = reverse("wagtailsnippets_exhibitors_allocationrun:history", args=[self.object.pk])
        buttons = [*super().header_more_buttons, Button(_("History"), url=history, icon_name="history")]
        if self.object.question:
            url = reverse("exhibition_question", args=[self.object.pk])
            buttons.append(Button(_("Question and answer"), url=url, icon_name="download"))
        return buttons

    def get_context_data(self, **kwargs):
        run = self.object
        context = super().get_context_data(**kwargs) | {"run": run, "may_decide": self.request.user.has_perm(MAY)}
        if run.state != AllocationRun.State.DONE:
            return context
        lines = _lines(run)
        names = explaining.Names(run.edition)
        others = AllocationRun.objects.filter(edition=run.edition, state=AllocationRun.State.DONE).exclude(pk=run.pk)
        beside = others.filter(code=self.request.GET.get("beside", "")).first()
        return context | {
            "proof": explaining.proof(run),
            "weights": proposing.weights_of(run),
            "rows": [_row(line, names) for line in lines],
            "placed": sum(line.booth_id is not None for line in lines),
            "bars": _bars(lines),
            "conflicts": explaining.explain_conflicts(run, names),
            "halls": halls_of(run.edition, {line.booth_id: line.application.agency.name for line in lines}),
            "others": others[:20],
            "beside": beside,
            "moved": _moved(_lines(beside), lines) if beside else [],
        }


class Proposals(ReadOnly):
    model = AllocationRun
    icon = "table"
    index_view_class = ListProposals
    inspect_view_class = InspectProposal
    history_view_class = BookingHistory
    list_display = [
        "code",
        "edition",
        Column("get_state_display", label=gettext_lazy("State")),
        Column("placed_of_total", label=gettext_lazy("With a booth")),
        "score",
        Column("gap", label=gettext_lazy("Proof"), accessor=lambda run: explaining.proof(run) if run.is_done else "–"),
        Column("time", label=gettext_lazy("Seconds"), accessor=lambda run: f"{run.seconds:.2f}" if run.is_done else "–"),
        "asked_at",
        "published_at",
    ]
    list_filter = ["edition", "state"]
    search_fields = ["code"]

    def get_queryset(self, request):
        return AllocationRun.objects.select_related("edition").counted()


class ProposalForm(forms.Form):
    """Editions that are not over, the seed and what each soft rule counts."""

    edition = forms.ModelChoiceField(Edition.objects.none(), label=gettext_lazy("Forum"), empty_label=None)
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        required=False,
        min_value=0,
        max_value=2**63 - 1,
        help_text=gettext_lazy(
            "A number that draws lots where two answers are equally good: the same number, the same answer. Blank: any."
        ),
    )
    ranks = forms.CharField(
        label=gettext_lazy("Points for wishes"),
        max_length=100,
        help_text=gettext_lazy(
            "For the first wish, the second and so on, by commas; later wishes count as the last of these."
        ),
    )
    near = forms.IntegerField(
        label=gettext_lazy("Points for standing near"),
        min_value=0,
        max_value=500,
        help_text=gettext_lazy("For each two of whom one asked to be near the other, and who are in one block."),
    )
    country = forms.IntegerField(
        label=gettext_lazy("Points for one country together"),
        min_value=0,
        max_value=500,
        help_text=gettext_lazy("Lost for each zone beyond the first in which one country stands."),
    )
    rivals = forms.IntegerField(
        label=gettext_lazy("Points for rivals apart"),
        min_value=0,
        max_value=500,
        help_text=gettext_lazy("Lost for each two rivals who stand close together."),
    )
    route = forms.IntegerField(
        label=gettext_lazy("Points for the route"),
        min_value=0,
        max_value=500,
        help_text=gettext_lazy("For each who is on the tour and whose booth the guest of honour passes."),
    )

    MOST = 500  # to be without a booth costs 1,000: no wish outweighs that

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        open_ones = [edition.pk for edition in Edition.objects.all() if not edition.is_over]
        self.fields["edition"].queryset = Edition.objects.filter(pk__in=open_ones)
        weights = Weights()
        for name in ("near", "country", "rivals", "route"):
            self.fields[name].initial = getattr(weights, name)
        self.fields["ranks"].initial = ", ".join(map(str, weights.ranks))

    def clean_ranks(self) -> tuple[int, ...]:
        try:
            ranks = tuple(int(word) for word in self.cleaned_data["ranks"].replace(",", " ").split())
        except ValueError:
            raise ValidationError(
                _("Write whole numbers with commas between them, such as 100, 80, 65."), code="ranks"
            ) from None
        if not ranks or not all(0 <= each <= self.MOST for each in ranks) or list(ranks) != sorted(ranks, reverse=True):
            raise ValidationError(
                _("Each is from 0 to %(most)s, and none is more than the one before.") % {"most": self.MOST}, code="ranks"
            )
        return ranks

    @property
    def weights(self) -> Weights:
        names = asdict(Weights()).keys() & self.cleaned_data.keys()
        return replace(Weights(), **{name: self.cleaned_data[name] for name in names})


@require_http_methods(["GET", "HEAD", "POST"])
@by_who_decides
def propose(request):
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = form.cleaned_data
        try:
            run = proposing.ask(
                edition=words["edition"], seed=words["seed"], weights=form.weights, user=request.user
            )  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(PROPOSAL, run.pk)
    return render(request, "exhibitors/back_office/propose.html", {"form": form, "back": PROPOSALS})


@require_POST
@by_who_decides
def cancel(request, pk):
    run = proposing.cancel(run=get_object_or_404(AllocationRun, pk=pk), user=request.user)
    if run.state != AllocationRun.State.CANCELLED:
        messages.info(request, _("The proposal had ended already."))
    return redirect(PROPOSAL, run.pk)


@require_POST
@by_who_decides
def pin(request, pk):
    """Pins what one line proposes, or lets it go."""
    line = get_object_or_404(AllocationLine.objects.select_related("application__agency", "booth"), pk=pk)
    booth = None if "unpin" in request.POST else line.booth
    try:
        proposing.pin(application=line.application, booth=booth, user=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        values = {"agency": line.application.agency.name, "booth": booth and booth.code}
        said = _("%(agency)s is pinned to booth %(booth)s.") if booth else _("%(agency)s is pinned no longer.")
        messages.success(request, said % values)
    return redirect(PROPOSAL, line.run_id)


@require_http_methods(["GET", "HEAD", "POST"])
@by_who_decides
def publish(request, pk):
    run = get_object_or_404(AllocationRun.objects.select_related("edition").counted(), pk=pk)
    if run.published_at:
        messages.info(request, _("The proposal is published already."))
        return redirect(PROPOSAL, run.pk)
    until = offering.answer_by(run.edition)
    question = Question(
        title=_("Publish proposal %(code)s as offers") % {"code": run.code},
        text=_(
            "%(placed)s of %(total)s agencies get a letter with a booth, which they may accept until %(day)s, 23:59. "
            "Nobody else can book these booths meanwhile."
        )
        % {"placed": run.placed, "total": run.total, "day": dates.day(until.date())},
        button=_("Publish as offers"),
        done=_("The offers are on their way."),
        icon="mail",
        is_serious=True,
    )
    return ask(request, question, back=PROPOSALS, act=lambda: offering.publish(run=run, user=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@by_who_decides
def disclose(request, pk):
    """Shows a published proposal to everybody, or hides it again."""
    run = get_object_or_404(AllocationRun.objects.select_related("edition"), pk=pk)
    if run.disclosed_at:
        question = Question(
            title=_("Hide how booths were given by proposal %(code)s") % {"code": run.code},
            text=_("The page under the exhibition disappears. What others have taken from it stays with them."),
            button=_("Hide it"),
            done=_("The page is no longer there."),
            icon="view",
        )
        return ask(request, question, back=PROPOSALS, act=lambda: disclosing.hide(run=run, user=request.user))
    question = Question(
        title=_("Show how booths were given by proposal %(code)s") % {"code": run.code},
        text=_(
            "A page under the exhibition shows the rules and their points, and who got which booth and which wish. What "
            "each application asked for is not shown: hand “Question and answer” of the proposal to whoever is to check it."
        ),
        button=_("Show it to everybody"),
        done=_("The page is there."),
        icon="view",
        is_serious=True,
    )
    return ask(request, question, back=PROPOSALS, act=lambda: disclosing.show(run=run, user=request.user))


@require_safe
@permission_required("exhibitors.view_allocationrun", raise_exception=True)
def question(request, pk):
    """Everything that was asked, as one file for whoever checks the answer; who took it out stands in the history."""
    run = get_object_or_404(AllocationRun.objects.exclude(question={}).select_related("edition"), pk=pk)
    log(instance=run, action="exhibitors.question", user=request.user)
    response = JsonResponse(disclosing.whole(run))
    response["Content-Disposition"] = f'attachment; filename="{run.code}-question.json"'
    return response


def _lines(run) -> list[AllocationLine]:
    rows = run.lines.select_related("application__agency", "booth__zone")
    return sorted(rows, key=lambda line: line.application.agency.sort_key)


def _row(line, names) -> Row:
    if line.booth is None:
        label = _("no booth")
    elif line.is_pinned:
        label = _("pinned")
    else:
        label = _("wish %(rank)s") % {"rank": line.rank} if line.rank else _("none of the wishes")
    is_pinned_now = line.booth_id is not None and line.application.pin_id == line.booth_id
    return Row(line, explaining.explain_line(line, names), label, is_pinned_now)


def _bars(lines) -> list[tuple[str, int]]:
    """How many got which wish, another booth, or none."""
    ranks = Counter(line.rank for line in lines if line.booth_id)
    bars = [(_("wish %(rank)s") % {"rank": rank}, ranks[rank]) for rank in range(1, max(filter(None, ranks), default=0) + 1)]
    bars.append((_("another booth"), ranks[None]))
    return [*bars, (_("no booth"), sum(line.booth_id is None for line in lines))]


def _moved(before, after) -> list[tuple[AllocationLine, str, str]]:
    """Whose booth is another one than in the proposal beside, and which it was and is."""
    was = {line.application_id: line.booth.code if line.booth else "–" for line in before}
    pairs = [(line, was.get(line.application_id, "–"), line.booth.code if line.booth else "–") for line in after]
    return [(line, then, now) for line, then, now in pairs if then != now]
