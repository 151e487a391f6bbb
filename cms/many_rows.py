"""Pages of a list of a hundred thousand rows, however they were found."""

from django.db.models import F
from django.db.models.functions import Coalesce
from wagtail.admin.paginator import WagtailPaginator

# Of a hundred thousand: so many that walking past the others in their order takes no longer than sorting those.
SORTED = 50_000


class KeysFirst(WagtailPaginator):
    """Finds the keys of a page before its rows, so that the database sorts and passes over keys alone.

    Those found by words it must sort where they are few: left to itself it walks all rows in their order until it has
    met a page of them, and people of one family stand together, perhaps at the end.
    """

    def __init__(self, *args, has_words: bool, count: int | None = None, **kwargs):
        """``count`` where it is known already: to count is to walk through all of them."""
        super().__init__(*args, **kwargs)
        self.has_words = has_words
        if count is not None:
            self.count = count

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self._keys()[first : first + self.per_page])
        rows = {row.pk: row for row in self.object_list.order_by().filter(pk__in=keys)}
        return self._get_page([rows[key] for key in keys if key in rows], number, self)

    def _keys(self):
        keys = self.object_list.values_list("pk", flat=True)
        order = self.object_list.query.order_by
        return keys.order_by(*map(_without_index, order)) if self.has_words and self.count < SORTED else keys


def _without_index(name: str):
    """The same order by an expression of which no index knows."""
    column = F(name.removeprefix("-"))
    same = Coalesce(column, column)
    return same.desc() if name.startswith("-") else same.asc()
