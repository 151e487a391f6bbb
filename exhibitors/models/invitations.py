"""Invitations: how a person comes to act for an agency."""

from django.conf import settings
from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes
from exhibitors.models.agencies import Agency, Membership


def token() -> str:
    """27**24: more than 110 bits, so it cannot be guessed."""
    return codes.new(24)


class InvitationQuerySet(models.QuerySet):
    def unanswered(self):
        """Neither accepted nor revoked; perhaps expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self):
        """Those that can still be accepted."""
        return self.unanswered().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """One letter to one address: valid once, until it expires or is revoked."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="invitations", verbose_name=_("agency"))
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role.choices, default=Membership.Role.MANAGER)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    token = models.CharField(max_length=24, unique=True, default=token, editable=False)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("sent by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("accepted by")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_unanswered_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked_not_both"
            ),
        ]

    def __str__(self):
        return f"{self.email} · {self.agency}"

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.revoked_at and self.expires_at > timezone.now()

    @property
    @display(description=_("state"))
    def state(self) -> str:
        if self.accepted_at:
            return _("accepted")
        if self.revoked_at:
            return _("revoked")
        return _("open") if self.is_open else _("expired")
