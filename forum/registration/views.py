"""Registering for an edition."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cms import languages, limits
from cms.caching import kept, public_page, public_when_read
from cms.models import Edition
from cms.origin import public_form
from forum.registration import access, consenting, signup
from forum.registration.forms import LinkForm, RegistrationForm
from forum.registration.models import PassType, PrivacyNotice, Question


@public_form
@public_when_read
@require_http_methods(["GET", "HEAD", "POST"])
def register(request, edition):
    """The form; what follows says the same to a new person and to one who is registered already."""
    edition, asked = kept(f"form-{edition}", lambda: _asked(edition))
    if not edition.is_registration_open:
        return render(request, "registration/closed.html", {"edition": edition}, status=409 if request.POST else 200)

    pass_types = PassType.objects.for_people(edition)
    filled, warning = access.opened_by(edition=edition, typed=request.GET.get("code", ""))
    form = RegistrationForm(
        request.POST or None,
        request.FILES or None,
        pass_types=[pass_type for pass_type in pass_types if pass_type.is_open],
        **asked,
        initial=filled,
    )
    too_many = _limit(request, form, "register")
    if form.is_valid():
        try:
            signup.register(edition=edition, language=languages.current(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            form.ask_for_files_again()
        else:
            return redirect("register:sent", edition.slug)
    later = [pass_type for pass_type in pass_types if pass_type.is_to_open]
    has_prices = any(not pass_type.is_free for pass_type in pass_types)
    context = {"has_prices": has_prices, "later": later, "warning": "" if form.is_bound else warning}
    response = _form(request, "registration/register.html", edition, form, too_many, **context)
    if filled or warning:  # for who has this code alone
        response["Cache-Control"] = "no-store, private"
    return response


def _asked(slug) -> tuple[Edition, dict]:
    """The edition, and what its form asks besides the pass."""
    edition = Edition.objects.get_or_404(slug)
    asked = consenting.asked(edition)
    return edition, asked | {"uses": list(asked["uses"]), "questions": list(Question.objects.asked(edition))}


@public_page
def privacy(request, edition, version=None):
    """The whole text of the privacy notice that holds, or of an earlier one to which somebody agreed."""
    edition = Edition.objects.get_or_404(edition)
    notices = list(PrivacyNotice.objects.published().filter(edition=edition))
    found = next((notice for notice in notices if version in {None, str(notice.version)}), None)
    if found is None:
        raise Http404("no such notice")
    context = {"edition": edition, "notice": found, "notices": notices, "is_in_force": found == notices[0]}
    return render(request, "registration/privacy.html", context)


@public_page
def sent(request, edition):
    """What happens next: the link comes by mail."""
    return render(request, "registration/sent.html", {"edition": Edition.objects.get_or_404(edition)})


@public_form
@public_when_read
@require_http_methods(["GET", "HEAD", "POST"])
def link(request, edition):
    """Sends the link again, to the registered address only."""
    edition = Edition.objects.get_or_404(edition)
    form = LinkForm(request.POST or None)
    too_many = _limit(request, form, "link")
    if form.is_valid():
        signup.send_links(edition=edition, email=form.cleaned_data["email"])
        return redirect("register:sent", edition.slug)
    return _form(request, "registration/link.html", edition, form, too_many)


def _limit(request, form, name):
    """Counts what is sent, by visitor and by the address typed; one too many is said in the form, which loses nothing."""
    if not form.is_bound:
        return None
    refusal = limits.refusal(request, name, key=request.POST.get("email", ""))
    if refusal:
        form.add_error(None, refusal)
    return refusal


def _form(request, template, edition, form, refusal, **context):
    context |= {"edition": edition, "form": form}
    response = render(request, template, context, status=422 if form.errors else 200)
    return refusal.mark(response) if refusal else response
