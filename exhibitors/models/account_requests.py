"""Requests for an account: a body that nobody has invited asks, with a stamped letter."""

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cms import codes, countries
from cms.languages import Bilingual
from cms.models import Edition
from exhibitors.models.agencies import Agency
from exhibitors.models.invitations import token


def place_of_letter(request, filename: str) -> str:
    return f"account_letters/{request.edition.slug}/{filename}"


class AccountRequest(models.Model):
    """Who asks, for which body; its state changes only through ``exhibitors.admitting``."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        RETURNED = "returned", _("returned with a question")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="account_requests", verbose_name=_("edition"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    # Counted up by each change of what is asked, so that nobody decides on what they have not read.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # In the letters to who asks: it confirms the address and answers a question.
    token = models.CharField(max_length=24, unique=True, default=token, editable=False)

    name_en = models.CharField(_("name in English"), max_length=200)
    name_km = models.CharField(_("name in Khmer"), max_length=200, blank=True)
    name = Bilingual()
    kind = models.CharField(_("kind"), max_length=30, choices=Agency.Kind.choices)
    country = models.CharField(_("country"), max_length=2, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True, validators=[URLValidator(["https", "http"])])
    person = models.CharField(_("who asks"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    letter = models.FileField(_("stamped letter"), upload_to=place_of_letter, max_length=120, blank=True)

    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, editable=False)
    remark = models.TextField(_("the organisers’ word"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("decided by")
    )
    agency = models.ForeignKey(
        Agency, models.SET_NULL, null=True, related_name="account_requests", editable=False, verbose_name=_("agency")
    )
    # When letter and person were deleted; what was decided stays.
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("request for an account")
        verbose_name_plural = _("requests for an account")
        permissions = [("decide_accountrequest", "Can decide on requests for an account, and read their letters")]
        constraints = [
            # What nobody has confirmed may stand beside: a stranger may have written it.
            models.UniqueConstraint(
                "edition",
                "email",
                Lower("name_en"),
                condition=Q(state__in=["open", "returned"], confirmed_at__isnull=False) & ~Q(email=""),
                name="one_confirmed_request_per_address_and_body",
            ),
            models.CheckConstraint(condition=Q(state="open") | Q(decided_at__isnull=False), name="account_request_decided"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(confirmed_at__isnull=False), name="accepted_request_has_its_address"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "refused"]) | ~Q(remark=""), name="unfavourable_request_has_a_reason"
            ),
        ]

    def __str__(self):
        return self.code

    def get_country_display(self) -> str:
        return countries.name(self.edition_id, self.country)

    @property
    def is_decided(self) -> bool:
        return self.state in (self.State.ACCEPTED, self.State.REFUSED)

    @property
    def is_confirmed(self) -> bool:
        """Whether the address is theirs who ask."""
        return self.confirmed_at is not None
