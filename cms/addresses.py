"""Whole addresses for mail, QR and calendars, and those of which a list has hundreds."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def absolute(path: str) -> str:
    return settings.BASE_URL + path


def whole(name: str, *args, language: str) -> str:
    """The whole address of the page ``name`` in ``language``."""
    with override(language):
        return absolute(reverse(name, args=args))


def of_row(name: str, key: int) -> str:
    """The address ``name`` in the back office of the row with this key: looked up once, not for each row of a list."""
    before, after = _around(name)
    return f"{before}{key}{after}"


@lru_cache(maxsize=500)
def _around(name: str) -> tuple[str, str]:
    somebody = 10**9 + 7
    before, _key, after = reverse(name, args=[somebody]).partition(str(somebody))
    return before, after
