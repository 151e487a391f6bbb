"""The demonstration's letter box. Its addresses exist only where ``DEMO`` is set, which is on this machine alone."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from post_office.models import Email

from cms.privacy import personal

SHOWN = 100


@personal
@require_safe
def mail(request):
    """The latest letters."""
    return render(request, "home/demo_mail.html", {"letters": Email.objects.order_by("-id")[:SHOWN]})


@personal
@require_safe
def letter(request, pk):
    email = get_object_or_404(Email.objects.prefetch_related("attachments"), pk=pk)
    return render(request, "home/demo_letter.html", {"letter": email})


@personal
@require_safe
def attachment(request, pk, name):
    email = get_object_or_404(Email, pk=pk)
    found = email.attachments.filter(name=name).first()
    if found is None:
        raise Http404("no such attachment")
    return FileResponse(found.file.open("rb"), content_type=found.mimetype or "application/octet-stream")
