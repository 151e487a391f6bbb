"""A person takes the place that a link keeps for them."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cms import languages, limits
from cms.origin import public_form
from cms.privacy import personal
from forum.registration import consenting, linking
from forum.registration.delegation_forms import OwnDetailsForm
from forum.registration.models import Question


@personal
@public_form
@limits.misses("wrong_link")
@require_http_methods(["GET", "HEAD", "POST"])
def take(request, token):
    """Opening the page uses nothing up: mail programs and previews open links too."""
    link = linking.find_by_token(token)
    delegation = link.delegation
    context = {"edition": delegation.edition, "agency": delegation.agency, "pass": link.pass_type}
    if not (link.is_open and delegation.is_open):
        return render(request, "registration/place_closed.html", context, status=410)
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = OwnDetailsForm(
        *typed,
        pass_type=link.pass_type,
        questions=Question.objects.asked(delegation.edition),
        **consenting.asked(delegation.edition),
    )
    if form.is_valid():
        try:
            linking.use(link=link, language=languages.current(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            form.ask_for_files_again()
        else:
            return redirect("register:sent", delegation.edition.slug)
    return render(request, "registration/place.html", context | {"form": form}, status=422 if form.errors else 200)
