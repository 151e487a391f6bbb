"""The public register."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from cms import codes
from cms.caching import public_page
from cms.models import Edition
from forum.mou.models import Memorandum


@public_page
def register(request, edition):
    """The memoranda signed at this edition; with ``?all=1`` those of every edition."""
    edition = Edition.objects.get_or_404(edition)
    memoranda = Memorandum.objects.public()
    is_whole = "all" in request.GET
    if not is_whole:
        memoranda = memoranda.filter(edition=edition)
    context = {"edition": edition, "memoranda": memoranda, "is_whole": is_whole}
    return render(request, "mou/register.html", context)


@public_page
def record(request, edition, code):
    """Everything the public may know of one memorandum, at the address of the edition where it was signed."""
    edition = Edition.objects.get_or_404(edition)
    memorandum = get_object_or_404(Memorandum.objects.public(), code=codes.read(code))
    if memorandum.edition_id not in {None, edition.pk}:
        raise Http404("signed at another edition")
    return render(request, "mou/record.html", {"edition": edition, "memorandum": memorandum})
