"""Wagtail's search in the back office, where it fails for what organisers may well type and choose."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from modelsearch.backends.base import BaseSearchQueryCompiler, FilterFieldError, OrderByFieldError
from modelsearch.backends.database.sqlite.query import Lexeme

WORDS = "q"

_filters, _written = BaseSearchQueryCompiler._get_filters_from_where_node, Lexeme.as_sql


def apply() -> None:
    BaseSearchQueryCompiler._get_filters_from_where_node = filters
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
