"""Bookings: who has a booth, from the first hold to the release."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes
from exhibitors.models.agencies import Agency
from exhibitors.models.applications import Application
from exhibitors.models.floor import Booth, is_live


class BookingQuerySet(models.QuerySet):
    def live(self):
        """Those that keep others out now."""
        return self.filter(is_live())

    def shown_at(self, edition):
        """Those that the public may see: confirmed, of booths on the published plan."""
        return self.filter(state="confirmed", booth__edition=edition, booth__is_published=True)

    def overdue(self):
        """Holds past their time that nobody has lapsed yet."""
        return self.filter(state="held", held_until__lte=timezone.now())


class Booking(models.Model):
    """One agency's claim on one booth. Its state changes only through ``exhibitors.allocation``."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        CONFIRMED = "confirmed", _("confirmed")
        RELEASED = "released", _("released")
        LAPSED = "lapsed", _("lapsed")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    booth = models.ForeignKey(Booth, models.PROTECT, related_name="bookings", verbose_name=_("booth"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="bookings", verbose_name=_("agency"))
    # That which it answers: held, it is an offer, which its agency takes or leaves.
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, related_name="bookings", verbose_name=_("application")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    note = models.TextField(_("note for the organisers"), blank=True)
    # What the sign of the booth says where it is not the agency's name, as a pavilion's organiser has written it.
    fascia_en = models.CharField(_("English name on the fascia"), max_length=100, blank=True)
    fascia_km = models.CharField(_("Khmer name on the fascia"), max_length=100, blank=True)
    booked_at = models.DateTimeField(_("booked"), default=timezone.now)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("booked by")
    )
    held_until = models.DateTimeField(_("held until"), null=True)
    # Its agency has said yes, and has until then to pay: an order says what.
    awaits_payment = models.BooleanField(_("awaits payment"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("ended by")
    )
    reason = models.TextField(_("reason"), blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_at", "-pk"]
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        permissions = [("confirm_booking", "Can place agencies, confirm and release bookings")]
        constraints = [
            models.UniqueConstraint(
                fields=["booth"], condition=Q(state__in=["held", "confirmed"]), name="one_live_booking_per_booth"
            ),
            models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False, confirmed_at=None, ended_at=None)
                | Q(state="confirmed", confirmed_at__isnull=False, ended_at=None)
                | Q(state="released", ended_at__isnull=False)
                | Q(state="lapsed", held_until__isnull=False, confirmed_at=None, ended_at__isnull=False),
                name="booking_times_fit_its_state",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_live(self) -> bool:
        return self.state == self.State.CONFIRMED or (self.state == self.State.HELD and self.held_until > timezone.now())

    @property
    def has_ended(self) -> bool:
        """By an act: a hold whose time is over has not until somebody lapses it."""
        return self.state in (self.State.RELEASED, self.State.LAPSED)

    @property
    def is_held(self) -> bool:
        """Held, and its time is not over."""
        return self.state == self.State.HELD and self.is_live

    @property
    def is_offer(self) -> bool:
        """Held for its agency to take: it answers an application, or a pavilion's organiser gives the booth."""
        is_given = self.application_id is not None or self.booth.pavilion_id is not None
        return self.is_held and is_given and not self.awaits_payment

    @property
    def was_offered(self) -> bool:
        """It answers an application, and has not been accepted."""
        return self.application_id is not None and self.confirmed_at is None and not self.awaits_payment

    @property
    def on_sign(self) -> list[str]:
        """What stands on the sign of the booth, Khmer first where there is some."""
        return [name for name in (self.fascia_km or self.agency.name_km, self.fascia_en or self.agency.name_en) if name]

    @property
    def wish(self) -> int | None:
        """Which wish of its application it meets, from one."""
        return self.application.rank_of(self.booth) if self.application_id else None

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED
