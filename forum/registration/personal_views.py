"""A person registers who was invited personally."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cms import languages, limits
from cms.origin import public_form
from cms.privacy import personal
from forum.registration import consenting, personal_inviting
from forum.registration.models import Question
from forum.registration.personal_forms import InvitedForm


@personal
@public_form
@limits.misses("wrong_link")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request, token):
    """Opening the page uses nothing up: mail programs and previews open links too."""
    invitation = personal_inviting.find_by_token(token)
    edition = invitation.edition
    context = {"edition": edition, "invitation": invitation, "pass": invitation.pass_type}
    if not invitation.is_open or edition.is_over:
        return render(request, "registration/personal_closed.html", context, status=410)
    if not edition.is_registration_open:
        return render(request, "registration/closed.html", context, status=409 if request.method == "POST" else 200)
    if request.method == "GET":
        personal_inviting.note_opening(invitation)
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    asked = consenting.asked(edition)
    form = InvitedForm(*typed, invitation=invitation, questions=Question.objects.asked(edition), **asked)
    if form.is_valid():
        try:
            person = personal_inviting.use(invitation=invitation, language=languages.current(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            form.ask_for_files_again()
        else:
            return _go_on(person)
    until = invitation.access_code.valid_until
    context |= {"form": form, "until": until, "name": invitation.addressed_in(languages.current())}
    return render(request, "registration/personal.html", context, status=422 if form.errors else 200)


def _go_on(person):
    """The link comes by mail; whoever has no address is shown the page itself, whose address is to be kept."""
    if person.email:
        return redirect("register:sent", person.edition.slug)
    return redirect("registration:own", person.token)
