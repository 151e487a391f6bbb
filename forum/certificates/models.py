"""Whose certificate a paper is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from forum.documents.models import IssuedDocument
from forum.registration.models import Registration


class Certificate(models.Model):
    """The newest one of who holds the place; another holder gets one of their own."""

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="certificates", verbose_name=_("registration")
    )
    holder_no = models.PositiveSmallIntegerField()
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, related_name="certificate", verbose_name=_("issued document")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("certificate of attendance")
        verbose_name_plural = _("certificates of attendance")
        constraints = [
            models.UniqueConstraint(fields=["registration", "holder_no"], name="one_certificate_per_holder"),
        ]

    def __str__(self):
        return f"{self.registration_id} {self.holder_no}"
