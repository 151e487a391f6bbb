"""A person's photo as an answer, to whoever the view has let in."""

from django.http import Http404, HttpResponse

from cms.csp import sandboxed


def answer(content: bytes | None) -> HttpResponse:
    """The portrait, a JPEG; 404 where there is none."""
    if content is None:
        raise Http404("no photo")
    return sandboxed(HttpResponse(content, content_type="image/jpeg"))
