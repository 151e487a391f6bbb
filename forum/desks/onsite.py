"""The floor staff's screens: find a person, print a badge, admit at a gate."""

from functools import wraps

from django.contrib.auth.decorators import login_required, permission_required
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms import caching, codes, limits, pdf
from cms.models import Edition
from cms.prepared import Prepared
from cms.privacy import personal
from forum.accounts.standing import asks_often
from forum.badges import batching, handing, printing
from forum.badges.models import Badge, not_yet_printed
from forum.checkin import admission, faces, recording
from forum.checkin.models import Gate, Scan, Way
from forum.desks.forms import AgainForm, HandForm, OverrideForm, SearchForm, UndoForm
from forum.payments import ordering
from forum.payments.models import Order
from forum.registration import accrediting, helping, photos
from forum.registration.honorifics import Form
from forum.registration.models import Registration

SHOWN = 30  # people on one screen of results
LATEST = 8  # scans listed at a gate
GATE_KEPT = 3  # seconds for which a process knows the rules of a gate


def may_watch(user) -> bool:
    """How the day goes, in figures that name nobody."""
    return user.has_perm("checkin.override_scan") or user.has_perm("checkin.view_gate")


def floor_staff(permission: str, desk: str):
    """Signed in and allowed: a stranger is asked to sign in, anybody else is refused. The history names the desk."""

    def decorate(view):
        @wraps(view)
        def at_desk(request, *args, **kwargs):
            request.desk = desk.format(**kwargs)
            return view(request, *args, **kwargs)

        return personal(login_required(permission_required(permission, raise_exception=True)(at_desk)))

    return decorate


@personal
@login_required
@require_safe
def home(request):
    """What this person may do on the floor."""
    edition = Edition.objects.current()
    may_print = request.user.has_perm("badges.add_badgeprint")
    may_help = request.user.has_perm("registration.view_accessneeds")
    gates = edition.gates.all() if edition and request.user.has_perm("checkin.add_scan") else []
    context = {"edition": edition, "may_print": may_print, "may_help": may_help, "gates": gates}
    may_override = request.user.has_perm("checkin.override_scan")
    context["flagged"] = recording.flagged(edition).count() if edition and may_override else None
    context["may_scan"] = request.user.has_perm("checkin.add_scan")
    context["may_watch"] = edition and may_watch(request.user)
    context["may_register"] = edition and request.user.has_perm("registration.register_registration")
    return render(request, "desks/onsite_home.html", context)


@floor_staff("registration.view_accessneeds", desk="help")
@require_safe
def help_list(request):
    """Who needs what in order to take part, in the order of names."""
    edition = Edition.objects.current()
    people = helping.list_of(edition) if edition else []
    totals = [
        (_("Wheelchair"), sum(needs.wheelchair for needs in people)),
        (_("Sign language"), sum(needs.sign_language for needs in people)),
        (_("Diet"), sum(bool(needs.diet) for needs in people)),
    ]
    return render(request, "desks/help.html", {"edition": edition, "people": people, "totals": totals})


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
@limits.limited("desk_search", when=limits.has_words)
def badges(request):
    """Finds people by name in either script, by code, or by the scan of the QR they were sent."""
    edition = Edition.objects.current()
    form = SearchForm(request.GET or None)
    people, words = [], ""
    if edition and form.is_valid():
        words = form.cleaned_data["q"]
        if exact := printing.find(edition=edition, typed=words):
            return redirect("onsite:person", exact.code)
        found = Registration.objects.of(edition).live().matching(words).with_names().in_order()
        people = list(found.annotate(is_unprinted=not_yet_printed())[: SHOWN + 1])
    context = {"edition": edition, "form": form, "words": words, "people": people[:SHOWN], "has_more": len(people) > SHOWN}
    return render(request, "desks/badges.html", context)


@floor_staff("badges.add_badgeprint", desk="badges")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, code):
    """One person; POST prints the badge, a second time only for a reason."""
    registration = find_person(code)
    form = None
    if request.method == "POST" and registration.is_coming:
        is_again = not Registration.objects.filter(not_yet_printed(), pk=registration.pk).exists()
        form = AgainForm(request.POST if is_again else {})
        if not is_again or form.is_valid():
            try:
                reason = form.cleaned_data["reason"] if is_again else ""
                return pdf.answer(_print(request, [registration], reason), f"badge-{registration.code}.pdf")
            except ValidationError as refusal:
                form.add_error(None, refusal)
    return show(request, registration, form=form)


def find_person(code) -> Registration:
    return get_object_or_404(Registration.objects.with_names(), code=codes.read(code))


def badge_of(registration) -> Badge | None:
    """That of the present holder."""
    return Badge.objects.current().filter(registration=registration, holder_no=registration.holder_no).first()


def show(request, registration, *, form=None, hand=None, undo=None):
    """The page of one person, with what was typed in one of its forms."""
    badge = badge_of(registration)
    prints = list(badge.prints.select_related("printed_by")) if badge else []
    handover = handing.standing(badge) if badge else None
    context = {
        "registration": registration,
        "edition": registration.edition,
        "honorific_en": registration.honorific_in("en"),
        "honorific_km": registration.honorific_in("km"),
        "spoken_en": registration.honorific_in("en", Form.SPEECH),
        "spoken_km": registration.honorific_in("km", Form.SPEECH),
        "agency_en": registration.agency_in("en"),
        "agency_km": registration.agency_in("km"),
        "zones": registration.pass_type.zones.all(),
        "has_photo": accrediting.has_photo(registration),
        "form": form or (AgainForm() if prints else None),
        "prints": prints,
        "place": batching.place_of(badge) if prints else None,
        "handover": handover,
        "hand": None if handover or not prints else hand or HandForm(),
        "refusals": hand.non_field_errors() if hand else [],
        "undo": (undo or UndoForm()) if handover else None,
        "entered": _first_entry(registration),
        "order": _order_of(request, registration),
    }
    has_errors = any(each and each.errors for each in (form, hand, undo))
    return render(request, "desks/person.html", context, status=422 if has_errors else 200)


def _order_of(request, registration) -> Order | None:
    """Of somebody who pays for themselves: for those who register people and are asked how that is done."""
    if not (registration.is_held and request.user.has_perm("registration.register_registration")):
        return None
    return ordering.order_of(registration)


def _first_entry(registration) -> Scan | None:
    """When and where the present holder came in, with whichever badge."""
    scans = Scan.objects.filter(badge__registration=registration, badge__holder_no=registration.holder_no)
    return scans.filter(way=Way.IN, refusal="").select_related("gate").order_by("scanned_at", "pk").first()


def _print(request, people, reason):
    return printing.print_badges(registrations=people, user=request.user, desk=request.desk, reason=reason)


@floor_staff("badges.add_badgeprint", desk="badges")
@require_safe
def photo(request, code):
    """To see that who stands there is who registered."""
    return photos.answer(accrediting.photo_of(get_object_or_404(Registration, code=codes.read(code))))


@asks_often
@floor_staff("checkin.add_scan", desk="gate {code}")
@require_http_methods(["GET", "HEAD", "POST"])
def gate(request, code):
    """One field that a scanner types into, and the verdict. POST answers at once: a reload refuses, harmlessly."""
    gate = _gate_or_404(code)
    way = request.POST.get("way") or request.GET.get("way") or Way.IN
    if typed := request.POST.get("code", "").replace("\x00", "")[:200].strip():
        verdict = admission.scan(gate=gate, typed=typed, way=way, user=request.user)
        return _say(request, gate, verdict, way)
    latest = Scan.objects.filter(gate=gate).select_related("badge__registration")[:LATEST]
    admitted = Scan.objects.filter(gate=gate, day=gate.edition.today, way=Way.IN, refusal="").count()
    context = {"gate": gate, "edition": gate.edition, "latest": latest, "admitted": admitted, "way": way}
    return render(request, "desks/gate.html", context)


@floor_staff("checkin.add_scan", desk="gate {code}")
@require_safe
def gate_photo(request, code, serial):
    """Of a guest of honour alone: of others the gate shows the name."""
    return photos.answer(faces.of(_gate_or_404(code).edition, codes.read(serial)))


@floor_staff("checkin.override_scan", desk="gate {code}")
@require_POST
def override(request, code):
    """A supervisor lets in whom this gate has just refused."""
    gate = _gate_or_404(code)
    form = OverrideForm(request.POST)
    refused = Scan.objects.filter(gate=gate, badge__serial=codes.read(request.POST.get("serial", ""))).exclude(refusal="")
    scan = refused.order_by("-scanned_at", "-pk").first()
    if scan is None:
        return redirect("onsite:gate", gate.code)
    verdict = admission.verdict_of(scan)
    if form.is_valid():
        try:
            verdict = admission.override(scan=scan, reason=form.cleaned_data["reason"], user=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return _say(request, gate, verdict, scan.way, form)


@floor_staff("checkin.override_scan", desk="flagged")
@require_safe
def flagged(request):
    """What devices decided without a network and we would not have: for the supervisor to look at."""
    edition = Edition.objects.current()
    rows = recording.flagged(edition) if edition else []
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    others = recording.beside([scan for scan in page if scan.flag == Scan.Refusal.AGAIN])
    flagged = [(scan, others.get((scan.badge_id, scan.day, scan.zone_id), [])) for scan in page]
    return render(request, "desks/flagged.html", {"edition": edition, "page": page, "flagged": flagged})


_gates = Prepared(lambda code: Gate.objects.select_related("edition", "zone").filter(code=code), code=str)


def _gate_or_404(code: str) -> Gate:
    """As it was some seconds ago at most, where pages are kept at all."""
    cache, key = caches["pages"], f"gate-{codes.read(code)}"
    gate = cache.get(key) if caching.is_on() else None
    if gate is None:
        gate = _gates.first(code=codes.read(code))
        cache.set(key, gate, GATE_KEPT)
    if gate is None:
        raise Http404("no such gate")
    return gate


def _say(request, gate, verdict, way, form=None):
    """What the gate says; a supervisor also sees how to let the person in nevertheless."""
    if verdict.may_be_overridden and request.user.has_perm("checkin.override_scan"):
        form = form or OverrideForm(initial={"serial": verdict.badge.serial})
    shows_photo = verdict.badge is not None and faces.is_shown(verdict.badge)
    context = {"gate": gate, "edition": gate.edition, "verdict": verdict, "way": way, "override": form}
    context["shows_photo"] = shows_photo
    return render(request, "desks/verdict.html", context, status=422 if form and form.errors else 200)
