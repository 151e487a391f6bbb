"""A person's photo as an answer, to whoever the view has let in."""

from django.http import Http404, HttpResponse

from cms.csp import sandboxed
from forum.registration import accrediting
from forum.registration.models import Registration


def answer(registration: Registration) -> HttpResponse:
    content = accrediting.photo_of(registration)
    if content is None:
        raise Http404("no photo")
    return sandboxed(HttpResponse(content, content_type="image/jpeg"))
