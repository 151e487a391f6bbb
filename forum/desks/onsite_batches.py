"""Printing many badges: few at once, more in the background with progress and a file to fetch."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms import codes, pdf
from cms.models import Edition
from forum.badges import batching, printing
from forum.badges.models import BadgeBatch
from forum.desks.forms import BatchForm
from forum.desks.onsite import floor_staff
from forum.registration.models import Registration

AT_ONCE = 50  # badges drawn while somebody waits: half a second of work
SHOWN = 100  # people on one page of the list
BATCHES = 20  # the latest, in their list
EVERY = "3"  # seconds: how often a page of one that is at work loads itself again


@floor_staff("badges.add_badgeprint", desk="badges")
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request):
    """People by pass, agency and day; POST prints them: few as a PDF now, many or with boxes in the background."""
    edition = Edition.objects.current()
    typed = request.POST if request.method == "POST" else request.GET
    form = BatchForm(typed, edition=edition)
    people = form.people() if form.is_valid() else Registration.objects.none()
    page = Paginator(people, SHOWN).get_page(typed.get("page"))
    if request.method == "POST" and form.is_valid():
        try:
            return _print(request, edition, people, page.paginator.count, form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    again = BatchForm(typed, edition=edition, auto_id=False)  # the same once more, in the form that prints
    context = {
        "edition": edition,
        "form": form,
        "again": again,
        "page": page,
        "query": _query(typed),
        "is_now": page.paginator.count <= AT_ONCE,
        "batches": BadgeBatch.objects.filter(edition=edition).select_related("ordered_by")[:BATCHES],
    }
    return render(request, "desks/batch.html", context, status=422 if request.method == "POST" else 200)


def _print(request, edition, people, number, chosen):
    if number <= AT_ONCE and not chosen["per_box"]:
        who = {"user": request.user, "desk": request.desk, "reason": chosen["reason"]}
        return pdf.answer(printing.print_badges(registrations=people, **who), "badges.pdf")
    made = batching.order(edition=edition, user=request.user, desk=request.desk, **chosen)
    return redirect("onsite:progress", made.code)


def _find(code) -> BadgeBatch:
    return get_object_or_404(BadgeBatch.objects.select_related("pass_type", "agency", "ordered_by"), code=codes.read(code))


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
def progress(request, code):
    """How far it is, and its file. While it is at work the page loads itself again, as its header says."""
    batch = _find(code)
    response = render(request, "desks/batch_progress.html", {"batch": batch, "keeps": batching.KEPT.days})
    if not batch.is_ended and not batch.has_failed:
        response["Refresh"] = EVERY
    return response


@floor_staff("badges.add_badgeprint", desk="badges")
@require_POST
def stop(request, code):
    batching.cancel(batch=_find(code), user=request.user)
    return redirect("onsite:progress", codes.read(code))


@floor_staff("badges.add_badgeprint", desk="badges")
@require_POST
def go_on(request, code):
    """With one that has failed."""
    batching.try_again(batch=_find(code), user=request.user)
    return redirect("onsite:progress", codes.read(code))


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
def file(request, code):
    """All badges of the batch, as long as they are kept."""
    batch = _find(code)
    try:
        content = batch.file.open() if batch.file else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise Http404
    return FileResponse(content, content_type="application/pdf", filename=f"badges-{batch.code}.pdf")


def _query(typed) -> str:
    """The filters as they stand in an address."""
    query = typed.copy()
    for name in ("page", "csrfmiddlewaretoken"):
        query.pop(name, None)
    return query.urlencode()
