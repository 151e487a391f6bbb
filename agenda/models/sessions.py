"""What is said: sessions and who takes part in them. When and where stands in their slots."""

import uuid

from django.contrib.admin import display
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin

from agenda import spoken
from agenda.models.rooms import Track
from cms import codes, khmer
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from cms.searching import SearchableQuerySet

TEXT = ["bold", "italic", "link", "ol", "ul"]  # what editors may write in texts of the programme


class SessionQuerySet(SearchableQuerySet):
    def public(self, edition: Edition):
        """What anybody may see: the one door to the programme of every public page, calendar and export."""
        return self.filter(edition=edition, live=True)

    def with_places(self):
        return self.select_related("edition", "track").prefetch_related("slots__room")

    def with_people(self):
        return self.with_places().prefetch_related("roles__speaker")


class Session(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """One item of the programme. Texts and people are drafted and published; time and place never live in a draft."""

    class Kind(models.TextChoices):
        CEREMONY = "ceremony", _("Ceremony")
        KEYNOTE = "keynote", _("Keynote")
        PANEL = "panel", _("Panel")
        TALK = "talk", _("Talk")
        WORKSHOP = "workshop", _("Workshop")
        MEETING = "meeting", _("Meeting")
        BREAK = "break", _("Break")
        OTHER = "other", _("Other")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    source = models.CharField(_("source"), max_length=100, blank=True, editable=False)
    external_id = models.CharField(_("number at the source"), max_length=250, blank=True, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sessions", verbose_name=_("edition"))
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    title_km = models.CharField(_("title in Khmer"), max_length=300, blank=True)
    title = Bilingual(_("title"))
    subtitle_en = models.CharField(_("subtitle in English"), max_length=300, blank=True)
    subtitle_km = models.CharField(_("subtitle in Khmer"), max_length=300, blank=True)
    subtitle = Bilingual()
    abstract_en = RichTextField(_("abstract in English"), blank=True, features=TEXT)
    abstract_km = RichTextField(_("abstract in Khmer"), blank=True, features=TEXT)
    abstract = Bilingual()
    description_en = RichTextField(_("description in English"), blank=True, features=TEXT)
    description_km = RichTextField(_("description in Khmer"), blank=True, features=TEXT)
    description = Bilingual()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TALK)
    language = models.CharField(
        _("spoken language"),
        max_length=10,
        blank=True,
        choices=spoken.choices,
        help_text=_("Blank where nobody speaks."),
    )
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("track"))
    is_featured = models.BooleanField(_("featured"), default=False, help_text=_("Shown on the front page."))
    search_text = models.TextField(editable=False, blank=True)

    # Wagtail's way to delete a session's revisions and workflow states with it.
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="session",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="session",
        for_concrete_model=False,
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["title_en", "title_km", "code"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title_en="") | ~Q(title_km=""),
                name="session_has_a_title",
                violation_error_message=_("Write the title in English, in Khmer or in both."),
            ),
            models.UniqueConstraint(fields=["edition", "guid"], name="one_session_per_guid"),
            models.UniqueConstraint(
                fields=["edition", "source", "external_id"], condition=~Q(source=""), name="one_session_per_source_id"
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        refuse_other_edition(self)
        if self.track and self.track.edition_id != self.edition_id:
            raise beside("track", gettext("This track belongs to another edition."), "other_edition")

    def save(self, **kwargs):
        self.index()
        super().save(**kwargs)

    def index(self):
        """Fills the column by which the session is found; whoever writes many rows at once calls it."""
        self.search_text = khmer.fold(f"{self.title_en} {self.title_km} {self.subtitle_en} {self.subtitle_km}")

    def get_absolute_url(self):
        return reverse("agenda:session", args=[self.edition.slug, self.code])

    @property
    def revisions(self):
        return self._revisions

    @property
    def scheduled_revision(self):
        """Wagtail asks for every row of a list; one that found them for all rows keeps them in ``scheduled_revisions``."""
        if hasattr(self, "scheduled_revisions"):
            return next(iter(self.scheduled_revisions), None)
        return super().scheduled_revision

    @property
    def language_name(self) -> str:
        return spoken.name(self.language)

    @property
    def slot(self):
        """When and where, or None while that is open."""
        slots = self.slots.all() if self.pk else ()
        return slots[0] if slots else None

    @property
    def when(self) -> str:
        """2024-03-11 09:00, on the clock of the venue: what sorts and compares at a glance in the organisers' lists."""
        return f"{self.starts_at.astimezone(self.edition.zone):%Y-%m-%d %H:%M}" if self.slot else ""

    @property
    @display(description=_("begins"))
    def starts_at(self):
        return self.slot and self.slot.starts_at

    @property
    @display(description=_("ends"))
    def ends_at(self):
        return self.slot and self.slot.ends_at

    @property
    @display(description=_("room"))
    def room(self):
        return self.slot and self.slot.room

    def page_context(self) -> dict:
        """What the session's page shows, for the public view and the editors' preview alike."""
        return {"edition": self.edition, "session": self, "slot": self.slot, "roles": self.roles.all()}

    def get_preview_template(self, request, mode_name):
        return "agenda/session.html"

    def get_preview_context(self, request, mode_name):
        return super().get_preview_context(request, mode_name) | self.page_context()


class Role(Orderable):
    """What somebody does in a session."""

    class Part(models.TextChoices):
        SPEAKER = "speaker", _("Speaker")
        KEYNOTE = "keynote", _("Keynote speaker")
        MODERATOR = "moderator", _("Moderator")
        PANELLIST = "panellist", _("Panellist")

    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="roles", verbose_name=_("session"))
    speaker = models.ForeignKey("agenda.Speaker", models.PROTECT, related_name="roles", verbose_name=_("speaker"))
    part = models.CharField(_("part"), max_length=10, choices=Part.choices, default=Part.SPEAKER)

    class Meta:
        ordering = ["sort_order", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(fields=["session", "speaker"], name="once_per_session")]

    def __str__(self):
        return f"{self.speaker} ({self.get_part_display()})"
