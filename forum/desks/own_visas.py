"""A person asks for a letter for a visa on their own page, and takes it from there."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cms import limits, pdf
from cms.origin import public_form
from cms.privacy import personal
from forum.registration import signup
from forum.visas import asking
from forum.visas.forms import VisaForm
from forum.visas.models import VisaDesk, VisaRequest


def about(registration, desk: VisaDesk | None) -> dict:
    """What the own page says of it; nothing where the edition has no desk that writes such letters."""
    if desk is None or not registration.is_coming:
        return {}
    return {"visa_desk": desk if desk.is_open else None, "visa": VisaRequest.objects.of(registration).first()}


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, token):
    registration = signup.find_by_token(token)
    desk = asking.desk_of(registration)
    if desk is None or not desk.is_open:
        return redirect("registration:own", token)
    asked = VisaRequest.objects.of(registration).first()
    form = VisaForm(request.POST if request.method == "POST" else None, registration=registration, asked=asked)
    if form.is_valid():
        try:
            asking.ask(registration=registration, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("registration:own", token)
    context = {"registration": registration, "edition": registration.edition, "token": token}
    context |= {"form": form, "desk": desk, "visa": asked}
    return render(request, "desks/visa.html", context, status=422 if form.errors else 200)


@personal
@limits.misses("wrong_link")
@require_safe
def letter(request, token):
    registration = signup.find_by_token(token)
    visa = VisaRequest.objects.of(registration).select_related("document").first() if registration.is_coming else None
    if visa is None or not (visa.document and visa.document.is_current and visa.document.file):
        return redirect("registration:own", token)
    return pdf.answer(visa.document.read(), f"visa-letter-{registration.code}.pdf")
