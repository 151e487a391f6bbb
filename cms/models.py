"""The edition: one forum, from which everything that belongs to one year hangs."""

import csv
import datetime
import uuid
import zoneinfo
from functools import lru_cache
from pathlib import Path

from django.core.cache import caches
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms import codes, dates, khmer, languages
from cms.languages import Bilingual
from cms.refusals import beside

# First words of addresses that are not editions.
RESERVED = {
    "agenda",
    "agreements",
    "delegation",
    "desk",
    "editions",
    "exhibition",
    "invitation",
    "register",
    "registration",
    "search",
    "speakers",
}

latin_slug = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Use small Latin letters, digits and hyphens."))


class EditionQuerySet(models.QuerySet):
    def current(self):
        """The edition that short addresses lead to, or None before there is one."""
        return self.filter(is_current=True).first()

    def get_or_404(self, slug: str) -> "Edition":
        try:
            return self.get(slug=slug)
        except Edition.DoesNotExist:
            raise Http404("no such edition") from None

    def asked(self, query) -> "Edition":
        """The one that the address names, as ``?edition=next``, or the current one; 404 where there is none."""
        slug = query.get("edition")
        edition = self.filter(slug=slug).first() if slug else self.current()
        if edition is None:
            raise Http404("no such edition")
        return edition


class Edition(models.Model):
    """One forum: names, theme, dates, venue and when one may register."""

    # By this badges name it, whatever its address is called.
    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    slug = models.CharField(_("address"), max_length=40, unique=True, validators=[latin_slug])
    name_en = models.CharField(_("name in English"), max_length=200)
    name_km = models.CharField(_("name in Khmer"), max_length=200, blank=True)
    name = Bilingual()
    short_name_en = models.CharField(_("short name in English"), max_length=60)
    short_name_km = models.CharField(_("short name in Khmer"), max_length=60, blank=True)
    short_name = Bilingual()
    theme_en = models.CharField(_("theme in English"), max_length=300, blank=True)
    theme_km = models.CharField(_("theme in Khmer"), max_length=300, blank=True)
    theme = Bilingual()
    organiser_en = models.CharField(_("organiser in English"), max_length=200, blank=True)
    organiser_km = models.CharField(_("organiser in Khmer"), max_length=200, blank=True)
    organiser = Bilingual()
    venue_en = models.CharField(_("venue in English"), max_length=200, blank=True)
    venue_km = models.CharField(_("venue in Khmer"), max_length=200, blank=True)
    venue = Bilingual()
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="Asia/Phnom_Penh",
        choices=[(name, name) for name in sorted(zoneinfo.available_timezones())],
    )
    day_begins_at = models.PositiveSmallIntegerField(
        _("hour when its day begins"),
        default=4,
        validators=[MaxValueValidator(23)],
        help_text=_("Sessions after midnight belong to the day before."),
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    reminder_days = models.PositiveSmallIntegerField(
        _("days before, when people are asked whether they come"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Who says no gives the place to somebody else. Blank: nobody is asked."),
    )
    people_kept_days = models.PositiveSmallIntegerField(
        _("days for which names and addresses are kept"),
        default=365,
        validators=[MinValueValidator(1)],
        help_text=_("After the last day of the forum; then whoever registered is made nameless. Figures and papers stay."),
    )
    contact_email = models.EmailField(_("contact address"), blank=True)
    is_current = models.BooleanField(_("current edition"), default=False, help_text=_("Short addresses lead here."))
    is_demonstration = models.BooleanField(
        _("demonstration"), default=False, help_text=_("Every page says that this forum is not a real one.")
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=models.Q(is_current=True), name="one_current_edition"),
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="edition_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~models.Q(slug__in=sorted(RESERVED)), name="edition_slug_is_free"),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        """A new one begins with a list of countries."""
        is_new = self._state.adding
        with transaction.atomic():
            super().save(**kwargs)
            if is_new:
                Country.objects.begin(self)

    def get_absolute_url(self):
        return f"/{languages.current()}/{self.slug}/"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def dates(self) -> str:
        """11–13 March 2024, in the reader's language."""
        return dates.span(self.opens_on, self.closes_on)

    @property
    def today(self) -> datetime.date:
        """The edition's day now: before the hour when its day begins it is still the day before."""
        return self.day_of(timezone.now())

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """The edition's day to which a moment belongs: half past one at night belongs to the day before."""
        local = moment.astimezone(self.zone)
        return local.date() - datetime.timedelta(days=local.hour < self.day_begins_at)

    def start_of(self, day: datetime.date) -> datetime.datetime:
        """When that day of the edition begins, and the one before it ends."""
        return datetime.datetime.combine(day, datetime.time(self.day_begins_at), self.zone)

    @property
    def days(self) -> list[str]:
        """Those on which it takes place, in ISO 8601."""
        length = (self.closes_on - self.opens_on).days + 1
        return [(self.opens_on + datetime.timedelta(days=number)).isoformat() for number in range(length)]

    @property
    def begins_at(self) -> datetime.datetime:
        return self.start_of(self.opens_on)

    @property
    def ends_at(self) -> datetime.datetime:
        return self.start_of(self.closes_on + datetime.timedelta(days=1))

    @property
    def is_over(self) -> bool:
        return self.closes_on < self.today

    @property
    def is_registration_open(self) -> bool:
        opens, closes, now = self.registration_opens_at, self.registration_closes_at, timezone.now()
        return bool(opens and opens <= now and not (closes and closes <= now))


STARTING_LIST = Path(__file__).parent / "data" / "countries.csv"
NAMES_KEPT = 30  # seconds for which one process keeps the names of an edition, or until it changes one itself
capital_code = RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in ISO 3166-1: KH."))


@lru_cache(maxsize=1)
def starting_countries() -> dict[str, dict[str, str]]:
    """The columns of each country, by its code, with which the first edition begins."""
    with STARTING_LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: row | sort_keys(row["name_en"], row["name_km"]) for row in rows}


def sort_keys(english: str, in_khmer: str) -> dict[str, str]:
    return {"sort_key_en": khmer.sort_key(english), "sort_key_km": khmer.sort_key(in_khmer)}


class CountryQuerySet(models.QuerySet):
    def begin(self, edition: Edition) -> None:
        """Gives a new edition the names of the latest one, so that what the protocol mended stays mended; the first, and a
        demonstration, those of the file."""
        columns = ("code", "name_en", "name_km", "sort_key_en", "sort_key_km")
        others = Edition.objects.filter(is_demonstration=False).exclude(pk=edition.pk)
        before = None if edition.is_demonstration else others.exclude(countries=None).first()
        rows = self.filter(edition=before).values(*columns) if before else starting_countries().values()
        self.bulk_create(self.model(edition=edition, **row) for row in rows)

    def names(self, edition_id: int, language: str) -> dict[str, str]:
        """What each code is called, in dictionary order; from memory, so that a page may ask for each of its rows."""
        rows = self.filter(edition=edition_id).order_by(f"sort_key_{language}").values_list("code", f"name_{language}")
        return caches["pages"].get_or_set(_memory(edition_id, language), lambda: dict(rows), NAMES_KEPT)


def _memory(edition_id, language) -> str:
    return f"cms.countries.{edition_id}.{language}"


class Country(models.Model):
    """What the protocol of one edition calls a country, in both languages."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="countries", verbose_name=_("edition"))
    code = models.CharField(_("country code"), max_length=2, validators=[capital_code])
    name_en = models.CharField(_("name in English"), max_length=80)
    name_km = models.CharField(_("name in Khmer"), max_length=80)
    name = Bilingual()
    sort_key_en = models.CharField(max_length=400, editable=False)
    sort_key_km = models.CharField(max_length=400, editable=False)

    objects = CountryQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-edition__opens_on", "sort_key_en"]
        verbose_name = _("country name")
        verbose_name_plural = _("country names")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="one_country_per_code",
                violation_error_message=_("This forum's list has a name for this code already."),
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.edition.slug})"

    def save(self, **kwargs):
        for name, key in sort_keys(self.name_en, self.name_km).items():
            setattr(self, name, key)
        super().save(**kwargs)
        self._forget_names()

    def delete(self, **kwargs):
        deleted = super().delete(**kwargs)
        self._forget_names()
        return deleted

    def clean(self):
        refuse_other_edition(self)

    def _forget_names(self):
        keys = [_memory(self.edition_id, language) for language in languages.CODES]
        transaction.on_commit(lambda: caches["pages"].delete_many(keys))


def refuse_other_edition(row: models.Model, through: str = "edition") -> None:
    """A row stays with the edition for which it was made: its address, and what hangs on it, are of that edition.

    ``through`` leads from the row to its edition; the refusal stands beside the first field of that way.
    """
    path = through.split("__")
    now = row
    for name in path:
        now = now and getattr(now, name, None)
    before = type(row).objects.filter(pk=row.pk).values_list(through, flat=True).first() if row.pk else None
    if now and before not in {None, now.pk}:
        raise beside(path[0], gettext("This stays with its edition. Make a new one there."), "other_edition")


class Message(models.Model):
    """A short message by one of ``cms.channels``: the row is the promise that it goes out."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=150, blank=True)
    text = models.TextField()
    # The same each time that it is sent, so that the provider can tell.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["due_at"], name="message_due", condition=models.Q(state="waiting"))]

    def __str__(self):
        return f"{self.channel} {self.key}"
