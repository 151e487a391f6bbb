"""Delegations: the people whom an agency sends, and how many of each pass it may send."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms import codes
from cms.models import Edition, refuse_other_edition
from exhibitors.models import Agency, Entitlement, Membership
from forum.registration.models.passes import PassType


class DelegationQuerySet(models.QuerySet):
    def led_by(self, user):
        """Those whose focal point the user is: a member of the agency who may act for it."""
        mine = Membership.objects.filter(user=user, role=Membership.Role.MANAGER)
        return self.filter(agency__in=mine.values("agency")).select_related("edition", "agency")


class Delegation(ClusterableModel):
    """One agency at one edition."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="delegations", verbose_name=_("edition"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="delegations", verbose_name=_("agency"))
    note = models.TextField(
        _("note for the agency"), blank=True, max_length=1_000, help_text=_("It stands on the delegation's desk.")
    )
    closes_at = models.DateTimeField(
        _("people may be named until"), null=True, blank=True, help_text=_("Blank: until the forum is over.")
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "agency"]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [models.UniqueConstraint(fields=["edition", "agency"], name="one_delegation_per_agency")]

    def __str__(self):
        return f"{self.agency} ({self.edition.slug})"

    def clean(self):
        refuse_other_edition(self)

    @property
    def is_open(self) -> bool:
        """Whether people may still be named; they may withdraw later too."""
        return not self.edition.is_over and not (self.closes_at and self.closes_at <= timezone.now())


class Places(models.Model):
    """How many people of one pass a delegation may send. ``granted`` and ``taken`` change only through acts."""

    delegation = ParentalKey(Delegation, on_delete=models.CASCADE, related_name="places", verbose_name=_("delegation"))
    pass_type = models.ForeignKey(PassType, models.PROTECT, related_name="places", verbose_name=_("pass"))
    size = models.PositiveIntegerField(_("places"))  # that the organisers gave by hand
    granted = models.PositiveIntegerField(_("with packages and booths"), default=0, editable=False)
    # By people and by links that somebody may still use.
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pass_type__position", "pass_type"]
        verbose_name = _("places of a pass")
        verbose_name_plural = _("places")
        constraints = [
            models.UniqueConstraint(fields=["delegation", "pass_type"], name="places_of_each_pass_once"),
            models.CheckConstraint(
                condition=Q(taken__lte=F("size") + F("granted")),
                name="places_are_not_exceeded",
                violation_error_message=_("More places are taken than that."),
            ),
        ]

    def __str__(self):
        return f"{self.pass_type}: {self.total}"

    def save(self, **kwargs):
        """Of a row that is there only what people type: the others may have grown since it was read."""
        if not self._state.adding:
            kwargs.setdefault("update_fields", ["pass_type", "size"])
        super().save(**kwargs)

    @property
    def total(self) -> int:
        return self.size + self.granted

    @property
    def left(self) -> int:
        return self.total - self.taken


class Grant(models.Model):
    """So many of a delegation's places came with a sponsor's package, or with its booths where none is named. Changes only
    through ``registration.granting``."""

    places = models.ForeignKey(Places, models.PROTECT, related_name="grants", verbose_name=_("places"))
    entitlement = models.OneToOneField(Entitlement, models.PROTECT, null=True, related_name="grant", verbose_name=_("owed"))
    quantity = models.PositiveIntegerField(_("quantity"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("granted places")
        verbose_name_plural = _("granted places")
        constraints = [
            models.UniqueConstraint(fields=["places"], condition=Q(entitlement=None), name="places_of_booths_once"),
        ]

    def __str__(self):
        return f"{self.places} ({self.quantity})"
