"""Memoranda of understanding: what was agreed between whom, who signed for each party, and what became of it."""

from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms import codes, khmer
from cms.languages import Bilingual, read
from cms.models import Edition
from cms.searching import SearchableQuerySet
from exhibitors.models import Agency


class MemorandumQuerySet(SearchableQuerySet):
    def public(self):
        """What anybody may read, with parties, signatures and events at hand."""
        return self.filter(is_published=True).with_parties()

    def with_parties(self):
        parties = Party.objects.select_related("agency", "signature")
        return self.select_related("edition").prefetch_related(models.Prefetch("parties", parties), "events", "texts")


class Memorandum(ClusterableModel):
    """One memorandum. It outlives the edition at which it was signed."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="memoranda", verbose_name=_("signed at the edition")
    )
    reference = models.CharField(_("reference number"), max_length=60, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300)
    title_km = models.CharField(_("title in Khmer"), max_length=300, blank=True)
    title = Bilingual()
    subject_en = models.TextField(_("subject in English"), blank=True)
    subject_km = models.TextField(_("subject in Khmer"), blank=True)
    subject = Bilingual()
    place_en = models.CharField(_("place of signing in English"), max_length=120, blank=True)
    place_km = models.CharField(_("place of signing in Khmer"), max_length=120, blank=True)
    place = Bilingual()
    source_url = models.URLField(_("public source"), blank=True)
    is_published = models.BooleanField(_("in the public register"), default=False)
    search_text = models.TextField(editable=False)

    objects = MemorandumQuerySet.as_manager()

    class Meta:
        ordering = ["-edition__opens_on", "id"]
        verbose_name = _("memorandum")
        verbose_name_plural = _("memoranda")

    def __str__(self):
        return self.title

    def save(self, **kwargs):
        self.search_text = khmer.fold(
            " ".join([self.title_en, self.title_km, self.subject_en, self.subject_km, self.reference])
        )
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("agreements:record", args=[self.edition.slug, self.code]) if self.edition else ""

    @property
    @display(description=_("signed on"))
    def signed_on(self):
        """The day of the last signature; None while one is missing."""
        days = [party.signature.signed_on if party.is_signed else None for party in self.parties.all()]
        return max(days) if days and None not in days else None

    @property
    @display(description=_("state"))
    def state(self) -> str:
        """What the signatures and events make of it: its own column could only contradict them."""
        kinds = {event.kind for event in self.events.all()}
        if Event.Kind.ENDED in kinds:
            return State.ENDED
        if Event.Kind.IN_FORCE in kinds:
            return State.IN_FORCE
        return State.SIGNED if self.signed_on else State.PREPARED

    @property
    def state_label(self):
        return State(self.state).label


class State(models.TextChoices):
    PREPARED = "prepared", _("In preparation")
    SIGNED = "signed", _("Signed")
    IN_FORCE = "in-force", _("In force")
    ENDED = "ended", _("Ended")


class Party(Orderable):
    """A body that agrees: one of our agencies, or one known by its description alone."""

    memorandum = ParentalKey(Memorandum, on_delete=models.CASCADE, related_name="parties")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="memorandum_parties", verbose_name=_("agency")
    )
    name_en = models.CharField(_("described in English as"), max_length=200, blank=True)
    name_km = models.CharField(_("described in Khmer as"), max_length=200, blank=True)

    class Meta:
        ordering = ["sort_order", "id"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "agency"], name="one_party_per_agency"),
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(name_en__gt=""),
                name="party_is_named",
                violation_error_message=_("Choose an agency or describe the party."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return self.written[0]

    @property
    def written(self) -> tuple[str, str]:
        """The name in the reader's language where there is one, and the language it is in."""
        return read(self.agency or self, "name")

    @property
    def is_signed(self) -> bool:
        return hasattr(self, "signature")


class Signature(models.Model):
    """A party signed: when and, where it is publicly known, by whom."""

    party = models.OneToOneField(Party, models.PROTECT, related_name="signature")
    signed_on = models.DateField(_("signed on"))
    signatory_en = models.CharField(_("signatory, in English"), max_length=200, blank=True)
    signatory_km = models.CharField(_("signatory, in Khmer"), max_length=200, blank=True)
    signatory = Bilingual()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self):
        return f"{self.party_id} {self.signed_on}"


class AuthenticText(models.Model):
    """A language in which the memorandum is equally authentic (Vienna Convention on the Law of Treaties, article 33)."""

    memorandum = ParentalKey(Memorandum, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=35, help_text=_("BCP 47 code, such as km, en, ko, lo."))

    class Meta:
        ordering = ["id"]
        verbose_name = _("authentic text")
        verbose_name_plural = _("authentic texts")
        constraints = [models.UniqueConstraint(fields=["memorandum", "language"], name="one_text_per_language")]

    def __str__(self):
        return self.language


class Event(models.Model):
    """Something that happened to a signed memorandum."""

    class Kind(models.TextChoices):
        IN_FORCE = "in-force", _("Entered into force")
        RENEWED = "renewed", _("Renewed")
        ENDED = "ended", _("Ended")

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="events")
    kind = models.CharField(_("event"), max_length=10, choices=Kind.choices)
    happened_on = models.DateField(_("day"))
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    note_km = models.CharField(_("note in Khmer"), max_length=300, blank=True)
    note = Bilingual()

    class Meta:
        ordering = ["happened_on", "id"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(
                fields=["memorandum", "kind"], condition=~Q(kind="renewed"), name="in_force_once_and_ended_once"
            )
        ]

    def __str__(self):
        return f"{self.memorandum_id} {self.kind}"
