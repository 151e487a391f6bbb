"""Formatted texts from elsewhere, reduced to what is safe to show."""

import html

import nh3
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

TAGS = {"a", "b", "blockquote", "br", "code", "em", "h3", "h4", "i", "li", "ol", "p", "pre", "strong", "ul"}
DROPPED_WHOLE = {"script", "style", "template", "iframe", "object"}


def clean(text: str) -> str:
    """HTML with nothing in it but ``TAGS`` and links to web pages and mail."""
    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    ).strip()


def shown(text: str) -> SafeString:
    """A stored text as it stands on a page: its links to pages of this site resolved, and cleaned whoever wrote it."""
    return mark_safe(clean(expand_db_html(text)))


def plain(text: str) -> str:
    """The words alone, for calendars and lists."""
    return " ".join(html.unescape(nh3.clean(text.replace("<", " <"), tags=set(), clean_content_tags=DROPPED_WHOLE)).split())
