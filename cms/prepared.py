"""Queries that are asked many times a second: written as SQL once, and planned once on each connection of PostgreSQL. To
build one costs more than to ask it, and to plan its joins more than to walk them."""

import copy
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace

from django.db import NotSupportedError, connections, models
from django.db.models.query import ModelIterable
from django.utils.module_loading import import_string

KINDS = {str: "prepared-{}".format, int: lambda number: -1_000_000 - number}


class Prepared:
    """``Prepared(lambda serial: Badge.objects.filter(serial=serial), serial=str)(serial="…")``: the rows of that queryset,
    with what it selects of others and what it annotates.

    ``make`` is called once with a stand-in for each value, whose SQL is kept. What depends on the value otherwise than as
    a parameter has no place in it: None, which is asked for with IS NULL, is refused, and so is a value that the SQL does
    not hold as it was given.
    """

    def __init__(self, make: Callable[..., models.QuerySet], **kinds: type):
        self.make, self.kinds, self.written = make, kinds, None

    def __call__(self, **values) -> list[models.Model]:
        if values.keys() != self.kinds.keys() or None in values.values():
            raise TypeError(f"asked for with {values}, not with {', '.join(self.kinds)}")
        if self.written is None:
            self.written = self._write()
        connection = connections[self.written[0].using]  # each thread has its own
        if not _keeps_plans(connection):
            return self._ask(connection, values)
        try:
            return self._ask(_Planned(connection), values)
        except NotSupportedError:  # a table has changed since, and a plan holds for what it was: all are forgotten
            connection.close()
            return self._ask(_Planned(connection), values)

    def first(self, **values) -> models.Model | None:
        return next(iter(self(**values)), None)

    def _ask(self, connection, values) -> list[models.Model]:
        compiler, sql, params, converters = self.written
        asked = copy.copy(compiler)
        asked.connection = connection
        asked.as_sql = lambda: (sql, tuple(values[one.name] if isinstance(one, _Place) else one for one in params))
        asked.get_converters = lambda expressions: converters
        query = SimpleNamespace(get_compiler=lambda using: asked)
        return list(ModelIterable(SimpleNamespace(db=compiler.using, query=query, _known_related_objects={})))

    def _write(self):
        stand_ins = {name: KINDS[kind](number) for number, (name, kind) in enumerate(self.kinds.items())}
        queryset = self.make(**stand_ins)
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        names = {value: name for name, value in stand_ins.items()}
        places = [_Place(names[one]) if isinstance(one, str | int) and one in names else one for one in params]
        if missing := self.kinds.keys() - {one.name for one in places if isinstance(one, _Place)}:
            raise TypeError(f"the SQL does not hold {', '.join(sorted(missing))} as given: {sql}")
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select[: compiler.col_count]])
        return compiler, sql, places, converters


class _Place(SimpleNamespace):
    """Where a value goes; its ``name``."""

    def __init__(self, name: str):
        super().__init__(name=name)


def _keeps_plans(connection) -> bool:
    """Not where connections are pooled between statements, as ``DISABLE_SERVER_SIDE_CURSORS`` says; not where queries are
    noted, which they are with their values; not in a transaction, which a plan that no longer holds would break."""
    if connection.vendor != "postgresql" or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return False
    return not connection.queries_logged and connection.get_autocommit()


class _Planned:
    """The connection, with cursors by which the server keeps how each statement is done."""

    def __init__(self, connection):
        self.connection = connection

    def __getattr__(self, name):
        return getattr(self.connection, name)

    def cursor(self):
        self.connection.ensure_connection()
        return self.connection._prepare_cursor(_cursor_class()(self.connection.connection))


@lru_cache
def _cursor_class() -> type:
    """Of PostgreSQL alone, whose adapter is there only where its database is used."""
    binding = import_string("django.db.backends.postgresql.base.ServerBindingCursor")

    class Planned(binding):
        def execute(self, query, params=None, **options):
            """Django has told the connection to keep no plans; no other cursor of it runs meanwhile."""
            self.connection.prepare_threshold = 0
            try:
                return super().execute(query, params, **options)
            finally:
                self.connection.prepare_threshold = None

    return Planned
