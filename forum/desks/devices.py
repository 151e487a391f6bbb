"""The gate on a telephone of its own: what it shows, and what it may ask us for."""

import json
from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms import codes, limits
from cms.origin import public_form
from cms.privacy import personal
from forum.checkin import devices
from forum.checkin.models import Pin

# What it shows instead of a session; its path keeps it from everything else.
COOKIE = "__Secure-device" if settings.SESSION_COOKIE_SECURE else "device"
PATH = "/onsite/device/"
COOKIE_DAYS = 60  # a forum and the weeks before it in which devices are made ready
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
    """A page for people; for the page's own script the status says it."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and request.method in {"GET", "HEAD"}:
        return render(request, "desks/device_unpaired.html", status=403)
    return JsonResponse({"error": "unpaired"}, status=403)


@of_device
@require_safe
def page(request):
    return render(request, "desks/device.html", {"device": request.device, "edition": request.device.gate.edition})


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
