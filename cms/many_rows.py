"""Pages of a list of a hundred thousand rows, however they were found."""

from django.db.models import F
from django.db.models.functions import Coalesce
from wagtail.admin.paginator import WagtailPaginator

# Of a hundred thousand: so many that walking past the others in their order takes no longer than sorting those.
SORTED = 50_000
NEAR = 2_000  # rows at the beginning of the order, among which a page is looked for before all that was found is sorted


class KeysFirst(WagtailPaginator):
    """Finds the keys of a page before its rows, so that the database sorts and passes over keys alone.

    Those found by words it must sort where they are few: left to itself it walks all rows in their order until it has
    met a page of them, and people of one family stand together, perhaps at the end.
    """

    def __init__(self, *args, has_words: bool, count: int | None = None, is_more: bool = False, **kwargs):
        """``count`` where it is known already: to count is to walk through all of them. Where there ``is_more`` than was
        counted, the pages end with the count."""
        super().__init__(*args, **kwargs)
        self.has_words, self.is_more = has_words, is_more
        if count is not None:
            self.count = count

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self._keys(first, min(first + self.per_page, self.count))
        rows = {row.pk: row for row in self.object_list.order_by().filter(pk__in=keys)}
        return self._get_page([rows[key] for key in keys if key in rows], number, self)

    def _keys(self, first: int, last: int) -> list:
        keys = self.object_list.values_list("pk", flat=True)
        if not self.has_words or self.count >= SORTED:
            return list(keys[first:last])
        if self.is_more and (near := self._near(keys)) is not None and len(found := list(near[:last])) == last:
            return found[first:]
        return list(keys.order_by(*map(_without_index, self.object_list.query.order_by))[first:last])

    def _near(self, keys):
        """Those of the found at the beginning of the order. None where no index knows that order, or all are near."""
        name = next(iter(self.object_list.query.order_by), "")
        column = name.removeprefix("-")
        model = self.object_list.model
        if column not in {index.fields[0] for index in model._meta.indexes if index.fields}:
            return None
        ends = model._default_manager.order_by(name).values_list(column, flat=True)[NEAR : NEAR + 1]
        end = ends.first()
        return None if end is None else keys.filter(**{f"{column}__{'gte' if name != column else 'lte'}": end})


def _without_index(name: str):
    """The same order by an expression of which no index knows."""
    column = F(name.removeprefix("-"))
    same = Coalesce(column, column)
    return same.desc() if name.startswith("-") else same.asc()
