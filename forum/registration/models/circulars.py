"""What staff wrote to many people at once, and what became of it for each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from post_office.models import Email

from cms.languages import Bilingual
from cms.models import Edition
from forum.registration.models.people import Registration


class Circular(models.Model):
    """One text in both languages, to a group of people of one edition as it was chosen then."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="circulars", verbose_name=_("edition"))
    chosen_by = models.TextField()
    subject_en = models.CharField(max_length=150)
    subject_km = models.CharField(max_length=150)
    subject = Bilingual()
    body_en = models.TextField()
    body_km = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("circular")
        verbose_name_plural = _("circulars")
        permissions = [("send_circular", "Can write to a group of people")]

    def __str__(self):
        return self.subject


class Recipient(models.Model):
    """One person of a circular, or the contact of one; the row is the promise that they get it, once."""

    class State(models.TextChoices):
        DUE = "due", _("Not yet written")
        WRITTEN = "written", _("Written")
        ON_PAPER = "paper", _("On paper only")
        LEFT_OUT = "left-out", _("Left out")

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="recipients")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="circulars")
    is_contact = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    # Forgotten with the mail; the row stays.
    email = models.ForeignKey(Email, models.SET_NULL, null=True, related_name="circulars")

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["circular", "registration", "is_contact"], name="one_circular_per_person")
        ]
        indexes = [models.Index(fields=["id"], name="circular_due", condition=models.Q(state="due"))]

    def __str__(self):
        return f"{self.circular_id} {self.registration_id}"
