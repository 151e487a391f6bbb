"""The people registered."""

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms import codes, khmer, languages
from cms.models import Edition
from cms.searching import SearchableQuerySet
from exhibitors.models import Agency
from forum.registration import honorifics
from forum.registration.honorifics import Form
from forum.registration.models.access import AccessCode
from forum.registration.models.approvals import Step
from forum.registration.models.delegations import Delegation
from forum.registration.models.guests import Guest
from forum.registration.models.naming import key_of_khmer_name, key_of_name, key_of_person, sound_of_name
from forum.registration.models.passes import PassType
from forum.registration.models.receiving import THEMSELVES, Receiver, Receives, Role, received_by

own_page = signing.Signer(salt="registration.own-page", sep="~")


ENDED = ["withdrawn", "refused"]


class RegistrationQuerySet(SearchableQuerySet):
    def live(self):
        """Who has not left: people with a place, and those who wait for one."""
        return self.exclude(state__in=ENDED)

    def coming(self):
        """Who has a place, and so a badge."""
        return self.filter(state=Registration.State.CONFIRMED)

    def reached_themselves(self):
        """Whom a message reaches without a contact who hands it on."""
        return self.filter(THEMSELVES)

    def received_by(self, address: str):
        """Of whom messages go to ``address``: their own, or that of who acts for them."""
        return self.filter(received_by(address.strip().lower()))

    def of(self, edition: Edition):
        return self.filter(edition=edition)

    def agencies(self):
        """The bodies that these people are of: asked of each body, of which there are few, and not of each person."""
        return Agency.objects.filter(Exists(self.order_by().filter(agency=OuterRef("pk"))))

    def in_order(self):
        """By the names in the script that the reader sees first, in its dictionary's order."""
        return self.order_by("sort_key_km" if languages.current() == "km" else "sort_key", "pk")

    def with_names(self):
        """Everything that a list or a badge shows, in one query."""
        return self.select_related("pass_type", "agency", "edition")


CHANGED_BY_ACTS = {
    "merged_into",
    "merged_epoch",
    "id",
    "code",
    "state",
    "holder_no",
    "epoch",
    "registered_at",
    "link_sent_at",
    "erased_at",
    "namesake_no",
    "pass_type",
    "access_code",
    "priority",
    "waiting_since",
    "delegation",
    "external_key",
    "row_key",
    "awaits",
    "round",
    "approved_state",
    "coming",
    "guest",
    "is_companion",
}


class Registration(models.Model):
    """One person at one edition."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        WAITING = "waiting", _("On the waiting list")
        APPLIED = "applied", _("Awaiting approval")
        HELD = "held", _("Awaiting payment")
        REFUSED = "refused", _("Not approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Coming(models.TextChoices):
        ASKED = "asked", _("Asked, no answer yet")
        YES = "yes", _("Says they come")

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="registrations", verbose_name=_("edition"))
    pass_type = models.ForeignKey(PassType, models.PROTECT, related_name="registrations", verbose_name=_("pass"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CONFIRMED, editable=False)
    # Codes of ``honorifics`` with blanks between.
    honorific = models.CharField(_("form of address"), max_length=120, blank=True)
    get_honorific_display = honorifics.shown
    name_latin = models.CharField(_("name in Latin letters"), max_length=120)
    name_km = models.CharField(_("name in Khmer"), max_length=120, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    # Given by staff and never asked of people: whom the protocol places before whom. 1 is the highest.
    protocol_rank = models.PositiveSmallIntegerField(
        _("protocol rank"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("1 is the highest. It stands on no badge, and people are not asked for it."),
    )  # fmt: skip
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("agency")
    )
    agency_name = models.CharField(_("agency, as typed"), max_length=200, blank=True)
    # Where neither the person nor a contact has one, a letter on paper does what mail does for others.
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    # Who acts for the person; ``receives`` says to whom of the two is written.
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_role = models.CharField(_("contact’s role"), max_length=10, choices=Role.choices, blank=True)
    contact_email = models.EmailField(_("contact’s e-mail address"), blank=True)
    contact_phone = models.CharField(_("contact’s telephone"), max_length=30, blank=True)
    # Blank: the person's.
    contact_language = models.CharField(_("contact’s language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    receives = models.CharField(_("who receives messages"), max_length=10, choices=Receives.choices, default=Receives.PERSON)
    language = models.CharField(_("language of messages"), max_length=2, choices=settings.LANGUAGES, default="en")
    # The code of which one use was taken; who leaves gives it back.
    access_code = models.ForeignKey(
        AccessCode, models.PROTECT, null=True, editable=False, related_name="registrations", verbose_name=_("access code")
    )
    # Those with more are offered a place first, then those who have waited longer; nobody is offered one without a time.
    priority = models.SmallIntegerField(_("priority on the waiting list"), default=0, editable=False)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, editable=False)
    # The office whose word is due, in which round, and what the place becomes after the last yes.
    awaits = models.CharField(_("awaits"), max_length=10, choices=Step.choices, blank=True, editable=False)
    round = models.PositiveSmallIntegerField(_("round of approval"), default=1, editable=False)
    approved_state = models.CharField(max_length=10, blank=True, editable=False)
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, editable=False, related_name="registrations", verbose_name=_("delegation")
    )
    external_key = models.CharField(_("the delegation's own reference"), max_length=60, blank=True, editable=False)
    # The row of a sheet that brought the person, as a keyed hash: however they change afterwards, the same row is done. It
    # outlives erasure, or the sheet would bring back who was erased.
    row_key = models.CharField(max_length=64, blank=True, editable=False)
    # By whose invitation they come: the guest, who stands for the guest, or a companion.
    guest = models.ForeignKey(
        Guest, models.PROTECT, null=True, editable=False, related_name="registrations", verbose_name=_("invited guest")
    )
    is_companion = models.BooleanField(_("companion of a guest"), default=False, editable=False)
    # What became of the question, asked some days before, whether they come; who says no withdraws.
    coming = models.CharField(_("comes"), max_length=5, choices=Coming.choices, blank=True, editable=False)
    # One more each time another person takes this place: the badge of the one before is then no longer valid.
    holder_no = models.PositiveSmallIntegerField(default=1, editable=False)
    # One more each time the own page's link is renewed: the link before then no longer opens.
    epoch = models.PositiveSmallIntegerField(default=1, editable=False)
    # Tells apart those of one name who have no address: staff said that they are several people.
    namesake_no = models.PositiveSmallIntegerField(default=1, editable=False)
    # The registration of the same person that stands for this one; its link leads there as long as the link from there, as
    # it was then, would have opened.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged", verbose_name=_("merged into")
    )
    merged_epoch = models.PositiveSmallIntegerField(null=True, editable=False)
    person_key = models.CharField(max_length=400, editable=False)
    # By these likely doubles are found: the same words in either script, the same sound.
    name_key = models.CharField(max_length=400, editable=False, default="")
    khmer_key = models.CharField(max_length=400, editable=False, default="")
    sound_key = models.CharField(max_length=400, editable=False, default="")
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    # The order of the names as readers of Khmer see them.
    sort_key_km = models.CharField(max_length=400, editable=False, default="")
    registered_at = models.DateTimeField(_("registered"), auto_now_add=True)
    link_sent_at = models.DateTimeField(_("link last sent"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        permissions = [
            (
                "accept_registration",
                "Can accept people for the organisers, and endorse them where their agency is none of ours",
            ),
            ("clear_registration", "Can say whom security clears"),
            ("erase_registration", "Can erase what is kept of a person, at their wish"),
            ("register_registration", "Can register other people, at the desk and from paper"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person_key"], condition=~Q(state__in=ENDED), name="one_person_once_per_edition"
            ),
            models.UniqueConstraint(
                fields=["delegation", "external_key"],
                condition=~Q(external_key="") & ~Q(state__in=ENDED),
                name="one_person_per_reference",
            ),
            models.UniqueConstraint(
                fields=["guest"], condition=Q(is_companion=False) & ~Q(state__in=ENDED), name="one_place_per_guest"
            ),
            models.CheckConstraint(
                condition=Q(receives=Receives.PERSON) | ~Q(contact_email=""), name="contact_who_receives_has_an_address"
            ),
            models.CheckConstraint(condition=Q(merged_into=None) | Q(state__in=ENDED), name="merged_registration_has_ended"),
            models.CheckConstraint(condition=Q(is_companion=False) | Q(guest__isnull=False), name="companion_has_a_guest"),
        ]
        indexes = [
            models.Index(fields=["edition", "sort_key"], name="registration_in_order"),
            models.Index(fields=["sort_key", "id"], name="registration_by_order"),
            models.Index(fields=["edition", "sort_key_km"], name="registration_in_khmer_order"),
            models.Index(fields=["edition", "email"], name="registration_by_address"),
            models.Index(fields=["edition", "contact_email"], name="registration_by_contact"),
            models.Index(
                fields=["pass_type", "-priority", "waiting_since"],
                name="registration_in_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["awaits", "pass_type"], name="registration_by_step", condition=Q(state="applied")),
            # Holds all that is counted above the list of people.
            models.Index(fields=["edition", "pass_type", "state", "coming"], name="registration_counted"),
            models.Index(fields=["edition", "name_key"], name="registration_by_name"),
            models.Index(fields=["edition", "khmer_key"], name="registration_by_khmer_name"),
            models.Index(fields=["delegation", "row_key"], name="registration_by_row"),
        ]

    def __str__(self):
        """The code: lists, logs and histories need no names."""
        return self.code

    def save(self, **kwargs):
        """Of a row that is there nothing that acts change: another may have done so since it was read."""
        self.set_keys()
        if not self._state.adding:
            columns = {field.name for field in self._meta.concrete_fields}
            kwargs.setdefault("update_fields", columns - CHANGED_BY_ACTS)
        super().save(**kwargs)

    def set_keys(self):
        """Compares, searches and sorts by these; called before any write."""
        self.honorific = honorifics.normal(self.honorific)
        self.email, self.contact_email = self.email.strip().lower(), self.contact_email.strip().lower()
        if not self.contact_email:
            self.receives = Receives.PERSON
        elif not self.email:
            self.receives = Receives.CONTACT
        # Who has no address of their own is told from others by the contact's: an aide names one person once.
        key = key_of_person(self.name_latin, self.email or self.contact_email, self.namesake_no)
        self.person_key = f"erased {self.code}" if self.erased_at else key
        self.name_key = key_of_name(self.name_latin)[:400]
        self.khmer_key = key_of_khmer_name(self.name_km)[:400]
        self.sound_key = sound_of_name(self.name_latin)[:400]
        agencies = self.agency_in("en"), self.agency_in("km")
        whom = filter(None, [self.email, self.contact_name, self.contact_email])
        self.search_text = khmer.fold(" ".join([self.name_latin, self.name_km, *agencies, *whom, self.code]))
        self.sort_key = khmer.sort_key(self.name_latin)
        self.sort_key_km = khmer.sort_key(self.name_km or self.name_latin)

    def clean(self):
        self.set_keys()
        twins = Registration.objects.live().filter(edition_id=self.edition_id, person_key=self.person_key)
        if twins.exclude(pk=self.pk).exists():
            raise ValidationError(_("This person is already registered with this address."), code="registered")

    @property
    def is_live(self) -> bool:
        return self.state not in ENDED

    @property
    def is_coming(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_held(self) -> bool:
        """The place is taken and not yet paid for."""
        return self.state == self.State.HELD

    @property
    def is_applied(self) -> bool:
        """The place is kept while one office after the other says whether it is theirs."""
        return self.state == self.State.APPLIED

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED

    @property
    def dates(self) -> str:
        """When the person may come, in the reader's language: the days of their pass, else all of the forum."""
        return self.pass_type.dates_at(self.edition)

    @property
    def has_own_address(self) -> bool:
        return bool(self.email)

    @property
    def receivers(self) -> list[Receiver]:
        """To whom everything goes that is written to this person, each in their language; nobody: a letter on paper."""
        found = []
        if self.email and self.receives != Receives.CONTACT:
            found.append(Receiver(self.email, self.language))
        if self.contact_email and self.receives != Receives.PERSON and self.contact_email not in {r.address for r in found}:
            language = self.contact_language or self.language
            found.append(Receiver(self.contact_email, language, self.contact_name or self.contact_email))
        return found

    @property
    def addresses(self) -> set[str]:
        """Where messages go."""
        return {receiver.address for receiver in self.receivers}

    @property
    def reached_by(self) -> str:
        kinds = [bool(receiver.contact) for receiver in self.receivers]
        if not kinds:
            return gettext("No address: letter")
        if len(kinds) > 1:
            return gettext("E-mail and contact")
        return gettext("Contact") if kinds[0] else gettext("E-mail")

    @property
    def token(self) -> str:
        """What opens the own page: the code and the link's epoch, signed."""
        return own_page.sign(f"{self.code}.{self.epoch}")

    @property
    def short_code(self) -> str:
        """The code as it is read aloud: ABCDE-FGHJK."""
        return f"{self.code[:5]}-{self.code[5:]}"

    def name_in(self, language: str) -> str:
        """The person's name in the script of ``language``, else as it is known."""
        return (language == "km" and self.name_km) or self.name_latin

    def honorific_in(self, language: str, form: Form = Form.BADGE) -> str:
        return honorifics.written(self.honorific, language, form)

    def addressed_in(self, language: str, form: Form = Form.LETTER) -> str:
        """The name with what stands before it."""
        return " ".join(filter(None, [self.honorific_in(language, form), self.name_in(language)]))

    def agency_in(self, language: str) -> str:
        """The body as its row names it, else as it was typed."""
        if self.agency_id is None:
            return self.agency_name
        return getattr(self.agency, f"name_{language}") or self.agency.name_en
