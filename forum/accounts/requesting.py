"""Asking for an account: the form, and the page behind the link that came by mail."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cms import limits
from cms.caching import public_page, public_when_read
from cms.models import Edition
from cms.origin import public_form
from cms.privacy import personal
from exhibitors import admitting
from exhibitors.models import AccountRequest
from forum.accounts.request_forms import AccountRequestForm, AnswerForm, ConfirmForm


@public_form
@public_when_read
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """The same answer whatever is known: a link comes by mail."""
    edition = _edition()
    if request.method != "POST":
        return render(request, "accounts/request.html", {"edition": edition, "form": AccountRequestForm(edition=edition)})
    too_many = limits.refusal(request, "account_request", key=request.POST.get("email", ""))
    # Whoever asks too often costs no decoding of pictures.
    form = AccountRequestForm(request.POST, None if too_many else request.FILES, edition=edition)
    if too_many:
        form.add_error(None, too_many)
    if form.is_valid():
        try:
            admitting.ask(edition=edition, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("accounts:request_sent")
    response = render(request, "accounts/request.html", {"edition": edition, "form": form}, status=422)
    return too_many.mark(response) if too_many else response


@public_page
def sent(request):
    return render(request, "accounts/request_sent.html", {"edition": _edition()})


@public_form
@personal
@limits.misses("wrong_link")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """Confirms the address by a button, since programs open links too; then says how the request stands, and takes the
    answer to a question."""
    row = get_object_or_404(AccountRequest.objects.select_related("edition", "agency"), token=token, erased_at=None)
    form, typed = None, request.method == "POST"
    if row.state == AccountRequest.State.RETURNED:
        form = AnswerForm(request.POST if typed else None, request.FILES if typed else None, instance=row)
    elif not row.is_confirmed and not row.is_decided:
        form = ConfirmForm(request.POST if typed else None)
    if form and typed and form.is_valid():
        try:
            _keep(row, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("accounts:request_answer", token)
    # What was typed stands in the form; the row says what is kept.
    row.refresh_from_db()
    context = {"edition": row.edition, "row": row, "form": form}
    return render(request, "accounts/request_answer.html", context, status=422 if form and form.errors else 200)


def _keep(row, form) -> None:
    if isinstance(form, ConfirmForm):
        admitting.confirm(request=row)
    else:
        admitting.answer(request=row, **form.cleaned_data)


def _edition() -> Edition:
    edition = Edition.objects.current()
    if edition is None:
        raise Http404("no forum to take part in")
    return edition
