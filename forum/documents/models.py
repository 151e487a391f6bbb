"""Papers as they were issued: what they were, for whom, the digest of their bytes, and whether they still hold."""

from django.conf import settings
from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.addresses import absolute
from cms.languages import Bilingual
from cms.models import Edition

FOLDER = "issued"  # Wagtail keeps its own in “documents”
# 27 to the sixteenth is 76 bits: nobody finds one by trying. The last character checks the others.
LENGTH = 17


def new_code() -> str:
    return codes.checked(LENGTH)


class IssuedDocumentQuerySet(models.QuerySet):
    def of_people(self):
        """Without those about money, which are in the books: finance alone reads them, where the orders are."""
        money = (IssuedDocument.Kind.INVOICE, IssuedDocument.Kind.RECEIPT, IssuedDocument.Kind.CREDIT)
        return self.exclude(kind__in=money)


class IssuedDocument(models.Model):
    """One paper. Its row stays when the person is forgotten: then it names nobody, and its bytes are gone."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Letter of invitation")
        VISA = "visa", _("Letter for a visa")
        CERTIFICATE = "certificate", _("Certificate of attendance")
        INVOICE = "invoice", _("Invoice")
        RECEIPT = "receipt", _("Receipt")
        CREDIT = "credit", _("Credit note")

    class State(models.TextChoices):
        CURRENT = "current", _("Valid")
        REPLACED = "replaced", _("Replaced by a newer one")
        REVOKED = "revoked", _("Revoked")

    code = models.CharField(_("code"), max_length=LENGTH, unique=True, default=new_code, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="documents", verbose_name=_("edition"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=40, blank=True)
    # For whom, in no more words than a check needs; blank once the person was forgotten.
    holder_en = models.CharField(_("for, in English"), max_length=200, blank=True)
    holder_km = models.CharField(_("for, in Khmer"), max_length=200, blank=True)
    holder = Bilingual()
    # Of everything that it says, so that asking again for the same paper gives the same bytes.
    says = models.CharField(max_length=64, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True, editable=False)
    file = models.FileField(_("file"), upload_to=f"{FOLDER}/%Y/%m/", blank=True, editable=False)
    issued_at = models.DateTimeField(_("issued"), auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("issued by")
    )
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="replaces", verbose_name=_("replaced by")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    reason = models.CharField(_("revoked because"), max_length=200, blank=True)

    objects = IssuedDocumentQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-issued_at", "-id"]
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        constraints = [
            models.CheckConstraint(condition=Q(revoked_at=None) | ~Q(reason=""), name="revoked_document_has_a_reason"),
        ]
        permissions = [("revoke_issueddocument", "Can revoke an issued document")]

    def __str__(self):
        """The code: lists, logs and histories need no names."""
        return self.code

    @property
    @display(description=_("state"))
    def state(self) -> str:
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.REPLACED if self.replaced_by_id else self.State.CURRENT

    @property
    def state_label(self) -> str:
        return self.State(self.state).label

    @property
    def is_current(self) -> bool:
        return self.state == self.State.CURRENT

    @property
    @display(description=_("code"))
    def written_code(self) -> str:
        """In groups, as it is read off paper and typed."""
        return "-".join(self.code[start : start + 4] for start in range(0, LENGTH - 1, 4)) + self.code[-1]

    @property
    def link(self) -> str:
        """What its QR says."""
        return link_of(self.code)

    def read(self) -> bytes:
        with self.file.open() as file:
            return file.read()


def link_of(code: str) -> str:
    """The address at which a stranger checks the paper; without a language, which is the reader's own."""
    return absolute(reverse("verify:document", args=[code]))
