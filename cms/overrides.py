"""What Wagtail's back office does otherwise here, where Wagtail offers no setting for it."""

import json
import re
from datetime import datetime
from functools import reduce
from operator import or_

from django.apps import apps
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timezone import is_aware, localtime
from django.utils.translation import override
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin.panels import FieldPanel
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn
from wagtail.admin.views.account import AvatarSettingsPanel, LocaleSettingsPanel
from wagtail.admin.views.bulk_action.registry import BulkActionRegistry, bulk_action_registry
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.pages import edit as pages
from wagtail.admin.widgets import BaseChooser
from wagtail.coreutils import multigetattr
from wagtail.permissions import policy_registry
from wagtail.snippets.views import snippets

from cms import exports, history, index_search, meanwhile, quick_drawing, side_by_side
from cms.back_office import NarrowedPolicy
from cms.searching import either

# What Wagtail writes to start a chooser: a class or function of its own, called with JSON.
CALL = re.compile(r"(?:new )?(\w+)\((.*)\);", re.DOTALL)


_preprocess, _stream_csv = SpreadsheetExportMixin.preprocess_field_value, SpreadsheetExportMixin.stream_csv
_format = FieldPanel.format_value_for_display
_to_row = SpreadsheetExportMixin.to_row_dict
_as_spreadsheet = SpreadsheetExportMixin.as_spreadsheet
_bulk_acts, _columns = BulkActionRegistry.get_bulk_actions_for_model, snippets.IndexView.columns.func


def apply() -> None:
    BaseChooser.render = render_chooser
    ContentstateConverter.to_database_format = read_rich_text
    AvatarSettingsPanel.is_active = has_no_avatar
    FieldPanel.format_value_for_display = format_what_is_read_only
    LocaleSettingsPanel.is_active = has_no_language_of_its_own
    SpreadsheetExportMixin.preprocess_field_value = preprocess_cell
    SpreadsheetExportMixin.stream_csv = stream_csv
    SpreadsheetExportMixin.to_row_dict = to_row_dict
    SpreadsheetExportMixin.as_spreadsheet = as_spreadsheet
    snippets.IndexView.search_queryset = search_queryset
    snippets.IndexView.columns = cached_property(columns)
    snippets.IndexView.columns.__set_name__(snippets.IndexView, "columns")
    BulkActionRegistry.get_bulk_actions_for_model = bulk_acts
    quick_drawing.apply()
    history.apply()
    index_search.apply()
    for view in (pages.EditView, snippets.EditView):
        view.post = meanwhile.told(view.post)
    snippets.EditView.post = side_by_side.merged(snippets.EditView.post)
    snippets.EditView.get_form = side_by_side.remembered(snippets.EditView.get_form)


def search_queryset(self, queryset):
    """As Wagtail's for columns, and codes are found as mails and papers write them."""
    if not self.is_searching:
        return queryset
    fields = self.search_fields or []
    return queryset.filter(reduce(or_, (either(f"{field}__icontains", self.search_query) for field in fields), Q()))


def bulk_acts(self, app_label, model_name):
    """As Wagtail's, without what nobody may do to these rows."""
    policy = policy_registry.get_by_type(apps.get_model(app_label, model_name))
    never = policy.without if isinstance(policy, NarrowedPolicy) else ()
    return [act for act in _bulk_acts(self, app_label, model_name) if act.action_type not in never]


def columns(self):
    """As Wagtail's; nothing is ticked where nothing can be done with it."""
    if bulk_action_registry.get_bulk_actions_for_model(self.model._meta.app_label, self.model._meta.model_name):
        return _columns(self)
    return [column for column in _columns(self) if not isinstance(column, BulkActionsCheckboxColumn)]


def preprocess_cell(self, field, value, export_format):
    """Times on the organisers' clock; in CSV no cell that somebody else's spreadsheet would calculate."""
    if isinstance(value, datetime) and is_aware(value):
        value = localtime(value).replace(tzinfo=None, microsecond=0)
    written = _preprocess(self, field, value, export_format)
    if isinstance(written, str):
        written = ILLEGAL_CHARACTERS_RE.sub("", written)  # of which one would break the whole file
    is_csv_text = export_format == self.FORMAT_CSV and isinstance(written, str)
    return exports.harmless(written) if is_csv_text else written


def as_spreadsheet(self, queryset, spreadsheet_format):
    """The file, and an entry in the history: it may take the data of many people out of the house."""
    history.write_export(self, queryset, spreadsheet_format)
    return _as_spreadsheet(self, queryset, spreadsheet_format)


def to_row_dict(self, item):
    """As Wagtail's; money is written as spreadsheets read it, in the figures of one language."""
    row = _to_row(self, item)
    if money := [name for name in self.list_export if name.endswith(("amount_written", "received_written", "due_written"))]:
        with override("en"):
            row |= {name: multigetattr(item, name) for name in money}
    return row


def stream_csv(self, queryset):
    yield exports.BYTE_ORDER_MARK.encode()
    yield from _stream_csv(self, queryset)


def render_chooser(self, name, value, attrs=None, renderer=None):
    """As ``BaseChooser.render``, without the inline script, which the Content-Security-Policy forbids."""
    try:
        value_data = self.get_value_data(value)
    except (TypeError, ValueError):  # no row's number: the form says so beside the field
        value_data = None
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


def read_rich_text(self, written):
    """As ``ContentstateConverter.to_database_format``, which fails for what its editor has not written."""
    try:
        return self.exporter.render(json.loads(written))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadRequest("no rich text") from None


def format_what_is_read_only(self, value):
    """As Wagtail's, with a dash where there is nothing."""
    return "–" if value is None else _format(self, value)


def has_no_avatar(self) -> bool:
    """Portraits of staff are of no use here, and Wagtail would keep the file as it came."""
    return False


def has_no_language_of_its_own(self) -> bool:
    """The back office speaks the language that the same browser reads everywhere else here."""
    return False
