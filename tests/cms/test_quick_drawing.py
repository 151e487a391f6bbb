"""What is drawn without a template is what Wagtail's template draws."""

import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import RadioSelect, Select, SelectMultiple
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from lxml import html
from wagtail import admin
from wagtail.admin.templatetags import wagtailadmin_tags
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    ButtonsColumnMixin,
    Column,
    StatusFlagColumn,
    Table,
    TitleColumn,
)
from wagtail.admin.widgets.button import Button, ButtonWithDropdown

from cms import caching, quick_drawing
from forum.accounts.models import User
from tests.factories import accounts

quick_drawing.apply()


def canonical(piece: str) -> str:
    """The elements, their attributes in any order, and words, however many blanks stand between."""
    tree = html.fragment_fromstring(f"<table><tr>{piece}</tr></table>")
    for element in tree.iter():
        element.text, element.tail = (" ".join((words or "").split()) for words in (element.text, element.tail))
        if not element.get("class", "x").strip():
            del element.attrib["class"]
        attributes = {name: " ".join(value.split()) for name, value in sorted(element.attrib.items())}
        element.attrib.clear()
        element.attrib.update(attributes)
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


@pytest.mark.parametrize(
    "words", [{"icon_name": "dots-horizontal", "attrs": {"aria-label": 'More of "SOK"'}}, {}, {"classname": "big"}]
)
def test_a_button_that_opens_others_is_as_wagtail_draws_it(words):
    others = [Button("Edit", url="/edit/", priority=20), Button("<Erase>", url="/erase/", priority=10)]
    opener = ButtonWithDropdown(buttons=others, **words)

    quickly, slowly = (draw(opener, Context()) for draw in (quick_drawing.dropdown, quick_drawing._render_dropdown))

    assert canonical(quickly) == canonical(slowly)
    assert quickly.index("&lt;Erase&gt;") < quickly.index("Edit")


def test_a_button_with_words_that_opens_others_keeps_its_template():
    opener = ButtonWithDropdown("More", buttons=[Button("Edit", url="/edit/")])

    assert quick_drawing.dropdown(opener, Context()) == quick_drawing._render_dropdown(opener, Context())


CHOICES = [
    ("", "–––"),
    ("a", "A & <b>"),
    (2, gettext_lazy("Confirmed")),
    ("Group <1>", [("x", "X"), ("y", "Y")]),
]


@pytest.mark.parametrize("value", ["", "a", 2, "y", None, "unknown"])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "required": True, "disabled": False, "data-x": '"<'}])
@pytest.mark.parametrize("kind", [Select, SelectMultiple])
def test_a_choice_is_as_django_draws_it(value, attrs, kind):
    widget = kind(choices=CHOICES)
    asked = ("x", [value, "a"] if kind is SelectMultiple else value, attrs, TemplatesSetting())

    quickly, slowly = (draw(widget, *asked) for draw in (quick_drawing.select, quick_drawing._render_select))

    assert canonical(quickly) == canonical(slowly)
    assert "<b>" not in quickly


def test_a_choice_with_a_template_of_its_own_keeps_it():
    asked = (RadioSelect(choices=CHOICES), "x", "a")

    assert 'type="radio"' in asked[0].render(*asked[1:])


@pytest.mark.django_db
def test_the_menu_is_kept_for_who_may_do_the_same(rf, monkeypatch):
    monkeypatch.setattr(caching, "is_on", lambda: True)
    drawn = iter(["menu of a colleague", "menu of an organiser"])
    monkeypatch.setattr(quick_drawing, "_sidebar_props", lambda context: next(drawn))
    request = rf.get("/cms/")
    colleague = request.user = accounts.user()

    assert [quick_drawing.sidebar_props({"request": request}) for _ in range(2)] == ["menu of a colleague"] * 2

    colleague.user_permissions.add(Permission.objects.get(codename="access_admin"))
    request.user = User.objects.get(pk=colleague.pk)
    assert quick_drawing.sidebar_props({"request": request}) == "menu of an organiser"


@pytest.mark.parametrize(
    "value",
    ["SOK <Dara>", "សុខ", 1234567, 0, None, "", " ", format_html("<b>{}</b>", "<"), datetime.date(2024, 3, 11),
     datetime.datetime(2024, 3, 11, 2, tzinfo=datetime.UTC), gettext_lazy("Confirmed")],
)  # fmt: skip
@pytest.mark.parametrize("classname", [None, "wide"])
def test_a_cell_is_as_wagtail_draws_it(value, classname):
    column = Column("name", accessor=lambda row: value, classname=classname)
    parts = (column, object(), {"row": None, "table": None})

    quickly, slowly = (draw(*parts) for draw in (quick_drawing.cell, quick_drawing._render_cell))

    assert canonical(quickly) == canonical(slowly)


@pytest.mark.parametrize(("value", "says"), [(True, "Yes"), (False, "No")])
def test_a_truth_is_said_in_a_word(value, says):
    column = Column("name", accessor=lambda row: value)

    assert quick_drawing.cell(column, object(), {"row": None, "table": None}) == f"<td>{says}</td>"


class Acts(ButtonsColumnMixin, TitleColumn):
    """A title with buttons beneath it."""

    buttons = [Button("Edit", url="/edit/", priority=20), Button("View", url="/view/", priority=10)]


@pytest.mark.parametrize("kind", [TitleColumn, Acts])
@pytest.mark.parametrize(
    "words",
    [
        {},
        {"get_url": lambda row: "/edit/?a=1&b=2", "link_attrs": {"data-x": '"'}, "link_classname": "big"},
        {"get_url": lambda row: None, "label_prefix": "row", "id_accessor": "__doc__"},
        {"get_title_id": lambda row: "title-1", "get_url": lambda row: "/edit/", "classname": "wide"},
    ],
)
def test_a_title_is_as_wagtail_draws_it(kind, words):
    parts = (kind("name", accessor=lambda row: "SOK <Dara>", **words), object(), {"row": None, "table": None})

    quickly, slowly = (draw(*parts) for draw in (quick_drawing.cell, quick_drawing._render_cell))

    assert canonical(quickly) == canonical(slowly)


class Marked(Table):
    def get_row_attrs(self, instance):
        return {"class": "today", "data-x": '"<', "hidden": True, "data-y": False}


@pytest.mark.parametrize("words", [{}, {"caption": "People <all>"}, {"attrs": {"id": "people"}, "classname": "wide"}])
@pytest.mark.parametrize("kind", [Table, Marked])
def test_a_table_is_as_wagtail_draws_it(rf, kind, words):
    columns = [
        BulkActionsCheckboxColumn("pick", obj_type="snippet"),
        Acts("title", accessor=lambda row: row.title, get_title_id=lambda row: f"snippet_{row.pk}_title"),
        Column("name", label="Name <latin>", accessor=lambda row: row.title, sort_key="name", width="20%"),
    ]
    people = [SimpleNamespace(pk=pk, title=f"SOK <{pk}>") for pk in ("1", "a_b/c")]
    theirs = Path(admin.__file__).parent / "templates" / "wagtailadmin" / "tables" / "table.html"

    quickly, slowly = (
        template.render(Context({"table": kind(columns, people, **words), "request": rf.get("/cms/")}))
        for template in (get_template("wagtailadmin/tables/table.html").template, Template(theirs.read_text()))
    )

    assert canonical(quickly) == canonical(slowly)


def test_a_box_to_tick_is_as_wagtail_draws_it():
    for kind, described in ((BulkActionsCheckboxColumn, "snippet_a_5Fb_title"), (Undescribed, None)):
        parts = (kind("pick", obj_type="snippet"), SimpleNamespace(pk="a_b"), {"row": None, "table": None})

        quickly, slowly = (draw(*parts) for draw in (quick_drawing.cell, quick_drawing._render_cell))

        assert canonical(quickly) == canonical(slowly)
        assert html.fragment_fromstring(f"<tr>{quickly}</tr>").find(".//input").get("aria-describedby") == described


class Undescribed(BulkActionsCheckboxColumn):
    def get_aria_describedby(self, instance):
        return None


def test_a_column_with_a_template_of_its_own_keeps_it():
    column = StatusFlagColumn("is_current", accessor=lambda row: True, true_label="Current")

    assert "w-status" in column.render_cell_html(object(), {"row": None, "table": None})
