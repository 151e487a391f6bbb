"""What is drawn without a template is what Wagtail's template draws."""

import datetime

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from lxml import html
from wagtail.admin.templatetags import wagtailadmin_tags
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import Button, ButtonWithDropdown

from cms import quick_drawing

quick_drawing.apply()


def canonical(piece: str) -> str:
    """The elements, their attributes and words, however many blanks stand between."""
    tree = html.fragment_fromstring(f"<table><tr>{piece}</tr></table>")
    for element in tree.iter():
        element.text, element.tail = (" ".join((words or "").split()) for words in (element.text, element.tail))
        if not element.get("class", "x").strip():
            del element.attrib["class"]
    return html.tostring(tree, encoding="unicode")


@pytest.mark.parametrize(
    "words", [{"name": "bin"}, {"name": "user", "classname": "big", "title": "<Who>"}, {"name": "cog", "wrapped": True}]
)
def test_an_icon_is_as_wagtail_draws_it(words):
    written = " ".join(f"{name}=words.{name}" for name in words)
    page = Template(f"{{% load wagtailadmin_tags %}}{{% icon {written} %}}").render(Context({"words": words}))

    assert page == render_to_string("wagtailadmin/shared/icon.html", wagtailadmin_tags.icon(**words))
    assert "&lt;Who&gt;" in page or "title" not in words


def test_an_icon_needs_a_name():
    with pytest.raises(ValueError, match="icon name"):
        quick_drawing.icon()


@pytest.mark.parametrize(
    "button",
    [
        Button("Edit", url="/edit/?a=1&b=2", icon_name="edit", classname="big"),
        Button(gettext_lazy("Withdraw"), url="/withdraw/", attrs={"aria-label": 'More of "SOK"', "hidden": True}),
        Button("<b>Save</b>", icon_name="tick"),
    ],
)
def test_a_button_is_as_wagtail_draws_it(button):
    quickly, slowly = (draw(button, Context()) for draw in (quick_drawing.button, quick_drawing._render_button))

    assert canonical(quickly) == canonical(slowly)
    assert "<b>" not in quickly


def test_a_button_with_a_template_of_its_own_keeps_it():
    dropdown = ButtonWithDropdown(buttons=[Button("Edit", url="/edit/")], icon_name="edit")

    assert 'data-controller="w-dropdown"' in dropdown.render_html(Context())


@pytest.mark.parametrize(
    "value",
    ["SOK <Dara>", "សុខ", 1234567, 0, None, "", " ", True, format_html("<b>{}</b>", "<"), datetime.date(2024, 3, 11),
     datetime.datetime(2024, 3, 11, 2, tzinfo=datetime.UTC), gettext_lazy("Confirmed")],
)  # fmt: skip
@pytest.mark.parametrize("classname", [None, "wide"])
def test_a_cell_is_as_wagtail_draws_it(value, classname):
    column = Column("name", accessor=lambda row: value, classname=classname)
    parts = (column, object(), {"row": None, "table": None})

    quickly, slowly = (draw(*parts) for draw in (quick_drawing.cell, quick_drawing._render_cell))

    assert canonical(quickly) == canonical(slowly)


def test_a_column_with_a_template_of_its_own_keeps_it():
    column = TitleColumn("name", accessor=lambda row: "SOK Dara", get_url=lambda row: "/edit/")

    assert 'href="/edit/"' in column.render_cell_html(object(), {"row": None, "table": None})
