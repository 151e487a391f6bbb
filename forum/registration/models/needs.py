"""What people need in order to take part."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from forum.registration.models.people import Registration


class AccessNeeds(models.Model):
    """Told voluntarily, to the help desk alone: in a table of its own, since it speaks of health and faith, and for the
    days of the forum only. Who needs nothing has no row."""

    registration = models.OneToOneField(Registration, models.CASCADE, primary_key=True, related_name="needs")
    wheelchair = models.BooleanField(_("wheelchair"), default=False)
    sign_language = models.BooleanField(_("sign language"), default=False)
    diet = models.CharField(_("diet"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True  # nobody asks where they are used

    class Meta:
        verbose_name = _("access needs")
        verbose_name_plural = _("access needs")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wheelchair=True) | models.Q(sign_language=True) | ~models.Q(diet=""),
                name="access_needs_say_something",
            )
        ]

    def __str__(self):
        return str(self.registration_id)
