"""Whether an edition writes letters for visas, and who asked for one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms import countries
from cms.languages import Bilingual
from cms.models import Edition
from forum.documents.models import IssuedDocument
from forum.registration.models import Registration


class VisaDesk(models.Model):
    """An edition without one writes no letters for visas."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="visa_desk", verbose_name=_("edition"))
    closes_on = models.DateField(_("may be asked for until"))
    note_en = models.TextField(_("what to know, in English"), max_length=600, blank=True)
    note_km = models.TextField(_("what to know, in Khmer"), max_length=600, blank=True)
    note = Bilingual()

    class Meta:
        verbose_name = _("desk for visas")
        verbose_name_plural = _("desks for visas")

    def __str__(self):
        return self.edition.slug

    @property
    def is_open(self) -> bool:
        return self.edition.today <= min(self.closes_on, self.edition.closes_on)


class VisaRequestQuerySet(models.QuerySet):
    def of(self, registration: Registration):
        """Of who holds the place now."""
        return self.filter(registration=registration, holder_no=registration.holder_no)

    def needless(self):
        """Of people who have left, were replaced or made nameless, and of forums that are over."""
        over = [edition.pk for edition in Edition.objects.all() if edition.is_over]
        staying = Registration.objects.coming().filter(erased_at=None).exclude(edition__in=over)
        return self.exclude(registration__in=staying, holder_no=F("registration__holder_no"))


class VisaRequest(models.Model):
    """What stands in the passport serves the letter alone, and is deleted after the forum or when the person leaves."""

    class State(models.TextChoices):
        ASKED = "asked", _("Being looked at")
        GRANTED = "granted", _("Letter written")
        REFUSED = "refused", _("Refused")

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="visa_requests", verbose_name=_("registration")
    )
    holder_no = models.PositiveSmallIntegerField(editable=False)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.ASKED)
    nationality = models.CharField(_("nationality"), max_length=2)
    passport_number = models.CharField(_("passport number"), max_length=30)
    born_on = models.DateField(_("birth date"))
    expires_on = models.DateField(_("the passport is valid until"))
    arrives_on = models.DateField(_("arrives on"))
    leaves_on = models.DateField(_("leaves on"))
    post = models.CharField(_("embassy or consulate"), max_length=120)
    # One more at each change: who decides says which they saw.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    asked_at = models.DateTimeField(_("asked"), auto_now=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("decided by")
    )
    reason = models.CharField(_("refused because"), max_length=300, blank=True)
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, null=True, editable=False, related_name="visa_request", verbose_name=_("document")
    )

    objects = VisaRequestQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["asked_at", "id"]
        verbose_name = _("request for a visa letter")
        verbose_name_plural = _("requests for visa letters")
        constraints = [
            models.UniqueConstraint(fields=["registration", "holder_no"], name="one_visa_request_per_holder"),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(document__isnull=False), name="granted_visa_has_a_letter"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="refused_visa_has_a_reason"),
        ]
        permissions = [("decide_visarequest", "Can decide on letters for visas")]

    def __str__(self):
        """The code: lists, logs and histories need no names."""
        return str(self.registration)

    def get_nationality_display(self) -> str:
        return countries.name(self.registration.edition_id, self.nationality)

    @property
    def is_asked(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_granted(self) -> bool:
        return self.state == self.State.GRANTED

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED
