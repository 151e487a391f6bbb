"""When exhibitors build their booths up and take them down: times at the doors of a hall, each for so many of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.refusals import beside
from exhibitors.models.bookings import Booking
from exhibitors.models.counted import Counted
from exhibitors.models.floor import Hall


class MoveSlot(Counted):
    """A time at one door of a hall. ``taken`` changes only through ``exhibitors.readiness.moving``."""

    class Kind(models.TextChoices):
        BUILD_UP = "build_up", _("build-up")
        TEAR_DOWN = "tear_down", _("tear-down")

    MOST = "size"
    TOO_FEW = _("More booths have this time than that.")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="move_slots", verbose_name=_("hall"))
    kind = models.CharField(_("what for"), max_length=10, choices=Kind.choices, default=Kind.BUILD_UP)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    door = models.CharField(_("door or dock"), max_length=40, help_text=_("As on the sign, such as Dock 2."))
    size = models.PositiveSmallIntegerField(_("booths at once"), default=4)
    taken = models.PositiveSmallIntegerField(_("taken"), default=0, editable=False)
    choose_until = models.DateTimeField(
        _("chosen until"), null=True, blank=True, help_text=_("Blank: exhibitors choose and change until it begins.")
    )

    class Meta:
        ordering = ["hall", "kind", "starts_at", "door"]
        verbose_name = _("move-in time")
        verbose_name_plural = _("move-in times")
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "kind", "starts_at", "door"],
                name="one_move_slot_per_door_and_time",
                violation_error_message=_("This door has a time that begins then already."),
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("size")),
                name="move_slot_is_not_exceeded",
                violation_error_message=_("More booths have this time than that."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="move_slot_ends_after_it_begins",
                violation_error_message=_("The end comes before the beginning."),
            ),
        ]

    def __str__(self):
        begins, ends = (moment.astimezone(self.hall.edition.zone) for moment in (self.starts_at, self.ends_at))
        return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M} · {self.door}"

    def clean(self):
        """Booths have it at this hall, and one time of each kind."""
        super().clean()
        if not self.taken:
            return
        before = MoveSlot.objects.get(pk=self.pk)
        for field, is_other in (("hall", before.hall_id != self.hall_id), ("kind", before.kind != self.kind)):
            if is_other:
                raise beside(field, _("Booths have this time: set up another one instead."), "taken")

    @property
    def last_moment(self):
        """Until then exhibitors choose it, and leave it for another."""
        return self.choose_until or self.starts_at

    @property
    def is_open(self) -> bool:
        return self.last_moment > timezone.now()


class MoveChoice(models.Model):
    """Which time a booth has; one for each kind."""

    slot = models.ForeignKey(MoveSlot, models.PROTECT, related_name="choices", verbose_name=_("time"))
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="move_choices", verbose_name=_("booking"))
    kind = models.CharField(max_length=10, choices=MoveSlot.Kind.choices)
    chosen_at = models.DateTimeField(_("chosen"), auto_now=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("chosen by")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["slot", "booking"]
        verbose_name = _("choice of a move-in time")
        verbose_name_plural = _("choices of move-in times")
        constraints = [models.UniqueConstraint(fields=["booking", "kind"], name="one_move_choice_per_kind")]

    def __str__(self):
        return f"{self.booking} · {self.slot_id}"
