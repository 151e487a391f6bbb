"""What each process of a race would do for the first time, done once by the server that forks them: catalogues, templates,
validators, the first questions to the database. A race then takes the time of its acts."""

import gc

import pytest  # noqa: F401
from django.db import connection
from django.utils.translation import gettext, override

from tests import databases
from tests.factories import registration


def up() -> None:
    name = databases.copy("warm")
    databases.point_to(name)
    for language in ("en", "km"):
        with override(language):
            gettext("Name")
    registration.registration()
    connection.close()  # no process may inherit it
    databases.drop(name)
    gc.collect()
    gc.freeze()


up()
