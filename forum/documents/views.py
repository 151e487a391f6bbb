"""Checking a paper: no more is told than whether it is ours, what it is and for whom, and whether it holds."""

import hashlib

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cms import limits
from cms.origin import public_form
from cms.privacy import personal
from forum.documents import issuing
from forum.documents.forms import CodeForm, FileForm


@personal
@limits.limited("verify", when=lambda request: "code" in request.GET)
@require_safe
def ask(request):
    """For who cannot scan the QR: the code is typed."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        if found := issuing.find(form.cleaned_data["code"]):
            return redirect(found.link)
        return _unknown(request, form)
    return render(request, "documents/ask.html", {"form": form}, status=422 if form.errors else 200)


@public_form
@personal
@limits.limited("verify")
@require_http_methods(["GET", "HEAD", "POST"])
def document(request, code):
    """POST compares a file with what was issued, byte by byte."""
    found = issuing.find(code)
    if found is None:
        return _unknown(request, CodeForm())
    form = FileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    context = {"document": found, "edition": found.edition, "form": form}
    if form.is_valid():
        context["is_same"] = _digest(form.cleaned_data["file"]) == found.sha256
    return render(request, "documents/document.html", context, status=422 if form.errors else 200)


def _digest(file) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _unknown(request, form):
    """An answer like others: a 404 at an address without a language would send the reader on to one that has it."""
    return render(request, "documents/ask.html", {"form": form, "is_unknown": True})
