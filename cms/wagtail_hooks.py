"""The back office's own face, and the editions in it."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import Edition


class EditionViewSet(SnippetViewSet):
    model = Edition
    icon = "globe"
    menu_label = _("Editions")
    menu_name = "editions"
    menu_order = 700
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "name_en",
        "slug",
        Column("dates", label=_("Dates"), sort_key="opens_on"),
        "is_current",
        "is_demonstration",
    ]
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
                FieldRowPanel([FieldPanel("short_name_en"), FieldPanel("short_name_km")]),
                FieldRowPanel([FieldPanel("theme_en"), FieldPanel("theme_km")]),
                FieldPanel("slug"),
            ],
            heading=_("Name"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
                FieldRowPanel([FieldPanel("time_zone"), FieldPanel("day_begins_at")]),
                FieldRowPanel([FieldPanel("registration_opens_at"), FieldPanel("registration_closes_at")]),
            ],
            heading=_("Time"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("venue_en"), FieldPanel("venue_km")]),
                FieldRowPanel([FieldPanel("organiser_en"), FieldPanel("organiser_km")]),
                FieldPanel("contact_email"),
            ],
            heading=_("Place and people"),
        ),
        FieldRowPanel([FieldPanel("is_current"), FieldPanel("is_demonstration")]),
    ]


register_snippet(EditionViewSet)


@hooks.register("insert_global_admin_css")
def khmer_letters():
    """Wagtail's own fonts know no Khmer."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/back_office.css"))


@hooks.register("construct_main_menu")
def drop_what_nobody_needs(request, items):
    """Wagtail's own help leads to another host; snippets stand in menus of their own."""
    items[:] = [item for item in items if item.name not in {"help", "snippets"}]
