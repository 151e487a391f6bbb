"""What security, and the badge, need to know of a person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms import codes, countries
from forum.registration.models.people import Registration

PHOTOS = "accreditation"


def place_of_photo(accreditation, name: str) -> str:
    """Neither the visitor's name for the file nor the person's code stands in it."""
    return f"{PHOTOS}/{codes.new(16).lower()}.jpg"


class AccreditationQuerySet(models.QuerySet):
    def lacking(self, people) -> dict[int, list[str]]:
        """What is still missing of each of ``people``, in words, by their keys; in one query, or none where no pass asks."""
        asked = [person for person in people if person.pass_type.asks_photo]
        if not asked:
            return {}
        known = {pk: rest for pk, *rest in self.filter(pk__in=[person.pk for person in asked]).values_list(*FACTS)}
        found = {person.pk: _missing(person.pass_type, *known.get(person.pk, ("", ""))) for person in asked}
        return {pk: words for pk, words in found.items() if words}


FACTS = ("pk", "document_number", "photo")


def _missing(pass_type, document_number, photo) -> list:
    """Lazy, since a letter is written in its reader's language."""
    missing = []
    if pass_type.asks_document and not document_number:
        missing.append(_("identity document"))
    if pass_type.asks_photo and not photo:
        missing.append(_("photo"))
    return missing


class Accreditation(models.Model):
    """Asked only where the pass needs clearance, or a photo on the badge; in a table of its own that no list, search or
    export of the back office touches. It serves the days of the forum alone. The facts of the document come together."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("Female")
        MALE = "M", _("Male")
        OTHER = "X", _("X, as in the document")

    class Document(models.TextChoices):
        PASSPORT = "passport", _("Passport")
        IDENTITY_CARD = "card", _("National identity card")
        OTHER = "other", _("Another official document")

    registration = models.OneToOneField(Registration, models.CASCADE, primary_key=True, related_name="accreditation")
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("birth date"), null=True, blank=True)
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)
    document_kind = models.CharField(_("kind of document"), max_length=10, choices=Document.choices, blank=True)
    document_number = models.CharField(_("document number"), max_length=30, blank=True)
    photo = models.FileField(_("photo"), upload_to=place_of_photo, max_length=60, blank=True)
    # One more at each change: who decides says which they saw.
    version = models.PositiveIntegerField(default=1)
    given_at = models.DateTimeField(auto_now=True)

    objects = AccreditationQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # nobody asks where they are used

    class Meta:
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        constraints = [
            models.CheckConstraint(
                condition=Q(sex="", born_on=None, nationality="", document_kind="", document_number="")
                | ~(Q(sex="") | Q(born_on=None) | Q(nationality="") | Q(document_kind="") | Q(document_number="")),
                name="accreditation_has_a_whole_document_or_none",
            ),
            models.CheckConstraint(condition=~Q(document_number="") | ~Q(photo=""), name="accreditation_says_something"),
        ]

    def __str__(self):
        return str(self.registration_id)

    def nationality_in(self, language: str = "") -> str:
        """As the list of the edition calls the country."""
        return countries.name(self.registration.edition_id, self.nationality, language)
