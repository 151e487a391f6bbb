"""What every template may use: two languages, dates and digits as the reader writes them."""

import datetime

from django import template
from django.utils.html import format_html
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from cms import dates, languages

register = template.Library()


@register.simple_tag
def text(row, name):
    """``{% text session "title" %}``: the text in the reader's language, marked with ``lang`` where it is in the other."""
    words, code = languages.read(row, name)
    if code == languages.current():
        return words
    return format_html('<span lang="{}">{}</span>', code, words)


@register.filter
def day(value) -> str:
    """11 March 2027, ១១ មីនា ២០២៧."""
    return dates.day(_local(value))


@register.filter
def weekday(value) -> str:
    """Thursday 11 March, ព្រហស្បតិ៍ ១១ មីនា."""
    return dates.weekday(_local(value))


@register.filter
def clock(value) -> str:
    """09:30, ០៩:៣០: 24 hours, in the active time zone."""
    return dates.clock(_local(value))


@register.filter
def digits(value) -> str:
    """A number in the reader's digits."""
    return dates.digits(str(value))


@register.filter
def figures(words) -> str:
    """A sentence with its numbers in the reader's digits; one that is HTML stays so."""
    words = str(words)  # it may be lazy, and only then tell whether it is safe
    return type(words)(dates.figures(words))


@register.filter
def saying(label, words) -> str:
    """Booth: A12, ស្តង់៖ A12: Khmer has a colon of its own."""
    return _("%(label)s: %(words)s") % {"label": label, "words": words}


@register.filter
def zone(name) -> str:
    """Phnom Penh, ភ្នំពេញ: whose clock it is."""
    return dates.zone(name)


def _local(value):
    return localtime(value) if isinstance(value, datetime.datetime) and is_aware(value) else value
