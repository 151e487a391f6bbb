"""A group of people as staff choose it: by the filters of their list, by words searched for, or by ticking rows."""

import hashlib
from collections import Counter
from dataclasses import dataclass

import django_filters
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from cms import caching, history, khmer, languages
from cms.models import Edition
from forum.registration import consenting
from forum.registration.models import THEMSELVES, Delegation, PassType, Registration, Step

ALL = "all"  # what Wagtail's list sends instead of numbers when every row of it was ticked
MOST_TICKED = 1_000
MANY, KEPT = 20_000, 10  # people of whom figures are kept, and for how many seconds
NAMES = ("name_en", "name_km")  # all that a choice shows of its row


class RegistrationFilters(WagtailFilterSet):
    """By what the list of people is narrowed."""

    WAYS = [
        ("self", gettext_lazy("By the person, at the form")),
        ("code", gettext_lazy("With an access code")),
        ("delegation", gettext_lazy("By a focal point")),
        ("link", gettext_lazy("By a focal point’s link")),
    ]

    edition = django_filters.ModelChoiceFilter(label=gettext_lazy("Edition"), queryset=Edition.objects.only(*NAMES))
    pass_type = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Pass"), queryset=PassType.objects.select_related("edition").only(*NAMES, "edition__slug")
    )
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=Registration.State.choices)
    awaits = django_filters.ChoiceFilter(label=gettext_lazy("Awaits the word of"), choices=Step.choices)
    coming = django_filters.ChoiceFilter(
        label=gettext_lazy("Comes"), method="narrow_by_coming",
        choices=[*Registration.Coming.choices, ("none", gettext_lazy("Not asked yet"))],
    )  # fmt: skip
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=Registration._meta.get_field("language").choices
    )
    agency = django_filters.ChoiceFilter(label=gettext_lazy("Agency"), choices=lambda: _kept_agencies())
    delegation = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Delegation"),
        queryset=Delegation.objects.select_related("agency", "edition").only(
            *(f"agency__{name}" for name in NAMES), "edition__slug"
        ),
    )
    way = django_filters.ChoiceFilter(label=gettext_lazy("Registered how"), choices=WAYS, method="narrow_by_way")
    own_address = django_filters.ChoiceFilter(
        label=gettext_lazy("E-mail"), method="narrow_by_address",
        choices=[("own", gettext_lazy("An address of their own")), ("none", gettext_lazy("None, or a contact’s"))],
    )  # fmt: skip
    consent = django_filters.ChoiceFilter(
        label=gettext_lazy("Privacy notice"), method="narrow_by_consent",
        choices=[("due", gettext_lazy("Not agreed to, or changed since"))],
    )  # fmt: skip
    protocol_rank = django_filters.NumberFilter(lookup_expr="lte", label=gettext_lazy("Protocol rank, this or higher"))
    registered_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Registered"), widget=DateRangePickerWidget)

    class Meta:
        model = Registration
        fields = []

    @staticmethod
    def narrow_by_coming(rows, name, value):
        return rows.filter(coming="" if value == "none" else value)

    @staticmethod
    def narrow_by_way(rows, name, value):
        ways = {
            "self": rows.filter(delegation=None, access_code=None),
            "code": rows.filter(access_code__isnull=False),
            "delegation": rows.filter(delegation__isnull=False, place_links__isnull=True),
            "link": rows.filter(place_links__isnull=False),
        }
        return ways[value]

    @staticmethod
    def narrow_by_consent(rows, name, value):
        return consenting.due(rows)

    @staticmethod
    def narrow_by_address(rows, name, value):
        return rows.filter(THEMSELVES if value == "own" else ~THEMSELVES)


def _kept_agencies() -> list[tuple[str, str]]:
    return caching.kept(f"agencies-of-people-{languages.current()}", _agencies_of_people)


def _agencies_of_people() -> list[tuple[str, str]]:
    return [(str(agency.pk), str(agency)) for agency in Registration.objects.agencies().only(*NAMES)]


@dataclass(frozen=True)
class Group:
    """The people, and how they were chosen in words. Words searched for stay out of it: they may be a name."""

    people: QuerySet
    chosen_by: str
    # Somebody chose the states, or each person: those who have left are meant where they are among them.
    is_of_states: bool = False

    def __len__(self):
        return self.people.count()


def of_query(query: QueryDict) -> Group:
    """Whom the list shows with this query, or whom of them somebody ticked. Refuses with code ``filters`` what it cannot
    read: else a mistaken filter would mean everybody."""
    filters = RegistrationFilters(data=query, queryset=Registration.objects.with_names())
    if not filters.is_valid():
        raise ValidationError(_("These filters cannot be read. Choose the people in the list again."), "filters")
    people, words = filters.qs, _in_words(filters)
    if searched := query.get("q", ""):
        people, words = people.matching(searched), [*words, _("found by words")]
    ticked = query.getlist("id")
    if ticked and ALL not in ticked:
        if len(ticked) > MOST_TICKED or not all(pk.isascii() and pk.isdecimal() and len(pk) < 19 for pk in ticked):
            raise ValidationError(_("These filters cannot be read. Choose the people in the list again."), "filters")
        people, words = people.filter(pk__in=ticked), [*words, _("ticked one by one")]
    is_of_states = bool(filters.form.cleaned_data["state"] or (ticked and ALL not in ticked))
    return Group(people, "; ".join(words) or _("everybody"), is_of_states)


def _in_words(filters) -> list[str]:
    """Each filter that is set, as the list names it."""
    told = []
    for name in filters.form.changed_data:
        label, value = filters.filters[name].label or name, filters.form.cleaned_data[name]
        choices = dict(getattr(filters.form.fields[name], "choices", ())) if isinstance(value, str | list) else {}
        if isinstance(value, slice):
            value = " – ".join(f"{day:%Y-%m-%d}" if day else "…" for day in (value.start, value.stop))
        elif isinstance(value, list):
            value = ", ".join(str(choices.get(each, each)) for each in value)
        words = choices.get(value, value) if isinstance(value, str) else value
        told.append(_("%(label)s: %(words)s") % {"label": label, "words": words})
    return told


@dataclass(frozen=True)
class Figures:
    """How many people of a group hold each pass in each state, and what those with a place say about coming. Where there
    ``is_more`` than was to be counted, of so many alone."""

    states: list
    passes: list[tuple[str, list[int], int]]
    totals: list[int]
    all: int
    coming: list[tuple[str, int]]
    with_place: int
    is_more: bool = False


def figures(people: QuerySet, most: int | None = None) -> Figures:
    """One query, however many people there are: in the order of its index and by that alone, which is quickest where
    everybody is counted. Who was found by words is no better counted than met, which is enough for ``most`` of them."""
    facts, is_more = ("pass_type", "state", "coming"), False
    if most is None:
        counted = people.order_by().values_list("edition", *facts).annotate(number=Count("*"))
        rows = [row[1:] for row in counted]
    else:
        met = list(people.order_by().values_list(*facts)[: most + 1])
        rows, is_more = [(*row, number) for row, number in Counter(met[:most]).items()], len(met) > most
    kinds = PassType.objects.filter(pk__in={row[0] for row in rows}).only(*NAMES) if rows else ()
    named = {kind.pk: kind.name for kind in kinds}
    states = [state for state in Registration.State if any(row[1] == state for row in rows)]
    by_pass = {pk: [_sum(rows, pk, state) for state in states] for pk in named}
    passes = [
        (named[pk], numbers, sum(numbers))
        for pk, numbers in sorted(by_pass.items(), key=lambda item: khmer.sort_key(named[item[0]]))
    ]
    place = [row for row in rows if row[1] == Registration.State.CONFIRMED]
    coming = [
        (label, sum(row[3] for row in place if row[2] == value))
        for value, label in [*reversed(Registration.Coming.choices), ("", _("Not asked yet"))]
    ]
    return Figures(
        states=states,
        passes=passes,
        totals=[sum(row[3] for row in rows if row[1] == state) for state in states],
        all=sum(row[3] for row in rows),
        coming=coming,
        with_place=sum(row[3] for row in place),
        is_more=is_more,
    )


def lately(people: QuerySet, asked: str) -> Figures:
    """As ``figures``, for ``people`` whom the query ``asked`` chooses. To count ``MANY`` takes longer than all else on their
    page: they are counted anew after ``KEPT`` seconds, and once staff have done anything."""
    if not caching.is_on():
        return figures(people)
    key = f"figures-{hashlib.sha256(f'{history.newest()} {languages.current()} {asked}'.encode()).hexdigest()}"
    if (before := caches["pages"].get(key)) is not None:
        return before
    counted = figures(people)
    if counted.all >= MANY:
        caches["pages"].set(key, counted, KEPT)
    return counted


def _sum(rows, pk, state) -> int:
    return sum(row[3] for row in rows if row[:2] == (pk, state))


def people_in_words(number: int) -> str:
    return ngettext("%(number)d person", "%(number)d people", number) % {"number": number}
