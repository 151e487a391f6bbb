"""Telephones and tablets at gates, and the staff who hold them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms import codes
from forum.checkin.models.gates import Gate


class DeviceQuerySet(models.QuerySet):
    def usable(self):
        """Those that a telephone holds and nobody has revoked."""
        return self.filter(revoked_at=None, paired_at__isnull=False)


class Device(models.Model):
    """A telephone or tablet that scans at one gate, by a token of its own. Comes and goes through ``devices``."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    gate = models.ForeignKey(Gate, models.CASCADE, related_name="devices", verbose_name=_("gate"))
    name = models.CharField(_("name"), max_length=60)
    # SHA-256 of the token that it holds, as hexadecimal figures; the token itself stands nowhere here.
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("paired by")
    )
    paired_at = models.DateTimeField(_("paired"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        permissions = [("pair_device", "Can pair a device with a gate, and revoke one")]
        constraints = [
            models.CheckConstraint(
                condition=Q(paired_at=None, token_hash=None) | Q(paired_at__isnull=False, token_hash__isnull=False),
                name="paired_devices_have_a_token",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def state(self) -> str:
        if self.revoked_at:
            return _("revoked")
        return _("paired") if self.paired_at else _("waits to be paired")


class DeviceVisit(models.Model):
    """When a device spoke to us last; apart from the device, whose history tells what staff did with it."""

    device = models.OneToOneField(Device, models.CASCADE, related_name="visit", primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))
    # When it last had what it needs without a network.
    synced_at = models.DateTimeField(_("last sync"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("visit of a device")
        verbose_name_plural = _("visits of devices")

    def __str__(self):
        return f"{self.device_id} {self.seen_at:%Y-%m-%d %H:%M}"


class Pin(models.Model):
    """By which one of the staff is told from others at a shared device; good for nothing else. See ``pins``."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pin")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("PIN")
        verbose_name_plural = _("PINs")

    def __str__(self):
        return self.code


class Shift(models.Model):
    """Somebody took a device over by PIN; its scans are theirs until another does."""

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    began_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")

    def __str__(self):
        return self.code
