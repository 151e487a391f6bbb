"""Wagtail's search in the back office, where it fails for what organisers may well type and choose."""

from django.contrib import messages
from django.db import connection
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from modelsearch.backends.base import BaseSearchQueryCompiler, FilterFieldError, OrderByFieldError

IS_SQLITE = connection.vendor == "sqlite"
if IS_SQLITE:  # its module asks for a table that no other database has, and fails without it
    from modelsearch.backends.database.sqlite.query import Lexeme

    _written = Lexeme.as_sql

WORDS = "q"

_filters = BaseSearchQueryCompiler._get_filters_from_where_node


def apply() -> None:
    BaseSearchQueryCompiler._get_filters_from_where_node = filters
    if IS_SQLITE:
        Lexeme.as_sql = written


def filters(self, where_node, check_only=False):
    """As its own, which for a filter by something counted fails over an attribute."""
    try:
        return _filters(self, where_node, check_only=check_only)
    except AttributeError as fault:
        raise FilterFieldError("a filter by something counted", field_name=str(fault.name)) from fault


def written(self, compiler, connection):
    """A word between quotation marks in FTS5's language, where one within it is doubled."""
    template, words = _written(self, compiler, connection)
    return template, [word.replace('"', '""') for word in words]


def without_words(request, exception: Exception):
    """The same list by its filters alone, and a sentence: not every filter and order goes together with words."""
    if not isinstance(exception, FilterFieldError | OrderByFieldError) or WORDS not in request.GET:
        return None
    left = request.GET.copy()
    del left[WORDS]
    messages.warning(request, _("This filter or order does not go together with words to search for; they were left out."))
    return redirect(f"{request.path}?{left.urlencode()}")
