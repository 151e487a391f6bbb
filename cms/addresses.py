"""Whole addresses for mail, QR and calendars."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def absolute(path: str) -> str:
    return settings.BASE_URL + path


def whole(name: str, *args, language: str) -> str:
    """The whole address of the page ``name`` in ``language``."""
    with override(language):
        return absolute(reverse(name, args=args))
