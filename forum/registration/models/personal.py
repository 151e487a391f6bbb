"""Personal invitations: one person, one pass, one use."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes, khmer
from cms.models import Edition
from cms.searching import SearchableQuerySet
from exhibitors.models import Agency
from forum.registration import honorifics
from forum.registration.honorifics import Form
from forum.registration.models.access import AccessCode
from forum.registration.models.naming import key_of_name
from forum.registration.models.passes import PassType
from forum.registration.models.people import Registration

signer = signing.Signer(salt="registration.personal-invitation", sep="~")
CHANGED_BY_ACTS = {
    "id", "code", "pass_type", "access_code", "email", "epoch", "made_at", "sent_at", "opened_at", "used_at",
    "registration", "revoked_at", "erased_at",
}  # fmt: skip


class PersonalInvitationQuerySet(SearchableQuerySet):
    def open(self):
        """Neither used nor revoked; whether the time is over is for ``PersonalInvitation.is_open`` to say. Asks this table
        alone, so that a conditional UPDATE looks again at a row for which it had to wait."""
        return self.filter(used_at=None, revoked_at=None)

    def in_state(self, state: str):
        """As ``PersonalInvitation.state`` says it of one row."""
        over = Q(access_code__valid_until__lte=timezone.now())
        State = self.model.State
        if state == State.EXPIRED:
            return self.open().filter(over)
        if state in {State.USED, State.REVOKED}:
            return self.exclude(**{f"{state}_at": None})
        running = self.open().exclude(over)
        if state == State.OPENED:
            return running.exclude(opened_at=None)
        return running.filter(opened_at=None, sent_at__isnull=state == State.MADE)

    def with_names(self):
        """Everything that a list, a letter or the form shows, in one query."""
        return self.select_related("access_code", "pass_type__edition", "agency", "registration")


class PersonalInvitation(models.Model):
    """A code of one use, bound to the person for whom it was made. Its state changes only through ``personal_inviting``."""

    class State(models.TextChoices):
        MADE = "made", _("Not sent yet")
        SENT = "sent", _("Sent or printed")
        OPENED = "opened", _("Opened")
        USED = "used", _("Used")
        REVOKED = "revoked", _("Revoked")
        EXPIRED = "expired", _("Expired")

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    pass_type = models.ForeignKey(
        PassType, models.PROTECT, editable=False, related_name="personal_invitations", verbose_name=_("pass")
    )
    # What limits the use, to one and in time; nobody types it.
    access_code = models.OneToOneField(
        AccessCode, models.PROTECT, editable=False, related_name="personal_invitation", verbose_name=_("access code")
    )
    honorific = models.CharField(_("form of address"), max_length=120, blank=True)
    get_honorific_display = honorifics.shown
    name_latin = models.CharField(_("name in Latin letters"), max_length=120)
    name_km = models.CharField(_("name in Khmer"), max_length=120, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="personal_invitations", verbose_name=_("agency")
    )
    agency_name = models.CharField(_("agency, as typed"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address of the person or the contact"), blank=True, editable=False)
    language = models.CharField(_("language of messages"), max_length=2, choices=settings.LANGUAGES, default="km")
    # One more each time it goes to another address: the link before then no longer opens.
    epoch = models.PositiveSmallIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    sent_at = models.DateTimeField(_("last sent or printed"), null=True, editable=False)
    opened_at = models.DateTimeField(_("first opened"), null=True, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)
    registration = models.ForeignKey(
        Registration, models.PROTECT, null=True, editable=False, related_name="personal_invitations",
        verbose_name=_("registration"),
    )  # fmt: skip
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = PersonalInvitationQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-id"]
        verbose_name = _("personal invitation")
        verbose_name_plural = _("personal invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(used_at=None, registration=None), name="personal_invitation_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(registration=None) | Q(used_at__isnull=False), name="personal_invitation_used_at_a_time"
            ),
        ]

    def __str__(self):
        """The code: lists, logs and histories need no names."""
        return self.code

    def save(self, **kwargs):
        """Of a row that is there only what people type: an act may have changed the rest since it was read."""
        self.honorific = honorifics.normal(self.honorific)
        agencies = self.agency_in("en"), self.agency_in("km")
        words = [self.name_latin, self.name_km, *agencies, self.contact_name, self.email, self.code]
        self.search_text = khmer.fold(" ".join(words))
        self.sort_key = khmer.sort_key(self.name_latin)
        if not self._state.adding:
            columns = {field.name for field in self._meta.concrete_fields}
            kwargs.setdefault("update_fields", columns - CHANGED_BY_ACTS)
        super().save(**kwargs)

    @property
    def edition(self) -> Edition:
        return self.pass_type.edition

    @property
    def is_open(self) -> bool:
        return not (self.used_at or self.revoked_at or self.access_code.is_expired)

    @property
    def state(self) -> State:
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        if self.access_code.is_expired:
            return self.State.EXPIRED
        if self.opened_at:
            return self.State.OPENED
        return self.State.SENT if self.sent_at else self.State.MADE

    @property
    def state_written(self) -> str:
        return self.state.label

    @property
    def token(self) -> str:
        """What opens the form: the code and the link's epoch, signed."""
        return signer.sign(f"{self.code}.{self.epoch}")

    @property
    def short_code(self) -> str:
        return f"{self.code[:5]}-{self.code[5:]}"

    def is_of(self, registration: Registration) -> bool:
        """Whether that is the person who was invited, and not somebody to whom the link was handed on."""
        return not self.erased_at and key_of_name(self.name_latin) == key_of_name(registration.name_latin)

    def addressed_in(self, language: str, form: Form = Form.LETTER) -> str:
        """The name in the script of ``language`` with what stands before it."""
        name = (language == "km" and self.name_km) or self.name_latin
        return " ".join(filter(None, [honorifics.written(self.honorific, language, form), name]))

    def agency_in(self, language: str) -> str:
        if self.agency_id is None:
            return self.agency_name
        return getattr(self.agency, f"name_{language}") or self.agency.name_en
