"""What staff said of two registrations that look like one person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forum.registration.models.people import Registration


class DifferentPeople(models.Model):
    """Two registrations that are not one person, though they look so; they are not shown again."""

    first = models.ForeignKey(Registration, models.CASCADE, related_name="+")
    second = models.ForeignKey(Registration, models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        verbose_name = _("different people")
        verbose_name_plural = _("different people")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_word_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]

    def __str__(self):
        return f"{self.first_id} ≠ {self.second_id}"
