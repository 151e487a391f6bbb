"""The readiness board: which booths are ready, and what the others lack."""

import datetime

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from cms import exports
from cms.models import Edition
from exhibitors.models import Reminder
from forum.desks import readiness, reminding

MAY_SEE = "exhibitors.view_booking"

for_readers = permission_required(MAY_SEE, raise_exception=True)


class BoardFilter(forms.Form):
    """Narrows the board; what cannot be read narrows nothing."""

    hall = forms.ChoiceField(label=gettext_lazy("Hall"), required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Zone"), required=False)
    light = forms.ChoiceField(
        label=gettext_lazy("Booth"), required=False, choices=[("", gettext_lazy("All")), *readiness.Light.choices]
    )
    item = forms.ChoiceField(
        label=pgettext_lazy("readiness", "Item"),
        required=False,
        choices=[("", gettext_lazy("All")), *readiness.TITLES.items()],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State of the item"),
        required=False,
        choices=[("", gettext_lazy("All")), *readiness.State.choices],
    )

    def __init__(self, *args, standings: list[readiness.Standing], **kwargs):
        super().__init__(*args, **kwargs)
        zones = {booth.zone for standing in standings for booth in standing.booths}
        halls = {zone.hall for zone in zones}
        self.fields["hall"].choices = [("", _("All")), *sorted((str(hall.pk), hall.name) for hall in halls)]
        self.fields["zone"].choices = [("", _("All")), *sorted((zone.code, zone.name) for zone in zones)]

    def read(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


@require_safe
@for_readers
def board(request):
    """Of the current edition, or of the one asked for."""
    edition = Edition.objects.asked(request.GET)
    standings = readiness.of_edition(edition)
    form = BoardFilter(request.GET, standings=standings)
    shown = readiness.chosen(standings, **form.read())
    reminded = _reminded(edition, shown)
    context = {
        "edition": edition,
        "editions": list(Edition.objects.all()),
        "form": form,
        "rows": [(each, reminded.get(each.agency.pk)) for each in shown],
        "total": _booths(standings),
        "lights": [(light, _booths(each for each in standings if each.light == light)) for light in readiness.Light],
        "lacking": _lacking(standings),
        "uncleared": sum(item.uncleared for each in standings for item in each.items),
        "may_remind": reminding.may_remind(request.user) and not edition.is_over,
        "query": request.GET.urlencode(),
    }
    return render(request, "desks/back_office/readiness.html", context)


@require_safe
@for_readers
def written(request, kind):
    """What the board shows, as a file: one line for each item."""
    edition = Edition.objects.asked(request.GET)
    standings = readiness.of_edition(edition)
    shown = readiness.chosen(standings, **BoardFilter(request.GET, standings=standings).read())
    headings = [
        _("Agency"),
        _("Booths"),
        _("Booth"),
        pgettext("readiness", "Item"),
        _("State"),
        _("Due"),
        _("Late"),
        _("Detail"),
    ]
    rows = (_line(each, item) for each in shown for item in each.items)
    return exports.response(kind, "readiness", headings, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("exhibitors.add_reminder", raise_exception=True)
def remind(request):
    """One agency, or all that the board shows; asks first how many that would be."""
    edition = Edition.objects.asked(request.GET)
    standings = readiness.of_edition(edition)
    shown = readiness.chosen(standings, **BoardFilter(request.GET, standings=standings).read())
    code = request.GET.get("agency")
    shown = [each for each in shown if each.missing and code in (None, each.agency.code)]
    back = f"{reverse('exhibition_readiness')}?{request.GET.urlencode()}"
    if request.method == "POST":
        try:
            done = reminding.remind_all(standings=shown, edition=edition, user=request.user)
        except ValidationError as refusal:
            messages.warning(request, refusal.messages[0])
        else:
            said = ngettext("%(number)s agency was written to.", "%(number)s agencies were written to.", done)
            messages.success(request, said % {"number": done})
        return redirect(back)
    readers = reminding.readers(shown)
    told, untold = ([each for each in shown if bool(readers[each.agency.pk]) == is_told] for is_told in (True, False))
    context = {"edition": edition, "standings": told, "untold": untold, "back": back}
    return render(request, "desks/back_office/remind.html", context)


def _reminded(edition, standings) -> dict[int, datetime.date]:
    """When each of these agencies was last reminded."""
    rows = Reminder.objects.filter(edition=edition, agency__in=[each.agency.pk for each in standings]).order_by()
    return dict(rows.values_list("agency").annotate(Max("day")))


def _line(standing, item) -> list[str | None]:
    due, late = item.due and item.due.isoformat(), _("late") if item.is_late else ""
    booth = [standing.agency.name, standing.codes, str(standing.light.label)]
    return [*booth, str(item.title), str(item.state.label), due, late, item.detail]


def _booths(standings) -> int:
    return sum(len(each.booths) for each in standings)


def _lacking(standings) -> list[tuple[str, int, int]]:
    """For each kind of item how many booths still lack it, of how many that need it; the most lacking first."""
    rows = []
    for kind, title in readiness.TITLES.items():
        concerned = [each for each in standings if any(item.kind == kind for item in each.items)]
        lacking = [each for each in concerned if any(i.kind == kind and not i.is_settled for i in each.items)]
        if concerned:
            rows.append((title, _booths(lacking), _booths(concerned)))
    return sorted(rows, key=lambda row: -row[1])
