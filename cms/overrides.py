"""What Wagtail's back office does otherwise here, where Wagtail offers no setting for it."""

import json
import re

from django.utils.html import format_html
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.widgets import BaseChooser

# What Wagtail writes to start a chooser: a class or function of its own, called with JSON.
CALL = re.compile(r"(?:new )?(\w+)\((.*)\);", re.DOTALL)


def apply() -> None:
    BaseChooser.render = render_chooser
    AvatarSettingsPanel.is_active = has_no_avatar


def render_chooser(self, name, value, attrs=None, renderer=None):
    """As ``BaseChooser.render``, without the inline script, which the Content-Security-Policy forbids."""
    value_data = self.get_value_data(value)
    html = self.render_html(name, value_data, attrs)
    return format_html("{}{}", html, starter(self.render_js_init(attrs["id"], name, value_data)))


def starter(script: str) -> str:
    """The call as data; ``static/js/back_office.js`` makes it."""
    name, arguments = CALL.fullmatch(script).groups()
    return format_html(
        '<template data-controller="starter" data-starter-name-value="{}" data-starter-arguments-value="{}"></template>',
        name,
        json.dumps(json.loads(f"[{arguments}]")),
    )


def has_no_avatar(self) -> bool:
    """Portraits of staff are of no use here, and Wagtail would keep the file as it came."""
    return False
