"""A person's own page: what they see of their registration and badge. No account; the signed link is the key."""

import json

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import languages, limits, qr
from cms.caching import kept
from cms.privacy import personal
from forum.badges import printing
from forum.certificates import certifying
from forum.desks import own_data, own_visas
from forum.payments import ordering
from forum.payments.models import Paper
from forum.registration import accrediting, approving, calendar, confirmation_letters, consenting, photos, signup, waiting
from forum.registration.answering import answers_of
from forum.registration.models import AccessNeeds, FurtherUse, Step
from forum.visas import asking

# What the large code needs, and what keeps it.
SHEETS, SCRIPTS, ICON = ["css/own-qr.css"], ["js/own-qr.js"], "img/icon.svg"
FONTS = [f"fonts/noto-sans-khmer-{part}.woff2" for part in ("latin", "khmer")]
WORKER = settings.BASE_DIR / "static" / "js" / "own-qr-worker.js"
LARGE = 32  # pixels to the module: some 900 across


@personal
@limits.misses("wrong_link")
@require_safe
def page(request, token):
    registration = signup.find_by_token(token)
    edition, language = registration.edition, languages.current()
    asked = kept(f"own-{edition.slug}", lambda: _asked(edition))
    return render(
        request,
        "desks/own.html",
        {
            "registration": registration,
            "edition": edition,
            "honorific": registration.honorific_in(language),
            "name": registration.name_in(language),
            "agency": registration.agency_in(language),
            "zones": registration.pass_type.zones.all(),
            # The picture is drawn from the code alone.
            "qr": mark_safe(qr.svg(registration.code, _("QR code for the badge desk"))),
            "answers": answers_of(registration, language),
            "offer": waiting.open_offer(registration) if registration.is_waiting else None,
            "place_in_queue": waiting.place_in_queue(registration) if registration.is_waiting else None,
            "needs": AccessNeeds.objects.filter(pk=registration.pk).first(),
            "progress": _progress(registration) if registration.is_applied else [],
            "lacks": accrediting.lacks(registration),
            "has_photo": accrediting.has_photo(registration),
            "refusal": approving.refusal_of(registration) if registration.is_refused else "",
            "has_come": certifying.has_come(registration),
            "token": token,
            "language": registration.language,
            "papers": _papers(registration),
            "order": ordering.order_of(registration) if registration.is_held else None,
            "is_paid": not registration.is_live and ordering.is_paid_for(registration),
            **_privacy(registration, asked["notice"], asked["uses"]),
            **own_visas.about(registration, asked["visa_desk"]),
        },
    )


def _papers(registration) -> list[Paper]:
    """Invoices and receipts for the place, where the person pays for it; a delegation's are the agency's."""
    if registration.delegation_id:
        return []
    papers = Paper.objects.filter(order__lines__registration=registration, order__delegation=None).select_related("order")
    columns = ("edition", "kind", "number", "issued_at", *(f"order__{name}" for name in ("edition", "code")))
    found = list(papers.only(*columns).order_by("issued_at", "pk").distinct())
    for paper in found:
        paper.edition = registration.edition
    return found


def _asked(edition) -> dict:
    """What the own pages of an edition ask, whoever reads them."""
    uses = list(FurtherUse.objects.filter(edition=edition))
    return {"notice": consenting.noticed(edition), "uses": uses, "visa_desk": asking.desk_at(edition)}


def _privacy(registration, notice, uses) -> dict:
    """To what the person agreed, whether there is something new to agree to, and what they allow besides."""
    consent = consenting.latest(registration)
    return {
        "notice": notice,
        "consent": consent,
        "consent_is_due": registration.is_live and consenting.is_due(registration, notice, consent),
        "uses": consenting.allowed_uses(registration, uses),
    }


def _progress(registration) -> list[tuple[str, str]]:
    """Each office of the pass, and whether it has said yes, is asked, or will be."""
    order = list(Step)
    now = order.index(registration.awaits)
    states = {True: "done", False: "later"}
    return [
        (step.label, "due" if step == registration.awaits else states[order.index(step) < now])
        for step in registration.pass_type.steps
    ]


@personal
@limits.misses("wrong_link")
@require_safe
def badge(request, token):
    """The badge as PDF. It counts as no print: that is what the desk does."""
    registration = signup.find_by_token(token)
    if not registration.is_coming:
        return redirect("registration:own", token)
    pdf = printing.render(printing.issue([registration]))
    return _file(pdf, "application/pdf", f"badge-{registration.code}.pdf")


@personal
@limits.misses("wrong_link")
@require_safe
def letter(request, token):
    """On paper what the page says, with the code for the badge desk."""
    registration = signup.find_by_token(token)
    if not registration.is_coming:
        return redirect("registration:own", token)
    return _file(confirmation_letters.render([registration]), "application/pdf", f"letter-{registration.code}.pdf")


@personal
@limits.misses("wrong_link")
@require_safe
def certificate(request, token):
    """What the gates saw, certified; who was let in nowhere is sent back to their page, which offers none."""
    registration = signup.find_by_token(token)
    try:
        document = certifying.certify(registration=registration)
    except ValidationError:
        return redirect("registration:own", token)
    return _file(document.read(), "application/pdf", f"certificate-{registration.code}.pdf")


@personal
@limits.misses("wrong_link")
@require_safe
def code(request, token):
    """The code for the badge desk as a picture to keep or to forward: it holds no name, nor does the file's."""
    registration = signup.find_by_token(token)
    if not registration.is_coming:
        return redirect("registration:own", token)
    return _file(qr.png(registration.code, scale=LARGE), "image/png", f"qr-{registration.code}.png", "attachment")


@personal
@limits.misses("wrong_link")
@require_safe
def large(request, token):
    """The code as large as the screen, and nothing besides: no name either. A device that has opened it keeps it."""
    registration = signup.find_by_token(token)
    if not registration.is_coming:
        return redirect("registration:own", token)
    context = {
        "registration": registration,
        "edition": registration.edition,
        "qr": mark_safe(qr.svg(registration.code, _("QR code for the badge desk"))),
        "sheets": map(static, SHEETS),
        "scripts": map(static, SCRIPTS),
        "icon": static(ICON),
        "token": token,
    }
    return render(request, "desks/own_qr.html", context)


@limits.misses("wrong_link")
@require_safe
def worker(request, token):
    """The script that keeps that page, and no other, on the device: it lies beneath it, which is its scope."""
    signup.find_by_token(token)
    files = [static(name) for name in (*SHEETS, *SCRIPTS, ICON, *FONTS) if finders.find(name)]
    script = f"const FILES = {json.dumps(files)};\n" + WORKER.read_text()
    response = HttpResponse(script, content_type="text/javascript")
    response["Cache-Control"] = "no-cache, private"
    return response


@personal
@limits.misses("wrong_link")
@require_safe
def photo(request, token):
    """Their own photo, as it will stand on the badge."""
    return photos.answer(accrediting.photo_of(signup.find_by_token(token)))


@personal
@limits.misses("wrong_link")
@require_safe
def calendar_file(request, token):
    registration = signup.find_by_token(token)
    entry = calendar.of_person(registration, languages.current())
    return _file(entry, "text/calendar; charset=utf-8", "calendar.ics")


@personal
@limits.misses("wrong_link")
@require_safe
def data(request, token):
    """Everything that is kept of this person, as one file."""
    registration = signup.find_by_token(token)
    content = json.dumps(own_data.gather(registration), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()
    return _file(content, "application/json; charset=utf-8", f"registration-{registration.code}.json", "attachment")


def _file(content: bytes, content_type: str, name: str, disposition: str = "inline") -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response
