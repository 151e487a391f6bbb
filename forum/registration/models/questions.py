"""What organisers ask of those who register, and what was answered."""

from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms import codes, countries, dates, languages
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from forum.registration import places
from forum.registration.models.passes import PassType
from forum.registration.models.people import Registration

YES, NO = "yes", "no"


class QuestionQuerySet(models.QuerySet):
    def asked(self, edition: Edition):
        """What the form asks, in order, with all that a field needs; one query where nothing is asked."""
        return self.filter(edition=edition, is_asked=True).with_choices().prefetch_related("passes")

    def with_choices(self):
        return self.select_related("edition").prefetch_related("choices")


class Question(ClusterableModel):
    """One question in the form of an edition."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LONG_TEXT = "long-text", _("Long text")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        YES_NO = "yes-no", _("Yes or no")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        FILE = "file", _("File")
        COUNTRY = "country", _("Country")
        PROVINCE = "province", _("Province")
        PHONE = "phone", _("Telephone number")

    CHOSEN = {Kind.CHOICE, Kind.CHOICES}

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="questions", verbose_name=_("edition"))
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    label_en = models.CharField(_("question in English"), max_length=200)
    label_km = models.CharField(_("question in Khmer"), max_length=200, blank=True)
    label = Bilingual()
    help_en = models.CharField(_("why it is asked, in English"), max_length=300, blank=True)
    help_km = models.CharField(_("why it is asked, in Khmer"), max_length=300, blank=True)
    help = Bilingual()
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_asked = models.BooleanField(_("asked now"), default=True, help_text=_("Answers given before stay."))
    passes = models.ManyToManyField(
        PassType, related_name="questions", blank=True, verbose_name=_("for these passes"), help_text=_("None: for all.")
    )
    shown_after = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("after the question")
    )
    # What the answer to that question must be: a choice's code, yes or no; blank: any answer.
    shown_on = models.CharField(max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    kept_days = models.PositiveSmallIntegerField(
        _("days for which answers are kept"),
        default=90,
        help_text=_("After the last day of the forum; then they are purged."),
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self):
        return self.label

    def clean(self):
        refuse_other_edition(self)

    @property
    def field_name(self) -> str:
        return f"q_{self.code}"

    def written(self, value: str, language: str | None = None) -> str:
        """An answer as people read it."""
        language = language or languages.current()
        if not value:
            return ""
        if self.kind in self.CHOSEN:
            names = {choice.code: languages.read(choice, "name", language)[0] for choice in self.choices.all()}
            return ", ".join(names.get(code, code) for code in value.split())
        if self.kind == self.Kind.YES_NO:
            return gettext("Yes") if value == YES else gettext("No")
        if self.kind == self.Kind.COUNTRY:
            return countries.name(self.edition_id, value, language)
        if self.kind == self.Kind.PROVINCE:
            return places.province(value, language)
        if self.kind in {self.Kind.NUMBER, self.Kind.DATE}:
            return dates.digits(value, language)
        return value


class Choice(Orderable):
    """One of the answers that a question offers."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="choices")
    code = models.CharField(_("code"), max_length=6, default=codes.six, editable=False)
    name_en = models.CharField(_("in English"), max_length=120)
    name_km = models.CharField(_("in Khmer"), max_length=120, blank=True)
    name = Bilingual()

    class Meta(Orderable.Meta):
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [models.UniqueConstraint(fields=["question", "code"], name="one_choice_per_code")]

    def __str__(self):
        return self.name


def place_of_file(answer, name: str) -> str:
    """A name of ours: what a visitor called the file stays with the visitor."""
    return f"answers/{answer.question.code}/{codes.new(16).lower()}{PurePath(name).suffix.lower()}"


class Answer(models.Model):
    """What one person answered. ``value`` is a text, a number or day as ISO 8601 writes it, a code, or codes with spaces."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.TextField(blank=True)
    file = models.FileField(upload_to=place_of_file, max_length=120, blank=True)

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["registration", "question"], name="one_answer_per_question")]

    def __str__(self):
        return f"{self.registration_id} {self.question_id}"

    def written_in(self, language: str) -> str:
        return self.question.written(self.value, language)
