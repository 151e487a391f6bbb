"""Small pieces of the back office of which a list has hundreds, drawn without a template each: the same elements as
Wagtail's templates make, in a tenth of the time. Together they were half of what a page of twenty people took."""

import hashlib
from functools import lru_cache

from django.core.cache import caches
from django.forms.utils import flatatt
from django.forms.widgets import Select
from django.template import Context
from django.template.base import render_value_in_context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from wagtail.admin.templatetags import wagtailadmin_tags
from wagtail.admin.ui.tables import BaseColumn, TitleColumn
from wagtail.admin.widgets.button import BaseButton, ButtonWithDropdown

from cms import caching

BUTTON, CELL, SELECT = BaseButton.template_name, "wagtailadmin/tables/cell.html", Select.template_name
DROPDOWN, TITLE = ButtonWithDropdown.template_name, TitleColumn.cell_template_name
MENU_KEPT = 30  # seconds

_render_button, _render_cell, _render_select = BaseButton.render_html, BaseColumn.render_cell_html, Select.render
_render_dropdown = ButtonWithDropdown.render_html
_sidebar_props = wagtailadmin_tags.sidebar_props


def apply() -> None:
    """Templates of others, where a column or a button has one, stay as they are."""
    wagtailadmin_tags.register.simple_tag(icon)
    BaseButton.render_html = button
    BaseColumn.render_cell_html = cell
    ButtonWithDropdown.render_html = dropdown
    Select.render = select
    wagtailadmin_tags.register.simple_tag(sidebar_props, takes_context=True)


def icon(name=None, classname=None, title=None, wrapped=False) -> str:
    return _icon(name and str(name), classname and str(classname), title and str(title), wrapped)


@lru_cache(maxsize=2000)
def _icon(*words) -> str:
    return render_to_string("wagtailadmin/shared/icon.html", wagtailadmin_tags.icon(*words))


def button(self, parent_context=None) -> str:
    if self.template_name != BUTTON:
        return _render_button(self, parent_context)
    content = format_html("{}{}", icon(self.icon_name) if self.icon_name else "", self.label)
    if self.url:
        return format_html('<a href="{}" class="{}"{}>{}</a>', self.url, self.classname, self.base_attrs_string, content)
    return format_html('<button class="{}"{}>{}</button>', self.classname, self.base_attrs_string, content)


def cell(self, instance, parent_context) -> str:
    if self.cell_template_name == TITLE:
        return _title_cell(self, self.get_cell_context_data(instance, parent_context), parent_context)
    if self.cell_template_name != CELL:
        return _render_cell(self, instance, parent_context)
    value = self.get_cell_context_data(instance, parent_context)["value"]
    written = "" if value is None else render_value_in_context(value, Context())
    if self.classname:
        return format_html('<td class="{}">{}</td>', self.classname, written)
    return format_html("<td>{}</td>", written)


def _title_cell(column, words, parent_context) -> str:
    title = render_value_in_context(words["value"], Context())
    if words["title_id"]:
        title = format_html('<span id="{}">{}</span>', words["title_id"], title)
    if words["link_url"]:
        title = format_html("<a{}>{}</a>", _attributes(words["link_attrs"]), title)
    elif words["label_id"]:
        title = format_html('<label for="{}">{}</label>', words["label_id"], title)
    shown = [each.render_html(parent_context) for each in words.get("buttons", ()) if each.show]
    buttons = format_html('<ul class="actions">{}</ul>', format_html_join("", "<li>{}</li>", zip(shown))) if shown else ""
    classname = f"{column.classname} title" if column.classname else "title"
    return format_html('<td class="{}"><div class="title-wrapper">{}</div>{}</td>', classname, title, buttons)


def dropdown(self, parent_context=None) -> str:
    words = self.get_context_data(parent_context)
    if self.template_name != DROPDOWN or words["label"]:
        return _render_dropdown(self, parent_context)
    toggle = format_html(
        '<button type="button" class="w-dropdown__toggle w-dropdown__toggle--icon {}"'
        ' data-w-dropdown-target="toggle"{}>{}</button>',
        words["toggle_classname"] or "",
        flatatt({"aria-label": words["title"]} if words["title"] else {}),
        icon(words["icon_name"] or "arrow-down", "w-dropdown__toggle-icon"),
    )
    return format_html(
        '<div data-controller="w-dropdown" class="w-dropdown"{}>{}'
        '<div data-w-dropdown-target="content" class="w-dropdown__content" hidden>{}</div></div>',
        self.base_attrs_string,
        toggle,
        format_html_join("", "{}", ((each.render_html(parent_context),) for each in words["buttons"])),
    )


def select(self, name, value, attrs=None, renderer=None) -> str:
    if self.template_name != SELECT or self.option_template_name != Select.option_template_name:
        return _render_select(self, name, value, attrs, renderer)
    widget = self.get_context(name, value, attrs)["widget"]
    groups = format_html_join("", "{}", ((_group(label, options),) for label, options, _index in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), groups)


def _group(label, options) -> str:
    written = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each["value"], _attributes(each["attrs"]), each["label"]) for each in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', label, written) if label else written


def _attributes(attributes: dict) -> str:
    """The templates write an attribute that is None; ``flatatt`` leaves it out."""
    return flatatt({name: "None" if value is None else value for name, value in attributes.items()})


def sidebar_props(context) -> str:
    """The menu of somebody with these permissions, for some seconds: what they may do is asked by each page itself."""
    if not caching.is_on():
        return _sidebar_props(context)
    user = context["request"].user
    asked = f"{user.pk} {user} {get_language()} {sorted(user.get_all_permissions())}"
    key = f"sidebar-{hashlib.sha256(asked.encode()).hexdigest()}"
    return caches["pages"].get_or_set(key, lambda: _sidebar_props(context), MENU_KEPT)
