"""Dates, times and digits as people write them in English and in Khmer (Unicode CLDR by Babel)."""

import datetime

from babel.dates import format_date

from cms import languages

KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
LATIN_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")


def digits(text: str, language: str | None = None) -> str:
    return text.translate(KHMER_DIGITS) if (language or languages.current()) == "km" else text


def day(value: datetime.date, language: str | None = None) -> str:
    return _format(value, "d MMMM y", language)


def weekday(value: datetime.date, language: str | None = None) -> str:
    return _format(value, "EEEE d MMMM", language)


def clock(value: datetime.datetime | datetime.time, language: str | None = None) -> str:
    return digits(value.strftime("%H:%M"), language)


def span(first: datetime.date, last: datetime.date, language: str | None = None) -> str:
    """11–13 March 2024; 30 March – 1 April 2024; one day alone as that day."""
    if first == last:
        return day(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return digits(f"{first.day}–", language) + day(last, language)
    start = _format(first, "d MMMM" if first.year == last.year else "d MMMM y", language)
    return f"{start} – {day(last, language)}"


def _format(value, pattern, language):
    language = language or languages.current()
    return digits(format_date(value, pattern, locale=language), language)
