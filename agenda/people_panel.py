"""The people of a session in its form, without the scripts inside the page that our Content-Security-Policy forbids."""

import json

from django import forms
from django.utils.html import format_html
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.widgets import AdminSnippetChooser

from agenda.models import Speaker


class SpeakerChooser(AdminSnippetChooser):
    """Wagtail's chooser, woken by ``js/people_panel.js``."""

    def __init__(self, **kwargs):
        super().__init__(model=Speaker, **kwargs)

    def render(self, name, value, attrs=None, renderer=None):
        data = self.get_value_data(value)
        options = json.dumps(self.get_js_init_options(attrs["id"], name, data))
        mark = '<span hidden data-wake-chooser="{}" data-options="{}"></span>'
        return format_html("{}" + mark, self.render_html(name, data, attrs), attrs["id"], options)

    @property
    def media(self):
        return super().media + forms.Media(js=["js/people_panel.js"])


class PeoplePanel(InlinePanel):
    def __init__(self, **kwargs):
        super().__init__("roles", [FieldPanel("speaker", widget=SpeakerChooser), FieldPanel("part")], **kwargs)

    def clone_kwargs(self):
        """``__init__`` gives the relation and its fields itself."""
        kwargs = super().clone_kwargs()
        del kwargs["relation_name"], kwargs["panels"]
        return kwargs

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "agenda/admin/people_panel.html"
