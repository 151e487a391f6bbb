"""Devices at the gates, in the back office: pairing one by a QR, revoking one, who was here last."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.ui.tables import Column

from cms import qr
from cms.back_office import NOT_SHOWN, Question, ReadOnly, ask
from cms.fields import Line
from cms.privacy import personal
from forum.checkin import devices
from forum.checkin.models import Device, Gate

PERMISSION = "checkin.pair_device"
LIST = "wagtailsnippets_checkin_device:list"
ACTS = [
    ("checkin.prepare_device", gettext_lazy("Make a device ready"), gettext_lazy("Made a device ready to be paired")),
    ("checkin.pair_device", gettext_lazy("Pair a device"), gettext_lazy("A telephone became this device")),
    ("checkin.revoke_device", gettext_lazy("Revoke a device"), gettext_lazy("Revoked the device")),
    ("checkin.begin_shift", gettext_lazy("Take over a device"), gettext_lazy("Took the device over by PIN")),
    ("checkin.set_pin", gettext_lazy("Set a PIN"), gettext_lazy("Set a PIN")),
]


class DeviceViewSet(ReadOnly):
    model = Device
    icon = "mobile-alt"
    menu_label = gettext_lazy("Devices")
    list_display = [
        "name",
        "gate",
        Column("state", label=gettext_lazy("State")),
        "paired_at",
        "made_by",
        Column("seen", label=gettext_lazy("Last seen"), accessor="visit.seen_at"),
        Column("synced", label=gettext_lazy("Last sync"), accessor="visit.synced_at"),
    ]
    list_filter = ["gate__edition", "gate"]
    inspect_view_fields_exclude = [*NOT_SHOWN, "token_hash"]

    def get_queryset(self, request):
        return Device.objects.select_related("gate", "made_by", "visit")


class DeviceForm(forms.Form):
    name = Line(
        label=gettext_lazy("Name"), max_length=60,
        help_text=gettext_lazy("By which you know it again, such as “Red telephone”. Write it on the device too."),
    )  # fmt: skip


@permission_required(PERMISSION, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request, pk):
    """A device for this gate; then its QR."""
    gate = get_object_or_404(Gate, pk=pk)
    form = DeviceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = devices.prepare(gate=gate, user=request.user, **form.cleaned_data)
        return redirect("checkin_pair_device", device.pk)
    question = Question(
        title=_("Pair a device with %(gate)s") % {"gate": gate.name},
        text=_("It may scan badges at this gate, see the names of those who come there, and nothing else."),
        button=_("Show the QR code"),
        done="",
        icon="mobile-alt",
    )
    return render(request, "cms/back_office/act.html", {"form": form, "question": question, "back": LIST})


@personal
@permission_required(PERMISSION, raise_exception=True)
@require_safe
def pair(request, pk):
    """The QR that a telephone scans, anew each time it is shown; once it has served, it leads back to the list."""
    device = get_object_or_404(Device.objects.select_related("gate"), pk=pk, revoked_at=None)
    if device.paired_at:
        return redirect(LIST)
    link = settings.BASE_URL + reverse("device:pair", args=[devices.link_of(device)])
    context = {"device": device, "link": link, "minutes": devices.PAIRING.seconds // 60}
    context["qr"] = mark_safe(qr.svg(link, _("QR code that pairs the device")))  # drawn from the link alone
    return render(request, "checkin/back_office/pair.html", context)


@permission_required(PERMISSION, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request, pk):
    """For one that is lost, or no longer needed."""
    device = get_object_or_404(Device, pk=pk, revoked_at=None)
    question = Question(
        title=_("Revoke %(device)s") % {"device": device},
        text=_(
            "It is told nothing any more and forgets the names it has as soon as it reaches us. Scans that it has not sent "
            "yet are not taken from it: let it send them first where it is at hand."
        ),
        button=_("Revoke the device"),
        done=_("The device is revoked."),
        icon="warning",
        is_serious=True,
    )
    return ask(request, question, back=LIST, act=lambda: devices.revoke(device=device, user=request.user))
