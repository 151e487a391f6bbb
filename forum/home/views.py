"""The addresses that belong to no single room."""

from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import storages
from django.db import connection
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from wagtail.views import serve as serve_page

from cms import limits
from cms import metrics as counted
from cms.caching import public_page
from cms.models import Edition
from forum.home import figures, finding, front
from forum.home.forms import SearchForm
from forum.home.models import EditionPage

# What renditions are written as.
PICTURES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


@require_safe
def choose_language(request):
    """``/`` leads to the reader's language; no page stands here, so nothing is cached in the wrong one."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
def to_current_edition(request, room, rest):
    """``/en/agenda/…`` leads to the current edition's permanent address."""
    edition = Edition.objects.current()
    if edition is None:
        raise Http404("there is no edition yet")
    query = f"?{request.META['QUERY_STRING']}" if request.META["QUERY_STRING"] else ""
    return redirect(f"{edition.get_absolute_url()}{room}/{rest}{query}")


@public_page
def edition(request, edition):
    """The front of an edition: its page where the editors have one (Wagtail's to serve), else what the rooms hold."""
    found = Edition.objects.filter(slug=edition).first()
    if found and not EditionPage.objects.live().filter(edition=found).exists():
        return render(request, "home/front.html", front.gather(found))
    return serve_page(request, f"{edition}/")


@require_safe
def healthz(request):
    """200 while the database and the queue of tasks can be reached."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    DBTaskResult.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def metrics(request):
    """For Prometheus, which shows ``METRICS_TOKEN``; where none is set there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404("no metrics here")
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
    registry = counted.registry()
    registry.register(figures.Figures())
    return HttpResponse(
        generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"}
    )


@require_safe
def public_media(request, name):
    """Renditions of the editors' pictures; nothing else is stored there."""
    kind = PICTURES.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise Http404("not a picture")
    try:
        file = storages["public"].open(name)
    except (OSError, ValueError, SuspiciousFileOperation):
        raise Http404("no such file") from None
    response = FileResponse(file, content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"  # whatever is in it, it runs nothing
    return response


@public_page
def editions(request):
    """Every forum there was and will be."""
    return render(request, "home/editions.html", {"editions": Edition.objects.all()})


@require_safe
@limits.limited("search", when=limits.has_words)
def search(request, edition):
    """Everything public of one edition that holds the words."""
    edition = Edition.objects.get_or_404(edition)
    form = SearchForm(request.GET)
    words = form.words()
    context = {"edition": edition, "form": form, "words": words, "found": finding.find(edition, words) if words else {}}
    response = render(request, "home/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
