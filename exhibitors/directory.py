"""The directory of exhibitors: who answers to which words and filters, and how many to each choice."""

from collections import defaultdict

from django.db.models import Q, QuerySet

from cms.models import Edition
from cms.searching import holding
from exhibitors.models import Agency, Booking, ChosenTheme, Product

FILTERS = ("kind", "country", "zone", "theme")


def matching(edition: Edition, words: str) -> QuerySet[Agency]:
    """The exhibitors in whose names, or in a product that they show, each of ``words`` occurs."""
    found = Agency.objects.exhibiting_at(edition)
    for condition in holding(words):
        products = Product.objects.filter(condition, edition=edition)
        found = found.filter(condition | Q(pk__in=products.values("agency")))
    return found


class Directory:
    """Who exhibits, and what each may be found by. Three queries, however many there are; words take one more."""

    def __init__(self, edition: Edition):
        self.edition = edition
        self.holders = {name: defaultdict(set) for name in FILTERS}
        everybody = set()
        for agency, kind, country in Agency.objects.exhibiting_at(edition).order_by().values_list("pk", "kind", "country"):
            everybody.add(agency)
            self.holders["kind"][kind].add(agency)
            if country:
                self.holders["country"][country].add(agency)
        for agency, zone in Booking.objects.shown_at(edition).values_list("agency", "booth__zone__code"):
            self.holders["zone"][zone].add(agency)
        for agency, theme in ChosenTheme.objects.filter(edition=edition).values_list("agency", "theme__code"):
            if agency in everybody:
                self.holders["theme"][theme].add(agency)
        self.everybody = self.with_words = frozenset(everybody)

    def search(self, words: str) -> None:
        """From now on only those who hold all of ``words`` are found and counted."""
        if holding(words):
            self.with_words = self.everybody & set(matching(self.edition, words).order_by().values_list("pk", flat=True))

    def find(self, chosen: dict[str, str], *, but: str = "") -> frozenset[int]:
        """The keys of those who answer to all that is chosen; a filter that is blank, or ``but``, narrows nothing."""
        found = self.with_words
        for name in FILTERS:
            if chosen.get(name) and name != but:
                found &= self.holders[name].get(chosen[name], set())
        return found

    def counts(self, name: str, chosen: dict[str, str]) -> dict[str, int]:
        """How many would be found with each choice of one filter, the others as they are."""
        found = self.find(chosen, but=name)
        return {value: len(found & holders) for value, holders in self.holders[name].items()}
