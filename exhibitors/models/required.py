"""Documents that exhibitors send before the doors open: what is asked, and what came."""

from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from exhibitors.models.agencies import Agency
from exhibitors.models.floor import Booth

VERSIONS = 20  # of one document of one agency


class RequiredDocument(models.Model):
    """One document that the organisers ask of some or all exhibitors of an edition."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="required_documents", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=100)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    about_en = models.TextField(_("explanation in English"), blank=True, max_length=2_000)
    about_km = models.TextField(_("explanation in Khmer"), blank=True, max_length=2_000)
    about = Bilingual()
    fitting = models.CharField(
        _("of booths"),
        max_length=10,
        choices=Booth.Fitting.choices,
        blank=True,
        help_text=_("Blank: of every booth, whatever its fitting."),
    )
    kind = models.CharField(
        _("of agencies"), max_length=30, choices=Agency.Kind.choices, blank=True, help_text=_("Blank: of every kind.")
    )
    due_on = models.DateField(_("due"), null=True, blank=True, help_text=_("The last day on which it is in time."))
    needs_approval = models.BooleanField(
        _("needs approval"), default=True, help_text=_("Otherwise it is done as soon as it is sent.")
    )
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        ordering = ["edition", "position", "name_en"]
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
        constraints = [models.UniqueConstraint(fields=["edition", "name_en"], name="one_required_document_per_name")]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)

    def is_asked_of(self, agency: Agency, booths: list[Booth]) -> bool:
        """Of who has these booths."""
        return self.kind in ("", agency.kind) and any(self.fitting in ("", booth.fitting) for booth in booths)


class SentDocumentQuerySet(models.QuerySet):
    def latest(self):
        """Of each document of each agency the version that counts."""
        same = SentDocument.objects.filter(required=OuterRef("required"), agency=OuterRef("agency"))
        return self.filter(version=Subquery(same.order_by("-version").values("version")[:1]))


def place_of_file(document, name: str) -> str:
    """A name of ours: what the sender called the file stays with the sender."""
    return f"exhibitors/{document.required.code}/{codes.new(16).lower()}{PurePath(name).suffix.lower()}"


class SentDocument(models.Model):
    """One version of a required document of one agency. Its state changes only through ``exhibitors.readiness.sending``."""

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("returned")
        WAIVED = "waived", _("not needed")

    required = models.ForeignKey(RequiredDocument, models.PROTECT, related_name="sent", verbose_name=_("document"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="sent_documents", verbose_name=_("agency"))
    version = models.PositiveSmallIntegerField(_("version"))  # from one
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SENT)
    file = models.FileField(_("file"), upload_to=place_of_file, max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("sent by")
    )
    remark = models.TextField(_("the organisers’ word"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    # When the file was deleted; what was decided stays.
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = SentDocumentQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("document of an exhibitor")
        verbose_name_plural = _("documents of exhibitors")
        permissions = [("decide_sentdocument", "Can approve, return and waive documents of exhibitors")]
        constraints = [
            models.UniqueConstraint(fields=["required", "agency", "version"], name="one_document_per_version"),
            models.CheckConstraint(
                condition=Q(state="waived", file="")
                | (~Q(state="waived") & (Q(file="", erased_at__isnull=False) | ~Q(file="") & Q(erased_at=None))),
                name="sent_document_has_a_file",
            ),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(remark=""), name="returned_document_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="sent", decided_at=None) | (~Q(state="sent") & Q(decided_at__isnull=False)),
                name="document_decided_when_its_state_says",
            ),
        ]

    def __str__(self):
        return f"{self.required} · {self.agency} ({self.version})"

    @property
    def is_decidable(self) -> bool:
        return self.state == self.State.SENT and self.required.needs_approval
