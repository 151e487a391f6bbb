"""When and where a session takes place."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agenda.models.rooms import Room
from agenda.models.sessions import Session
from cms.models import Edition


class SlotQuerySet(models.QuerySet):
    def public(self, edition: Edition):
        """The working programme as anybody may see it, cancelled slots included: they say so."""
        return self.filter(session__in=Session.objects.public(edition)).order_by(
            "starts_at", "room__position", "room__sort_key", "room__name_en", "session__code"
        )

    def with_sessions(self):
        """All that a list or a calendar shows, in two queries more than one."""
        return self.select_related("room", "session__track").prefetch_related("session__roles__speaker")

    def on_day(self, edition: Edition, day: datetime.date):
        ends = edition.start_of(day + datetime.timedelta(days=1))
        return self.filter(starts_at__gte=edition.start_of(day), starts_at__lt=ends)

    def matching(self, words: str):
        """Slots of sessions that hold all of ``words``."""
        return self.filter(session__in=Session.objects.matching(words))

    def overlapping(self, starts_at: datetime.datetime, ends_at: datetime.datetime):
        return self.filter(is_cancelled=False, starts_at__lt=ends_at, ends_at__gt=starts_at)


class Slot(models.Model):
    """Room, beginning and end of a session; it changes through ``agenda.scheduling`` and imports alone."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="slots", verbose_name=_("session"))
    room = models.ForeignKey(Room, models.PROTECT, related_name="slots", verbose_name=_("room"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    follows_source = models.BooleanField(
        default=True, editable=False, help_text=_("An import may change it: no organiser has decided otherwise.")
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        indexes = [models.Index(fields=["room", "starts_at"], name="slot_room_starts_at")]
        constraints = [
            models.UniqueConstraint(fields=["session"], name="one_slot_per_session"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="slot_ends_after_it_begins",
                violation_error_message=_("A session ends after it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.session.code} {self.starts_at:%Y-%m-%d %H:%M}"

    def clean(self):
        if self.session.edition_id != self.room.edition_id:
            raise ValidationError(_("This room belongs to another edition."), code="other_edition")
