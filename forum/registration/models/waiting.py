"""Places offered to people who wait for one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.registration.models.people import Registration


class OfferQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Offer.State.OPEN)

    def overdue(self):
        return self.open().filter(until__lte=timezone.now())


class Offer(models.Model):
    """A place kept for one person until ``until``; it is taken from the quotas of the pass while it is open."""

    class State(models.TextChoices):
        OPEN = "open", _("Offered")
        TAKEN = "taken", _("Taken")
        LAPSED = "lapsed", _("Lapsed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="offers", verbose_name=_("registration"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    offered_at = models.DateTimeField(_("offered"), auto_now_add=True)
    until = models.DateTimeField(_("kept until"))
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = OfferQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-offered_at", "-id"]
        verbose_name = _("offer of a place")
        verbose_name_plural = _("offers of places")
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(state="open"), name="one_open_offer_per_person"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="offer_ended_when_not_open",
            ),
        ]
        indexes = [models.Index(fields=["until"], name="offer_by_deadline", condition=Q(state="open"))]

    def __str__(self):
        return str(self.registration)
