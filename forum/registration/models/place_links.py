"""Links by which a person takes one place of a delegation."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms import codes
from forum.registration.models.delegations import Delegation
from forum.registration.models.passes import PassType
from forum.registration.models.people import Registration

signer = signing.Signer(salt="registration.place-link", sep="~")


class PlaceLinkQuerySet(models.QuerySet):
    def open(self):
        """Those that somebody may still use; each keeps its place."""
        return self.filter(used_at=None, revoked_at=None)


class PlaceLink(models.Model):
    """One place, kept for whoever opens the link first. Its state changes only through ``linking``."""

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="links", verbose_name=_("delegation"))
    pass_type = models.ForeignKey(PassType, models.PROTECT, related_name="place_links", verbose_name=_("pass"))
    note = models.CharField(_("note"), max_length=120, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, related_name="place_links")

    objects = PlaceLinkQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        verbose_name = _("link to a place")
        verbose_name_plural = _("links to places")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(used_at=None, registration=None), name="place_link_ends_one_way"
            )
        ]

    def __str__(self):
        return self.code

    @property
    def is_open(self) -> bool:
        return not (self.used_at or self.revoked_at)

    @property
    def token(self) -> str:
        return signer.sign(self.code)
