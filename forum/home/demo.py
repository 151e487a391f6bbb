"""The demonstration's letter box. It opens only where ``DEMO`` is set, which is on this machine alone."""

from functools import wraps

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from post_office.models import Email

from cms.privacy import personal

SHOWN = 100


def in_demonstration(view):
    """No such page elsewhere: letters are their readers' alone."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.DEMO:
            raise Http404("only in the demonstration")
        return view(request, *args, **kwargs)

    return personal(require_safe(guarded))


@in_demonstration
def mail(request):
    """The latest letters."""
    return render(request, "home/demo_mail.html", {"letters": Email.objects.order_by("-id")[:SHOWN]})


@in_demonstration
def letter(request, pk):
    email = get_object_or_404(Email.objects.prefetch_related("attachments"), pk=pk)
    return render(request, "home/demo_letter.html", {"letter": email})


@in_demonstration
def attachment(request, pk, name):
    email = get_object_or_404(Email, pk=pk)
    found = email.attachments.filter(name=name).first()
    if found is None:
        raise Http404("no such attachment")
    return FileResponse(found.file.open("rb"), content_type=found.mimetype or "application/octet-stream")
