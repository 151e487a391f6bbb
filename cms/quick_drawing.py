"""Small pieces of the back office of which a list has hundreds, drawn without a template each: the same elements as
Wagtail's templates make, in a tenth of the time. Together they were half of what a page of twenty people took."""

import hashlib
import html
from functools import lru_cache

from django.contrib.admin.utils import quote
from django.core.cache import caches
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.forms.widgets import Select
from django.template import Context
from django.template.base import render_value_in_context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from wagtail.admin.templatetags import wagtailadmin_tags
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Table, TitleColumn
from wagtail.admin.widgets.button import BaseButton, ButtonWithDropdown

from cms import caching

CHECKBOX, CHOOSE = BulkActionsCheckboxColumn.cell_template_name, "Select"  # the word is in Wagtail's catalogue
BUTTON, CELL, SELECT = BaseButton.template_name, "wagtailadmin/tables/cell.html", Select.template_name
DROPDOWN, TITLE = ButtonWithDropdown.template_name, TitleColumn.cell_template_name
MENU_KEPT = 30  # seconds
PLAIN = Context()  # how values are written, which nothing changes

_render_button, _render_cell, _render_select = BaseButton.render_html, BaseColumn.render_cell_html, Select.render
_render_dropdown = ButtonWithDropdown.render_html
_sidebar_props = wagtailadmin_tags.sidebar_props


def apply() -> None:
    """Templates of others, where a column or a button has one, stay as they are."""
    wagtailadmin_tags.register.simple_tag(icon)
    BaseButton.render_html = button
    ModelChoiceIterator.__iter__ = choices
    BaseColumn.render_cell_html = cell
    ButtonWithDropdown.render_html = dropdown
    Select.render = select
    Table.drawn_rows = property(Rows)  # our template of a table asks for it
    wagtailadmin_tags.register.simple_tag(sidebar_props, takes_context=True)


def choices(self):
    """All at once: they are all drawn, and a cursor on the server takes three questions instead of one."""
    if self.field.empty_label is not None:
        yield "", self.field.empty_label
    for each in self.queryset.all():
        yield self.choice(each)


def icon(name=None, classname=None, title=None, wrapped=False) -> str:
    return _icon(name and str(name), classname and str(classname), title and str(title), wrapped)


@lru_cache(maxsize=2000)
def _icon(*words) -> str:
    return render_to_string("wagtailadmin/shared/icon.html", wagtailadmin_tags.icon(*words))


def button(self, parent_context=None) -> str:
    if self.template_name != BUTTON:
        return _render_button(self, parent_context)
    attributes = _html(self.base_attrs_string) if self.attrs else ""
    content = (icon(self.icon_name) if self.icon_name else "") + _html(self.label)
    if self.url:
        return mark_safe(f'<a href="{_html(self.url)}" class="{_html(self.classname)}"{attributes}>{content}</a>')
    return mark_safe(f'<button class="{_html(self.classname)}"{attributes}>{content}</button>')


def cell(self, instance, parent_context) -> str:
    if self.cell_template_name == TITLE:
        return _title_cell(self, self.get_cell_context_data(instance, parent_context), parent_context)
    if self.cell_template_name == CHECKBOX and self.obj_type != "page":
        return _checkbox_cell(self, instance)
    if self.cell_template_name != CELL:
        return _render_cell(self, instance, parent_context)
    value = self.get_cell_context_data(instance, parent_context)["value"]
    if value.__class__ is bool:  # a model's own field, which Wagtail writes as Python does
        value = gettext("Yes") if value else gettext("No")
    classname = f' class="{_html(self.classname)}"' if self.classname else ""
    return mark_safe(f"<td{classname}>{'' if value is None else _written(value)}</td>")


def _title_cell(column, words, parent_context) -> str:
    title = _written(words["value"])
    if words["title_id"]:
        title = f'<span id="{_html(words["title_id"])}">{title}</span>'
    if words["link_url"]:
        title = f"<a{_attributes(words['link_attrs'])}>{title}</a>"
    elif words["label_id"]:
        title = f'<label for="{_html(words["label_id"])}">{title}</label>'
    shown = "".join(f"<li>{_html(each.render_html(parent_context))}</li>" for each in words.get("buttons", ()) if each.show)
    buttons = f'<ul class="actions">{shown}</ul>' if shown else ""
    classname = f"{_html(column.classname)} title" if column.classname else "title"
    return mark_safe(f'<td class="{classname}"><div class="title-wrapper">{title}</div>{buttons}</td>')


def _checkbox_cell(column, instance) -> str:
    described, label = column.get_aria_describedby(instance), gettext(CHOOSE)
    return mark_safe(
        f'<td class="bulk-action-checkbox-cell"><input type="checkbox" data-object-id="{_html(quote(instance.pk))}"'
        f' data-bulk-action-checkbox class="bulk-action-checkbox" aria-label="{_html(label)}"'
        f"{_attributes({'aria-describedby': described}) if described else ''}></td>"
    )


class Rows:
    """The body of a table."""

    def __init__(self, table: Table):
        self.table = table

    def render_html(self, parent_context) -> str:
        drawn = []
        for row in self.table.rows:
            with parent_context.push(row=row):
                cells = "".join(_html(each.render_html(parent_context)) for each in row.values())
            drawn.append(f"<tr{_attributes(row.attrs)}>{cells}</tr>")
        return mark_safe("".join(drawn))


def dropdown(self, parent_context=None) -> str:
    words = self.get_context_data(parent_context)
    if self.template_name != DROPDOWN or words["label"]:
        return _render_dropdown(self, parent_context)
    toggle = _html(words["toggle_classname"] or "")
    title = f' aria-label="{_html(words["title"])}"' if words["title"] else ""
    drawn = icon(words["icon_name"] or "arrow-down", "w-dropdown__toggle-icon")
    attributes = _html(self.base_attrs_string) if self.attrs else ""
    return mark_safe(
        f'<div data-controller="w-dropdown" class="w-dropdown"{attributes}>'
        f'<button type="button" class="w-dropdown__toggle w-dropdown__toggle--icon {toggle}"'
        f' data-w-dropdown-target="toggle"{title}>{drawn}</button>'
        '<div data-w-dropdown-target="content" class="w-dropdown__content" hidden>'
        f"{''.join(_html(each.render_html(parent_context)) for each in words['buttons'])}</div></div>"
    )


def select(self, name, value, attrs=None, renderer=None) -> str:
    if self.template_name != SELECT or self.option_template_name != Select.option_template_name:
        return _render_select(self, name, value, attrs, renderer)
    widget = self.get_context(name, value, attrs)["widget"]
    groups = "".join(_group(label, options) for label, options, _index in widget["optgroups"])
    return mark_safe(f'<select name="{_html(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>')


def _group(label, options) -> str:
    written = "".join(
        f'<option value="{_html(each["value"])}"{_attributes(each["attrs"])}>{_html(each["label"])}</option>'
        for each in options
    )
    return f'<optgroup label="{_html(label)}">{written}</optgroup>' if label else written


def _html(value) -> str:
    """As templates escape it; Django's own function asks at each call whether any of its words waits for a language."""
    if isinstance(value, Promise):
        value = str(value)
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


def _written(value) -> str:
    return render_value_in_context(value, PLAIN)


def _attributes(attributes: dict) -> str:
    """The templates write an attribute that is None; ``flatatt`` leaves it out."""
    return flatatt({name: "None" if value is None else value for name, value in attributes.items()}) if attributes else ""


def sidebar_props(context) -> str:
    """The menu of somebody with these permissions, for some seconds: what they may do is asked by each page itself."""
    if not caching.is_on():
        return _sidebar_props(context)
    user = context["request"].user
    asked = f"{user.pk} {user} {get_language()} {sorted(user.get_all_permissions())}"
    key = f"sidebar-{hashlib.sha256(asked.encode()).hexdigest()}"
    return caches["pages"].get_or_set(key, lambda: _sidebar_props(context), MENU_KEPT)
