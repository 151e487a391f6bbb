"""A guest replies to a letter of invitation. No account; the signed link in the letter is the key."""

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cms import languages, limits, qr
from cms.origin import public_form
from cms.privacy import personal
from forum.registration import consenting, replying
from forum.registration.models import Guest
from forum.registration.models.guests import signer
from forum.registration.reply_forms import ReplyForm


@personal
@public_form
@limits.misses("wrong_link")
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request, token):
    """Opening the page says nothing: mail programs and previews open links too."""
    guest = _find(token)
    typed = request.POST if request.method == "POST" else None
    form = ReplyForm(typed, guest=guest, **consenting.asked(guest.edition))
    if form.is_valid():
        try:
            replying.reply(guest=guest, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("reply:form", token)
    language = languages.current()
    context = {
        "guest": guest,
        "guest_list": guest.guest_list,
        "edition": guest.edition,
        "name": guest.name_in(language),
        "honorific": guest.honorific_in(language),
        "position": guest.position_in(language),
        "agency": guest.agency_in(language),
        "people": _people(guest, language),
        "form": form,
        "token": token,
    }
    return render(request, "registration/reply.html", context, status=422 if form.errors else 200)


@personal
@limits.misses("wrong_link")
@require_safe
def picture(request, token, code):
    """The code that the badge desk scans, of somebody who comes by this invitation; to be kept or sent on."""
    person = get_object_or_404(_find(token).registrations.coming(), code=code)
    response = HttpResponse(qr.png(person.code), content_type="image/png")
    response["Content-Disposition"] = f'inline; filename="badge-desk-{person.code}.png"'
    return response


def _people(guest, language) -> list[dict]:
    """Who comes, each with the code for the badge desk: to be kept as a picture, or shown to the person."""
    if not guest.is_coming:
        return []
    holder = replying.holder_of(guest)
    everybody = [*([holder] if holder else []), *replying.companions_of(guest)]
    return [
        {"registration": each, "name": each.name_in(language), "honorific": each.honorific_in(language)}
        for each in everybody
    ]


def _find(token) -> Guest:
    """The guest whose page ``token`` opens; 404 for a forged or renewed link, and for who is forgotten."""
    try:
        code, epoch = signer.unsign(token).split(".")
        return Guest.objects.present().with_names().get(code=code, epoch=epoch)
    except (signing.BadSignature, ValueError, Guest.DoesNotExist):
        raise Http404("no such link") from None
