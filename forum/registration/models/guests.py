"""Guests who are invited by letter: the letterhead of an edition, its lists of guests, and who stands on them."""

import datetime

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms import codes, khmer, languages
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from cms.searching import SearchableQuerySet
from exhibitors.models import Agency
from forum.documents.models import IssuedDocument
from forum.registration import honorifics, letter_texts
from forum.registration.honorifics import Form
from forum.registration.models.naming import key_of_person
from forum.registration.models.passes import PassType

signer = signing.Signer(salt="registration.reply", sep="~")
MOST_COMPANIONS = 10


def place_of_emblem(letterhead, name: str) -> str:
    return f"letters/emblems/{codes.new(16).lower()}.{name.rpartition('.')[2]}"


def place_of_scan(guest, name: str) -> str:
    """A name of ours, as for answers."""
    return f"letters/scans/{codes.new(16).lower()}.{name.rpartition('.')[2]}"


class Letterhead(models.Model):
    """How the letters of one edition look and what they say, unless a list says otherwise."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="letterhead", verbose_name=_("edition"))
    emblem = models.FileField(
        _("emblem"), upload_to=place_of_emblem, max_length=120, blank=True,
        help_text=_("A picture (PNG or JPEG) that stands above the organiser’s name."),
    )  # fmt: skip
    place_en = models.CharField(_("place of writing in English"), max_length=80, default=letter_texts.place_en)
    place_km = models.CharField(_("place of writing in Khmer"), max_length=80, default=letter_texts.place_km)
    number_form_en = models.CharField(
        _("letter number in English"), max_length=60, default=letter_texts.number_form,
        validators=[letter_texts.check_number], help_text=_("With {number} in it, such as {number}/27 MPTC."),
    )  # fmt: skip
    number_form_km = models.CharField(
        _("letter number in Khmer"), max_length=60, default=letter_texts.number_form,
        validators=[letter_texts.check_number], help_text=_("With {number} in it, such as {number}/២៧ ក.ប.ទ."),
    )  # fmt: skip
    first_number = models.PositiveIntegerField(
        _("first number"), default=1, validators=[MinValueValidator(1), MaxValueValidator(999_999)],
        help_text=_("The next letter has this number, or the one after the last."),
    )  # fmt: skip
    last_number = models.PositiveIntegerField(_("last number given"), default=0, editable=False)
    subject_en = models.CharField(
        _("subject in English"), max_length=200, default=letter_texts.subject_en, validators=[letter_texts.check]
    )
    subject_km = models.CharField(
        _("subject in Khmer"), max_length=200, default=letter_texts.subject_km, validators=[letter_texts.check]
    )
    text_en = models.TextField(
        _("text in English"), max_length=6_000, default=letter_texts.text_en, validators=[letter_texts.check]
    )
    text_km = models.TextField(
        _("text in Khmer"), max_length=6_000, default=letter_texts.text_km, validators=[letter_texts.check]
    )
    signatory_name_en = models.CharField(_("signatory’s name in Latin letters"), max_length=120, blank=True)
    signatory_name_km = models.CharField(_("signatory’s name in Khmer"), max_length=120, blank=True)
    signatory_title_en = models.CharField(_("signatory’s position in English"), max_length=200, blank=True)
    signatory_title_km = models.CharField(_("signatory’s position in Khmer"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-edition__opens_on"]
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self):
        return str(self.edition)

    def save(self, **kwargs):
        """Of a row that is there only what people type: ``last_number`` may have grown since it was read."""
        if not self._state.adding:
            kwargs.setdefault("update_fields", {each.name for each in self._meta.concrete_fields} - {"id", "last_number"})
        super().save(**kwargs)

    def clean(self):
        refuse_other_edition(self)

    @classmethod
    def of(cls, edition: Edition) -> "Letterhead":
        """The edition's own, else what letters say where nobody has written anything else."""
        return cls.objects.filter(edition=edition).first() or cls(edition=edition)

    def read_emblem(self) -> bytes:
        """The picture; nothing where there is none."""
        if not self.emblem:
            return b""
        with self.emblem.open() as file:
            return file.read()


class GuestListQuerySet(models.QuerySet):
    def with_edition(self):
        return self.select_related("edition", "pass_type")


class GuestList(models.Model):
    """Guests who are invited to one occasion by the same letter."""

    class Letters(models.TextChoices):
        BOTH = "both", _("In both languages, the guest’s first")
        OWN = "own", _("In the guest’s language alone")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="guest_lists", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=120)
    name_km = models.CharField(_("name in Khmer"), max_length=120, blank=True)
    name = Bilingual()
    pass_type = models.ForeignKey(
        PassType, models.PROTECT, related_name="guest_lists", verbose_name=_("pass"),
        help_text=_("What guests and their companions get; a free one."),
    )  # fmt: skip
    reply_by = models.DateField(
        _("reply by"), help_text=_("Guests may reply, and change their reply, to the end of this day.")
    )
    companions = models.PositiveSmallIntegerField(
        _("companions of each guest"), default=0, validators=[MaxValueValidator(MOST_COMPANIONS)]
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("days before, when who has not replied is reminded"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)], help_text=_("Once, by e-mail. Blank: nobody is reminded."),
    )  # fmt: skip
    letters = models.CharField(_("letters"), max_length=4, choices=Letters.choices, default=Letters.BOTH)
    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True, validators=[letter_texts.check])
    subject_km = models.CharField(_("subject in Khmer"), max_length=200, blank=True, validators=[letter_texts.check])
    text_en = models.TextField(_("text in English"), max_length=6_000, blank=True, validators=[letter_texts.check])
    text_km = models.TextField(_("text in Khmer"), max_length=6_000, blank=True, validators=[letter_texts.check])
    signatory_name_en = models.CharField(_("signatory’s name in Latin letters"), max_length=120, blank=True)
    signatory_name_km = models.CharField(_("signatory’s name in Khmer"), max_length=120, blank=True)
    signatory_title_en = models.CharField(_("signatory’s position in English"), max_length=200, blank=True)
    signatory_title_km = models.CharField(_("signatory’s position in Khmer"), max_length=200, blank=True)
    contact_name = models.CharField(
        _("office to ask"),
        max_length=120,
        help_text=_("It stands in the letter and receives what is for guests without e-mail."),
    )
    contact_email = models.EmailField(_("its e-mail address"))
    contact_phone = models.CharField(_("its telephone"), max_length=30, blank=True)

    objects = GuestListQuerySet.as_manager()

    class Meta:
        ordering = ["-edition__opens_on", "name_en"]
        verbose_name = _("list of guests")
        verbose_name_plural = _("lists of guests")
        constraints = [models.UniqueConstraint(fields=["edition", "name_en"], name="one_guest_list_per_name")]

    def __str__(self):
        return f"{self.name} ({self.edition.slug})"

    def clean(self):
        refuse_other_edition(self)

    @property
    def is_open(self) -> bool:
        """Whether guests may still reply; staff may until the forum is over."""
        return not self.edition.is_over and self.edition.today <= self.reply_by

    @property
    def reminded_from(self) -> datetime.date | None:
        """The day from which those who have not replied are reminded."""
        return self.reply_by - datetime.timedelta(days=self.reminder_days) if self.reminder_days else None

    @property
    def contact_written(self) -> str:
        """Whom guests may ask, and how."""
        return ", ".join(filter(None, [self.contact_name, self.contact_phone, self.contact_email]))

    def words(self, name: str, language: str, letterhead: Letterhead) -> str:
        """What the list says of ``name`` (such as ``text``) in a language, else what the edition's letters say."""
        column = f"{name}_{language}"
        return getattr(self, column) or getattr(letterhead, column)


class GuestQuerySet(SearchableQuerySet):
    def with_names(self):
        """Everything that a list or a letter shows, in one query."""
        return self.select_related("agency", "edition", "guest_list__edition", "guest_list__pass_type")

    def by_rank(self):
        """Those of the highest rank first, within a rank in dictionary order; who has none comes last."""
        return self.order_by(F("protocol_rank").asc(nulls_last=True), "sort_key", "pk")

    def present(self):
        """All whose names are kept."""
        return self.filter(erased_at=None)


# What only acts change.
CHANGED_BY_ACTS = {
    "id", "code", "letter_number", "letter_date", "to_send_at", "sent_at", "reminded_at", "reply", "replied_at",
    "replied_by", "epoch", "scan", "row_key", "added_at", "erased_at",
}  # fmt: skip


class Guest(models.Model):
    """One person on a list, with the letter to them and their reply. Who comes of it is in ``registrations``."""

    class Reply(models.TextChoices):
        SILENT = "silent", _("No reply yet")
        ATTENDING = "attending", _("Attending")
        REPRESENTED = "represented", _("Represented")
        REGRETS = "regrets", _("Sends regrets")

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="guests", editable=False, verbose_name=_("edition"))
    guest_list = models.ForeignKey(GuestList, models.PROTECT, related_name="guests", verbose_name=_("list"))
    honorific = models.CharField(_("form of address"), max_length=120, blank=True)
    get_honorific_display = honorifics.shown
    name_latin = models.CharField(_("name in Latin letters"), max_length=120)
    name_km = models.CharField(_("name in Khmer"), max_length=120, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    position_km = models.CharField(_("position in Khmer"), max_length=120, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="guests", verbose_name=_("agency")
    )
    agency_name = models.CharField(_("agency, as typed"), max_length=200, blank=True)
    agency_name_km = models.CharField(_("agency in Khmer, as typed"), max_length=200, blank=True)
    protocol_rank = models.PositiveSmallIntegerField(
        _("protocol rank"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("1 is the highest.")
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address of the person or the contact"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language of messages"), max_length=2, choices=settings.LANGUAGES, default="km")
    external_key = models.CharField(_("own reference"), max_length=60, blank=True)
    row_key = models.CharField(max_length=64, blank=True, editable=False)  # as in ``Registration``
    letter_number = models.PositiveIntegerField(_("letter number"), null=True, editable=False)
    letter_date = models.DateField(_("date of the letter"), null=True, editable=False)
    # The letter is due to go out by e-mail since; when it last went.
    to_send_at = models.DateTimeField(_("to be sent"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent by e-mail"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    scan = models.FileField(_("signed original"), upload_to=place_of_scan, max_length=120, blank=True, editable=False)
    reply = models.CharField(_("reply"), max_length=11, choices=Reply.choices, default=Reply.SILENT, editable=False)
    replied_at = models.DateTimeField(_("replied"), null=True, editable=False)
    # The member of staff who wrote the reply down; nobody where the guest did.
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )
    # The letter as it was last given out.
    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("letter as issued")
    )
    epoch = models.PositiveSmallIntegerField(default=1, editable=False)
    person_key = models.CharField(max_length=400, editable=False)
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = GuestQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = [F("protocol_rank").asc(nulls_last=True), "sort_key", "id"]
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        permissions = [("write_to_guest", "Can number and send letters, keep their originals and record replies")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "letter_number"], name="one_letter_per_number"),
            models.UniqueConstraint(
                fields=["guest_list", "person_key"],
                condition=Q(erased_at=None),
                name="one_guest_per_list",
                violation_error_message=_("This person stands on the list already."),
            ),
            models.UniqueConstraint(
                fields=["guest_list", "external_key"],
                condition=~Q(external_key=""),
                name="one_guest_per_reference",
                violation_error_message=_("Somebody of this list has this reference already."),
            ),
            models.CheckConstraint(
                condition=Q(letter_number=None, letter_date=None)
                | Q(letter_number__isnull=False, letter_date__isnull=False),
                name="letter_has_number_and_date",
            ),
            models.CheckConstraint(
                condition=Q(reply="silent", replied_at=None) | (~Q(reply="silent") & Q(replied_at__isnull=False)),
                name="reply_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["guest_list", "protocol_rank", "sort_key"], name="guest_in_order"),
            models.Index(fields=["to_send_at"], name="guest_to_be_sent", condition=Q(to_send_at__isnull=False)),
        ]

    def __str__(self):
        """The code, as of registrations."""
        return self.code

    def save(self, **kwargs):
        """Of a row that is there nothing that acts change."""
        self.set_keys()
        if not self._state.adding:
            columns = {field.name for field in self._meta.concrete_fields}
            kwargs.setdefault("update_fields", columns - CHANGED_BY_ACTS)
        super().save(**kwargs)

    def set_keys(self):
        self.edition_id = self.guest_list.edition_id
        self.honorific = honorifics.normal(self.honorific)
        self.email = self.email.strip().lower()
        # Without an address two people of one name are told apart by where they come from.
        self.person_key = key_of_person(self.name_latin, self.email or self.agency_in("en"))
        agencies = self.agency_in("en"), self.agency_in("km")
        words = [self.name_latin, self.name_km, *agencies, self.contact_name, self.email, self.code]
        self.search_text = khmer.fold(" ".join(words))
        self.sort_key = khmer.sort_key(self.name_km or self.name_latin)

    def clean(self):
        if self.guest_list_id is None:
            return
        self.set_keys()
        twins = Guest.objects.present().filter(guest_list=self.guest_list_id).exclude(pk=self.pk)
        if twins.filter(person_key=self.person_key).exists():
            raise ValidationError(_("This person stands on the list already."), code="listed")
        if self.external_key and twins.filter(external_key=self.external_key).exists():
            raise beside("external_key", _("Somebody of this list has this reference already."), "reference")

    @property
    def has_replied(self) -> bool:
        return self.reply != self.Reply.SILENT

    @property
    def is_coming(self) -> bool:
        """Themselves or by somebody in their place."""
        return self.reply in {self.Reply.ATTENDING, self.Reply.REPRESENTED}

    @property
    def token(self) -> str:
        """What opens the page for the reply."""
        return signer.sign(f"{self.code}.{self.epoch}")

    @property
    def short_code(self) -> str:
        return f"{self.code[:5]}-{self.code[5:]}"

    @property
    def spoken_languages(self) -> list[str]:
        """Those of the letter, the guest's first."""
        if self.guest_list.letters == GuestList.Letters.OWN:
            return [self.language]
        return sorted(languages.CODES, key=lambda code: code != self.language)

    def name_in(self, language: str) -> str:
        return (language == "km" and self.name_km) or self.name_latin

    def position_in(self, language: str) -> str:
        return (language == "km" and self.position_km) or self.position

    def honorific_in(self, language: str, form: Form = Form.LETTER) -> str:
        return honorifics.written(self.honorific, language, form)

    def addressed_in(self, language: str, form: Form = Form.LETTER) -> str:
        """The name with what stands before it."""
        return " ".join(filter(None, [self.honorific_in(language, form), self.name_in(language)]))

    def agency_in(self, language: str) -> str:
        if self.agency_id is None:
            return (language == "km" and self.agency_name_km) or self.agency_name
        return getattr(self.agency, f"name_{language}") or self.agency.name_en
