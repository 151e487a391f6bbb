"""The queues of the offices: who awaits a decision, and deciding, of one or of many at once."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from forum.registration import approving
from forum.registration.approval_forms import DecisionForm
from forum.registration.models import Accreditation, PassType, Registration, Step

PER_PAGE = 50
# What it takes to speak for an office. Agencies do so at their desks; for a body that has none the organisers do.
PERMISSIONS = {
    Step.AGENCY: "registration.accept_registration",
    Step.ORGANISER: "registration.accept_registration",
    Step.SECURITY: "registration.clear_registration",
}


@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request):
    """One queue at a time, filtered by pass; those who have waited longest come first."""
    steps = [step for step in Step if request.user.has_perm(PERMISSIONS[step])]
    if not steps:
        raise PermissionDenied("speaks for no office")
    counts = _counts(steps)
    step = _step(request.GET.get("step"), counts)
    queue = approving.queue(step)
    passes = list(PassType.objects.filter(pk__in=queue.order_by().values("pass_type")).select_related("edition"))
    chosen = next((each for each in passes if str(each.pk) == request.GET.get("pass_type")), None)
    if chosen:
        queue = queue.filter(pass_type=chosen)
    form = DecisionForm(request.POST if request.method == "POST" else None, queue=queue)
    if form.is_bound and (outcome := form.decide(step, request.user)):
        _tell(request, *outcome)
        query = f"?step={step}" + (f"&pass_type={chosen.pk}" if chosen else "")
        return redirect(reverse("registration_approvals") + query)
    page = Paginator(queue, PER_PAGE).get_page(request.GET.get("p"))
    _with_accreditation(step, page)
    context = {
        "step": step,
        "is_security": step == Step.SECURITY,
        "may_accredit": request.user.has_perm("registration.change_accreditation"),
        "counts": counts,
        "passes": passes,
        "chosen": chosen,
        "form": form,
        "ticked": form.ticked(),
        "page": page,
    }
    return render(request, "registration/back_office/approvals.html", context, status=422 if form.errors else 200)


def _tell(request, done, others):
    if done:
        messages.success(
            request, ngettext("%(number)d person decided.", "%(number)d people decided.", done) % {"number": done}
        )
    for sentence, codes in others.items():
        messages.warning(request, _("%(sentence)s (%(codes)s)") % {"sentence": sentence, "codes": ", ".join(codes)})


def _with_accreditation(step, page):
    """Security reads what it decides about; nobody else does."""
    if step != Step.SECURITY:
        return
    people = list(page.object_list)
    lacking = Accreditation.objects.lacking(people)
    given = Accreditation.objects.in_bulk([person.pk for person in people])
    for person in people:
        person.lacks, person.given = lacking.get(person.pk, []), given.get(person.pk)
        if person.given:
            person.given.registration = person
    page.object_list = people


def _step(wished, counts) -> Step:
    """The one asked for, else the one with the longest queue."""
    if not wished:
        return max(counts, key=counts.get)
    if wished not in Step.values:
        raise Http404("no such office")
    if wished not in counts:
        raise PermissionDenied("speaks for another office")
    return Step(wished)


def _counts(steps) -> dict[Step, int]:
    waiting = Registration.objects.filter(state=Registration.State.APPLIED).order_by().values_list("awaits")
    numbers = dict(waiting.annotate(all=Count("pk")))
    return {step: numbers.get(step, 0) for step in steps}
