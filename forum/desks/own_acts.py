"""What a person changes on their own page: details, link, place, and whether we know them at all."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from cms import limits
from cms.origin import public_form
from cms.privacy import personal
from forum.payments import ordering
from forum.registration import accrediting, consenting, counting, editing, erasing, reminding, signup, waiting
from forum.registration.accreditation_forms import AccreditationForm
from forum.registration.figures_forms import FiguresForm
from forum.registration.forms import EditForm
from forum.registration.models import Figures

ASKED = ["GET", "HEAD", "POST"]


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(ASKED)
def edit(request, token):
    """The form of the registration with what was given; where it is kept, the page in the language then chosen."""
    registration = signup.find_by_token(token)
    if not registration.is_live or registration.edition.is_over:
        return redirect("registration:own", token)
    form = EditForm(request.POST or None, request.FILES or None, registration=registration)
    if form.is_valid():
        try:
            changed = editing.edit(registration=registration, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            form.ask_for_files_again()
        else:
            with translation.override(changed.language):
                return redirect("registration:own", changed.token)
    return _answer(request, "desks/edit.html", registration, token, form=form, status=422 if form.errors else 200)


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(ASKED)
def accredit(request, token):
    """What security and the badge need, where the pass asks for it."""
    registration = signup.find_by_token(token)
    if not registration.is_live or registration.edition.is_over or not registration.pass_type.asks_photo:
        return redirect("registration:own", token)
    given = accrediting.of(registration)
    too_many = limits.refusal(request, "photo", key=registration.code) if request.FILES else None
    typed = (request.POST, {} if too_many else request.FILES) if request.method == "POST" else ()
    form = AccreditationForm(*typed, registration=registration, given=given)
    if too_many:
        form.add_error(None, too_many)
    if form.is_valid():
        try:
            accrediting.give(registration=registration, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            form.ask_for_photo_again()
        else:
            return redirect("registration:own", token)
    status = 422 if form.errors else 200
    response = _answer(request, "desks/accredit.html", registration, token, form=form, given=given, status=status)
    return too_many.mark(response) if too_many else response


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(ASKED)
def figures(request, token):
    """Three questions that nobody must answer, so that the forum can be counted."""
    registration = signup.find_by_token(token)
    if not registration.is_live or registration.edition.is_over:
        return redirect("registration:own", token)
    told = Figures.objects.filter(registration=registration).values("sex", "province", "body").first()
    form = FiguresForm(request.POST if request.method == "POST" else None, initial=told)
    if form.is_valid():
        counting.tell(registration=registration, **form.cleaned_data)
        return redirect("registration:own", token)
    return _answer(request, "desks/figures.html", registration, token, form=form, status=422 if form.errors else 200)


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(ASKED)
def withdraw(request, token):
    """Asks once, then gives the place back."""
    registration = signup.find_by_token(token)
    if request.method == "POST":
        signup.withdraw(registration=registration, tells=True)
        return redirect("registration:own", token)
    is_paid = ordering.is_paid_for(registration)
    return _answer(request, "desks/withdraw.html", registration, token, is_paid=is_paid)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def coming(request, token):
    """A button, not a link: what opens links in letters before people do says nothing for them."""
    reminding.say_yes(registration=signup.find_by_token(token))
    return redirect("registration:own", token)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def agree(request, token):
    """To the version that the page showed; where another one holds meanwhile, the page shows that."""
    registration = signup.find_by_token(token)
    with suppress(ValidationError):
        consenting.agree(registration=registration, version=request.POST.get("version", ""))
    return redirect("registration:own", token)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def allow(request, token):
    registration = signup.find_by_token(token)
    ticked = request.POST.getlist("uses")
    with suppress(ValidationError):
        uses = [use for use in consenting.allowed_uses(registration) if use.code in ticked]
        consenting.allow(registration=registration, uses=uses)
    return redirect("registration:own", token)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def take(request, token):
    """Takes the place that is kept; where none is any more, the page itself says so."""
    registration = signup.find_by_token(token)
    with suppress(ValidationError):
        waiting.take(registration=registration)
    return redirect("registration:own", token)


@personal
@public_form
@require_POST
def wait_again(request, token):
    registration = signup.find_by_token(token)
    waiting.wait_again(registration=registration)
    return redirect("registration:own", token)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def language(request, token):
    """The language of messages, with one press; the page answers in it."""
    registration = signup.find_by_token(token)
    wanted = request.POST.get("language", "")
    with suppress(ValidationError):
        editing.change_language(registration=registration, language=wanted)
    with translation.override(registration.language):
        return redirect("registration:own", token)


@personal
@limits.misses("wrong_link")
@public_form
@require_POST
def send(request, token):
    """The same link once more to the address that is kept; not oftener than anybody can ask for it."""
    registration = signup.find_by_token(token)
    if not (registration.is_live and registration.receivers):
        return redirect("registration:own", token)
    signup.send_link(registration)
    return redirect("register:sent", registration.edition.slug)


@personal
@public_form
@require_http_methods(ASKED)
def renew(request, token):
    """Asks once, then mails a new link; this one opens nothing from then on."""
    registration = signup.find_by_token(token)
    if not (registration.is_live and registration.receivers):
        return redirect("registration:own", token)
    if request.method == "POST":
        signup.renew_link(registration=registration)
        return redirect("register:sent", registration.edition.slug)
    sent_to = ", ".join(receiver.address for receiver in registration.receivers)
    return _answer(request, "desks/renew.html", registration, token, sent_to=sent_to)


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(ASKED)
def erase(request, token):
    """Asks once, then forgets the person; the link is dead, so the answer itself says that it is done."""
    registration = signup.find_by_token(token)
    if request.method == "POST":
        erasing.erase(registration=registration)
        return _answer(request, "desks/erased.html", registration, token)
    return _answer(request, "desks/erase.html", registration, token)


def _answer(request, template, registration, token, *, status=200, **context):
    context |= {"registration": registration, "edition": registration.edition, "token": token}
    return render(request, template, context, status=status)
