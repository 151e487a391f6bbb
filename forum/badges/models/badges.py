"""The code a person carries, who vouches for it, and each time it went to paper."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.models import Edition
from forum.badges import tokens
from forum.registration.models import Registration

# Where badges lie in the private store.
FOLDER = "badges"


def new_key_code() -> str:
    """Three characters: twenty thousand keys for all editions together."""
    return codes.new(tokens.KEY)


class SigningKeyQuerySet(models.QuerySet):
    def signing(self, edition: Edition):
        """The key that signs the badges of an edition now, if there is one."""
        return self.filter(edition=edition, retired_at=None)


class SigningKey(models.Model):
    """A pair of keys that vouches for the badges of one edition (ECDSA, P-256). Comes and goes through ``keys``."""

    code = models.CharField(_("code"), max_length=tokens.KEY, unique=True, default=new_key_code, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="signing_keys", verbose_name=_("edition"))
    # The point on the curve, uncompressed (X9.62), in Base64: what gates verify with.
    public = models.CharField(_("public key"), max_length=88)
    sealed = models.TextField(editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    # It signs no more; what it signed stays good.
    retired_at = models.DateTimeField(_("signed until"), null=True, editable=False)
    # What it signed is believed no more.
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = SigningKeyQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        permissions = [("rotate_signingkey", "Can let another key sign badges, and revoke one")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(retired_at=None), name="one_signing_key_per_edition"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None) | models.Q(retired_at__isnull=False), name="revoked_keys_sign_nothing"
            ),
        ]

    def __str__(self):
        return self.code


def new_serial() -> str:
    """Eleven characters of a 27-letter alphabet, 52 bits, and one that checks them: nobody guesses a badge."""
    return codes.checked(tokens.SERIAL)


class BadgeQuerySet(models.QuerySet):
    def valid(self):
        """Badges of people who still come, held by the person for whom they were made, that nothing has replaced."""
        coming = Registration.objects.coming()
        return self.current().filter(registration__holder_no=F("holder_no"), registration__in=coming)

    def current(self):
        """Those that no reprint has replaced, and whose key is not revoked."""
        return self.filter(revoked_at=None)


class Badge(models.Model):
    """One holder's badge. Another holder of the same registration gets another one, and this dies by itself; so does one
    that is printed again."""

    serial = models.CharField(max_length=tokens.SERIAL, unique=True, default=new_serial, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="badges")
    holder_no = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField(auto_now_add=True)
    # Since when another one, printed again, takes its place, or nothing vouches for it any more.
    revoked_at = models.DateTimeField(null=True, editable=False)
    # What was signed, once: the same badge is the same picture however often it is drawn.
    key = models.ForeignKey(SigningKey, models.PROTECT, null=True, related_name="badges", editable=False)
    signed_pass = models.CharField(max_length=tokens.PASS, blank=True, editable=False)
    signature = models.CharField(max_length=tokens.SIGNATURE, blank=True, editable=False)

    objects = BadgeQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "holder_no"], condition=models.Q(revoked_at=None), name="one_badge_per_holder"
            )
        ]

    def __str__(self):
        return self.serial

    @property
    def spoken(self) -> str:
        """The serial as it is printed, read aloud and typed: ABCD-EFGH-JKLM."""
        return "-".join(self.serial[start : start + 4] for start in range(0, len(self.serial), 4))

    @property
    def is_valid(self) -> bool:
        return self.was_valid(timezone.now())

    def was_valid(self, moment: datetime.datetime) -> bool:
        """As far as it is known: since when another badge takes its place is written down, since when another person is."""
        is_current = self.revoked_at is None or moment < self.revoked_at
        return is_current and self.holder_no == self.registration.holder_no and self.registration.is_coming

    @property
    def token(self) -> tokens.Token:
        """What its QR holds."""
        return tokens.Token(
            key=self.key.code,
            edition=self.registration.edition.code,
            pass_type=self.signed_pass,
            serial=self.serial,
            signature=self.signature,
        )


class BadgePrint(models.Model):
    """A badge went to paper: when, by whom, at which desk, and why again."""

    class Reason(models.TextChoices):
        LOST = "lost", _("Lost")
        DAMAGED = "damaged", _("Damaged or badly printed")
        CORRECTED = "corrected", _("Something on it was corrected")
        OTHER = "other", _("Another reason")

    badge = models.ForeignKey(Badge, models.CASCADE, related_name="prints", verbose_name=_("badge"))
    printed_at = models.DateTimeField(_("printed"), auto_now_add=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("printed by")
    )
    desk = models.CharField(_("desk"), max_length=40, blank=True)
    # Blank for the first time.
    reason = models.CharField(_("why again"), max_length=10, choices=Reason.choices, blank=True)

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-printed_at"]
        verbose_name = _("badge print")
        verbose_name_plural = _("badge prints")
        indexes = [models.Index(fields=["printed_at"], name="badge_print_by_time")]

    def __str__(self):
        return f"{self.badge_id} {self.printed_at:%Y-%m-%d %H:%M}"


def not_yet_printed():
    """Registrations whose present holder's badge never went to paper."""
    printed = BadgePrint.objects.filter(
        badge__registration=models.OuterRef("pk"), badge__holder_no=models.OuterRef("holder_no"), badge__revoked_at=None
    )
    return ~models.Exists(printed)


class KeptBadge(models.Model):
    """A badge drawn ahead, and by what it is told whether it would be drawn so again. Comes and goes through ``keeping``."""

    badge = models.OneToOneField(Badge, models.CASCADE, related_name="kept")
    digest = models.CharField(max_length=64)
    file = models.FileField(max_length=120)
    drawn_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        verbose_name = _("badge kept ready")
        verbose_name_plural = _("badges kept ready")

    def __str__(self):
        return f"{self.badge_id} {self.digest[:8]}"

    @staticmethod
    def new_name() -> str:
        return f"{codes.new(16).lower()}.pdf"

    def read(self) -> bytes | None:
        """None where the file is gone."""
        try:
            with self.file.open() as file:
                return file.read()
        except FileNotFoundError:
            return None
