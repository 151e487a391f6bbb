"""Formatted texts of the programme in templates."""

from django import template
from django.utils.html import format_html

from agenda import richtext
from cms import languages

register = template.Library()


@register.simple_tag
def prose(row, name):
    """``{% prose session "abstract" %}``: the formatted text in the reader's language, or nothing."""
    words, code = languages.read(row, name)
    if not words:
        return ""
    mark = "" if code == languages.current() else format_html(' lang="{}"', code)
    return format_html('<div class="prose"{}>{}</div>', mark, richtext.shown(words))
