"""Django's cache in the database, which besides counts exactly, however many processes count at once."""

import datetime

from django.core.cache.backends import db
from django.db import connections, router


class DatabaseCache(db.DatabaseCache):
    def count(self, windows: dict[str, float]) -> list[int]:
        """Adds one to each of these counts and returns them; ``windows`` says when each may be forgotten, in seconds
        since 1970. One statement, so nobody's one is lost, and in the order of the keys, so nobody waits in a circle."""
        keys = {self.make_and_validate_key(key): until for key, until in sorted(windows.items())}
        connection = connections[router.db_for_write(self.cache_model_class)]
        table = connection.ops.quote_name(self._table)
        rows = ", ".join(["(%s, '1', %s)"] * len(keys))
        statement = f"""
            INSERT INTO {table} (cache_key, value, expires) VALUES {rows}
            ON CONFLICT (cache_key) DO UPDATE SET value = CAST(CAST({table}.value AS integer) + 1 AS text)
            RETURNING cache_key, value"""  # noqa: S608, the table's name is ours
        parameters = [word for key, until in keys.items() for word in (key, _moment(connection, until))]
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            counts = {key: int(value) for key, value in cursor.fetchall()}
        return [counts[self.make_key(key)] for key in windows]

    def forget_expired(self) -> None:
        """Django forgets what is past only when the table is full."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        table = connection.ops.quote_name(self._table)
        now = datetime.datetime.now(datetime.UTC).timestamp()
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [_moment(connection, now)])  # noqa: S608


def _moment(connection, seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(microsecond=0)
    return connection.ops.adapt_datetimefield_value(moment)
