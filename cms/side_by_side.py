"""Two who edit a row that keeps no versions, such as a person: what one left as it was stays as the other made it, and what
both changed is told once, beside the field. Saved again, it is a decision. Pages and rows with versions: ``meanwhile``.
"""

import json
from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext as _

OPENED = "as_opened"  # the hidden field of what stood in the others when the form was made


def remembered(get_form: Callable) -> Callable:
    """``get_form`` of Wagtail's edit view: the form knows what it was made from."""

    @wraps(get_form)
    def get_form_that_knows(view, *args, **kwargs):
        form = get_form(view, *args, **kwargs)
        if not _keeps_versions(view.object):
            form.fields[OPENED] = forms.CharField(widget=forms.HiddenInput, required=False, initial=json.dumps(_facts(form)))
        return form

    return get_form_that_knows


def merged(post: Callable) -> Callable:
    """``post`` of Wagtail's edit view, by one after another."""

    @wraps(post)
    def post_in_turn(view, request, *args, **kwargs):
        opened = _read(request.POST.get(OPENED, ""))
        if opened is None or _keeps_versions(view.object):
            return post(view, request, *args, **kwargs)
        with transaction.atomic():
            type(view.object)._base_manager.select_for_update().get(pk=view.object.pk)
            view.object.refresh_from_db()
            form = view.get_form_class()(**_without_what_was_typed(view.get_form_kwargs()))
            request.POST, both = _merge(form, opened, request)
            if not both:
                return post(view, request, *args, **kwargs)
            return _as_typed(view, form, both)

    return post_in_turn


def _keeps_versions(row) -> bool:
    return hasattr(row, "latest_revision_id")


def _facts(form) -> dict:
    """What a form of the row begins with, as JSON has it; files are no words."""
    names = [name for name, field in form.fields.items() if name in form.initial and not isinstance(field, forms.FileField)]
    begun = {name: form.get_initial_for_field(form.fields[name], name) for name in names}
    begun = {name: [each.pk for each in value] if _is_rows(value) else value for name, value in begun.items()}
    return json.loads(json.dumps(begun, cls=DjangoJSONEncoder, default=str))


def _is_rows(value) -> bool:
    return isinstance(value, list) and all(hasattr(each, "pk") for each in value)


def _read(text: str) -> dict | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _without_what_was_typed(kwargs: dict) -> dict:
    return {name: value for name, value in kwargs.items() if name not in ("data", "files")}


def _merge(form, opened: dict, request) -> tuple:
    """What was typed, with what the row says now where nothing was changed; and the names that both changed."""
    typed, both, now = request.POST.copy(), [], _facts(form)
    for name in [name for name, value in now.items() if opened.get(name, value) != value]:
        if not _is_left(form, name, opened[name], request) or not _put(typed, form[name]):
            both.append(name)
    typed[OPENED] = json.dumps(now)
    return typed, both


def _is_left(form, name: str, before, request) -> bool:
    field = form.fields[name]
    value = field.widget.value_from_datadict(request.POST, request.FILES, form.add_prefix(name))
    try:
        return field.to_python(value) == field.to_python(before)
    except (ValidationError, TypeError, ValueError, AttributeError):  # a hidden field may hold anything
        return False


def _put(typed, bound) -> bool:
    """Whether what the row says could be written into what was typed: a widget of several parts has its own way."""
    widget, name, value = bound.field.widget, bound.html_name, bound.value()
    if isinstance(widget, forms.MultiWidget):
        return False
    if isinstance(widget, forms.CheckboxInput):
        typed.setlist(name, ["on"] if value else [])
    elif isinstance(value, list | tuple):
        typed.setlist(name, [str(each) for each in value])
    else:
        written = value if isinstance(widget, ChoiceWidget) else widget.format_value(value)
        typed[name] = "" if written is None else str(written)
    return True


def _as_typed(view, form, both: list[str]):
    now = {name: _written(view.object, name, form) for name in both}
    answer = view.get_form()
    answer.is_valid()  # which writes what was typed into the row, though not into the database
    for name, value in now.items():
        told = _("Changed to “%(value)s” after you opened this page. Saved again, yours replaces it.") % {"value": value}
        answer.add_error(name, told)
    view.produced_error_message = view.get_error_message()
    return view.form_invalid(answer)


def _written(row, name: str, form):
    if hasattr(row, f"get_{name}_display"):
        return getattr(row, f"get_{name}_display")()
    value = getattr(row, name, form[name].value())
    return "" if value is None else value
