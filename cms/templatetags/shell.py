"""What the site's shell needs on every page."""

from django import template
from django.conf import settings

from cms import languages
from cms.addresses import absolute
from cms.models import Edition

register = template.Library()


@register.simple_tag(takes_context=True)
def shell_edition(context):
    """The edition of this page, else the current one; none on pages that must not ask the database."""
    if context.get("without_database"):
        return None
    return context.get("edition") or Edition.objects.current()


@register.simple_tag(takes_context=True)
def in_languages(context) -> list[dict]:
    """This page in each language: code, the language's own name, path and whole address; empty where it has one address."""
    request = context.get("request")
    first, _slash, rest = request.path_info.removeprefix("/").partition("/") if request else ("", "", "")
    if first not in languages.CODES:
        return []
    return [
        {
            "code": code,
            "name": languages.OWN_NAMES[code],
            "path": f"/{code}/{rest}",
            "address": absolute(f"/{code}/{rest}"),
            "is_current": code == first,
        }
        for code in languages.CODES
    ]


@register.simple_tag
def own_languages() -> list[tuple[str, str]]:
    """Code and own name of each language, for pages that keep the choice in a cookie."""
    return [(code, languages.OWN_NAMES[code]) for code, _name in settings.LANGUAGES]
