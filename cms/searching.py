"""Searching rows by words in either script."""

from django.db import models

from cms import codes, khmer

WORDS = 8  # of a search; more find nobody and cost much
# More than any table has. A limit makes the database find the words before it thinks of the order: else it walks the rows
# in their order and reads nearly all of them to find a few.
ALL = 1_000_000_000


class SearchableQuerySet(models.QuerySet):
    """For models with a column ``search_text`` that holds the folded text of all one may search by."""

    def matching(self, words: str):
        """Rows in which all of ``words`` occur, whatever their script, case and spelling variant."""
        conditions = holding(words)
        found = self.model._default_manager.order_by().filter(*conditions)
        return self.filter(pk__in=found.values("pk")[:ALL]) if conditions else self


def holding(words: str) -> list[models.Q]:
    """Conditions of rows in which all of ``words`` occur, codes as they are written or as they are kept."""
    folded = khmer.fold(words.replace("\x00", " ")).split()[:WORDS]
    return [either("search_text__contains", word) for word in folded]


def either(lookup: str, words: str) -> models.Q:
    """The condition with ``words``, or with their codes joined as columns hold them."""
    condition, joined = models.Q((lookup, words)), codes.joined(words)
    return condition if joined == words else condition | models.Q((lookup, joined))
