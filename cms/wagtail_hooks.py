"""The back office's own face."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def khmer_letters():
    """Wagtail's own fonts know no Khmer."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/back_office.css"))
