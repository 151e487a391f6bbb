"""The gate on a telephone of its own: what it shows, and what it may ask us for."""

import datetime
import gzip
import json
import uuid
from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms import codes, limits, policy
from cms.origin import public_form
from cms.privacy import personal
from forum.checkin import carrying, devices, faces, recording
from forum.checkin.models import Pin, Scan
from forum.checkin.recording import Told
from forum.desks import device_files
from forum.registration import photos

# What it shows instead of a session; its path keeps it from everything else.
COOKIE = "__Secure-device" if settings.SESSION_COOKIE_SECURE else "device"
PATH = "/onsite/device/"
COOKIE_DAYS = 60  # a forum and the weeks before it in which devices are made ready
AT_ONCE = 200  # scans told in one go
TEXT = 200  # characters of anything that a device sends as a word


def of_device(view):
    """For whoever holds the token of a device; it is told what is its own and seen to have been here."""

    @personal
    @wraps(view)
    def guarded(request, *args, **kwargs):
        request.device = devices.find(request.COOKIES.get(COOKIE, ""))
        if request.device is None:
            return _unpaired(request)
        request.desk = f"gate {request.device.gate.code} {request.device.code}"
        devices.note_visit(request.device)
        return view(request, *args, **kwargs)

    return guarded


def _unpaired(request):
    """A page for people; to the page's own script the status says it."""
    if request.path == reverse("device:page"):
        return render(request, "desks/device_unpaired.html", status=403)
    return JsonResponse({"error": "unpaired"}, status=403)


@of_device
@require_safe
def page(request):
    """The shell, which knows nobody and no gate: it is kept on the device, and what it shows comes by script."""
    context = {
        "sheets": [static(name) for name in device_files.SHEETS],
        "script": static(device_files.SCRIPT),
        "reader": device_files.reader(),
        "refusals": Scan.Refusal.choices,
    }
    response = render(request, "desks/device.html", context)
    response["Permissions-Policy"] = policy.CAMERA
    return response


@require_safe
def worker(request):
    """The script that keeps the page on the device, with the list of what belongs to it."""
    response = HttpResponse(device_files.worker(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request):
    """By which a telephone installs the page."""
    address = reverse("device:page")
    said = {
        "id": address,
        "name": _("Gate"),
        "short_name": _("Gate"),
        "lang": get_language(),
        "start_url": f"{address}?language={get_language()}",
        "scope": address,
        "display": "standalone",
        "background_color": "#1d2566",
        "theme_color": "#1d2566",
        "icons": [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@personal
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request, link):
    """Asks first: whatever looks into links on the way must not use this one up."""
    device = devices.waiting(link)
    if request.method != "POST" or device is None:
        return render(request, "desks/device_pair.html", {"device": device}, status=200 if device else 404)
    try:
        device, token = devices.pair(link=link)
    except ValidationError:  # another telephone was faster
        return render(request, "desks/device_pair.html", {"device": None}, status=404)
    response = redirect("device:page")
    response.set_cookie(
        COOKIE, token, max_age=COOKIE_DAYS * 86_400, path=PATH,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


@public_form
@of_device
@require_POST
def begin_shift(request):
    """Somebody says who they are, by PIN."""
    said = read_json(request)
    pin = Pin.objects.filter(code=codes.read(word(said, "who"))).select_related("user").first()
    if pin is None:
        return JsonResponse({"error": "pin"}, status=422)
    if no := limits.refusal(request, "pin", pin.code):
        return limits.mark(JsonResponse({"error": "too_many", "sentence": no.message}), no.wait)
    try:
        shift = devices.begin_shift(device=request.device, pin=pin, typed=word(said, "pin"))
    except ValidationError as refusal:
        return JsonResponse({"error": "pin", "sentence": refusal.message}, status=422)
    return JsonResponse({"shift": shift.code, "name": str(pin.user)})


@of_device
@require_safe
def data(request):
    """What it needs without a network; nothing where it has that already."""
    written, version = carrying.load(request.device)
    devices.note_visit(request.device, is_sync=True)
    etag = f'"{version}"'
    if request.headers.get("If-None-Match") == etag:
        return _dated(HttpResponse(status=304, headers={"ETag": etag}))
    response = HttpResponse(written, content_type="application/json", headers={"ETag": etag, "Vary": "Accept-Encoding"})
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(response.content, compresslevel=4)
        response["Content-Encoding"] = "gzip"
    return _dated(response)


@of_device
@require_safe
def passed(request):
    """Who went through by other hands, since ``since`` (milliseconds by our clock)."""
    since = _moment(request.GET.get("since"))
    now = _milliseconds(timezone.now())
    return _dated(JsonResponse({"now": now, "passed": carrying.passed(request.device, since)}))


@of_device
@require_safe
def photo(request, serial):
    """Of a guest of honour, by the serial of the badge."""
    return photos.answer(faces.of(request.device.gate.edition, codes.read(serial)))


@public_form
@of_device
@require_POST
def scan(request):
    """Our verdict about one scan."""
    said = read_json(request)
    client_id, typed = _uuid(said.get("id")), word(said, "code")
    if client_id is None or not typed:
        return JsonResponse({"error": "incomplete"}, status=422)
    verdict = recording.ask(
        device=request.device, client_id=client_id, typed=typed, way=word(said, "way"), shift=word(said, "shift")
    )
    return _dated(JsonResponse(_said(verdict)))


@public_form
@of_device
@require_POST
def scans(request):
    """Takes over what the device decided alone. Says which scans it need not tell again: those that are kept, and those
    that no script of ours wrote."""
    said = read_json(request)
    told, strange = [], []
    rows = said.get("scans")
    for row in rows[:AT_ONCE] if isinstance(rows, list) else []:
        one = _told(row, said.get("now")) if isinstance(row, dict) else None
        told.append(one) if one else strange.append(row.get("id") if isinstance(row, dict) else None)
    kept = recording.record(device=request.device, told=told)
    done = [str(scan.client_id) for scan in kept]
    return _dated(JsonResponse({"done": done + strange, "flagged": sum(bool(scan.flag) for scan in kept)}))


def _said(verdict) -> dict:
    """What the guard is shown."""
    said = {"refusal": verdict.scan.refusal}
    if verdict.badge:
        pass_type = verdict.badge.registration.pass_type
        said |= {"km": verdict.name_km, "en": verdict.name_en, "pass": pass_type.code, "serial": verdict.badge.serial}
    if verdict.before:
        gate = verdict.before.gate
        said["before"] = {
            "at": _milliseconds(verdict.before.scanned_at),
            "en": gate.name_en,
            "km": gate.name_km or gate.name_en,
        }
    return said


def _told(row: dict, now) -> Told | None:
    """One scan as the device tells it; its clock is set right by what it thought the time was when it spoke."""
    client_id, at, theirs = _uuid(row.get("id")), _moment(row.get("at")), _moment(now)
    left, refusal = row.get("left"), word(row, "refusal")
    if client_id is None or at is None or theirs is None or (refusal and refusal not in Scan.Refusal.values):
        return None
    return Told(
        client_id=client_id,
        typed=word(row, "code"),
        way=word(row, "way"),
        scanned_at=recording.bounded(at + (timezone.now() - theirs)),
        refusal=refusal,
        shift=word(row, "shift"),
        left=left if isinstance(left, int) and 0 <= left < 1_000 else 0,
    )


def _dated(response):
    """By this a device knows how wrong its own clock is."""
    response["X-Now"] = str(_milliseconds(timezone.now()))
    return response


def _milliseconds(moment: datetime.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(said) -> datetime.datetime | None:
    """Milliseconds since 1970, as browsers count; None where it is no moment of this century."""
    try:
        number = float(said)
        return datetime.datetime.fromtimestamp(number / 1000, datetime.UTC) if 1e12 < number < 4e12 else None
    except (TypeError, ValueError):
        return None


def _uuid(said) -> uuid.UUID | None:
    try:
        return uuid.UUID(said)
    except (TypeError, ValueError, AttributeError):
        return None


def read_json(request) -> dict:
    """What a script sent; nothing where it is no object of JSON."""
    try:
        said = json.loads(request.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def word(said: dict, name: str) -> str:
    """A word of what was sent, as far as it is one."""
    value = said.get(name)
    return value.replace("\x00", "")[:TEXT].strip() if isinstance(value, str) else ""
