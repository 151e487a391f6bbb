"""What the site's shell needs on every page."""

from django import template

from cms import languages
from cms.addresses import absolute
from cms.middleware import PARAMETER
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
    """This page in each language: code, the language's own name and the link to it."""
    request = context.get("request")
    if request is None:
        return []
    return [
        {
            "code": code,
            "name": languages.OWN_NAMES[code],
            "link": _link(request, code),
            "is_current": code == languages.current(),
        }
        for code in languages.CODES
    ]


@register.simple_tag(takes_context=True)
def permanent(context) -> list[dict]:
    """The whole permanent address of this page in each language; empty for what search engines should not keep."""
    request = context.get("request")
    if request is None or context.get("without_database") or not languages.of_path(request.path_info):
        return []
    rest = _after_language(context.get("permanent_path") or request.path_info)
    return [{"code": code, "address": absolute(f"/{code}/{rest}")} for code in languages.CODES]


def _link(request, code) -> str:
    """The same page in another language; where the path names none, a parameter asks for it."""
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    path = request.path_info
    if languages.of_path(path):
        path = f"/{code}/{_after_language(path)}"
    else:
        query[PARAMETER] = code
    return f"{path}?{query.urlencode()}" if query else path


def _after_language(path: str) -> str:
    return path.removeprefix("/").partition("/")[2]
