"""Searching rows by words in either script."""

from django.db import models

from cms import khmer

WORDS = 8  # of a search; more find nobody and cost much


class SearchableQuerySet(models.QuerySet):
    """For models with a column ``search_text`` that holds the folded text of all one may search by."""

    def matching(self, words: str):
        """Rows in which all of ``words`` occur, whatever their script, case and spelling variant."""
        for word in khmer.fold(words.replace("\x00", " ")).split()[:WORDS]:
            self = self.filter(search_text__contains=word)
        return self
