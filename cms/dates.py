"""Dates, times and digits as people write them in English and in Khmer (Unicode CLDR by Babel)."""

import datetime
import re
import zoneinfo
from collections.abc import Iterable

from babel.dates import format_date, get_timezone_gmt, get_timezone_location

from cms import languages

KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
LATIN_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
# Not within a code, an address or a telephone number.
NUMBER = re.compile(r"(?<![A-Za-z0-9@./_+#-])[0-9]+(?:[.,][0-9]+)*(?![A-Za-z0-9@/_-]|[.,][A-Za-z0-9])")


def digits(text: str, language: str | None = None) -> str:
    return text.translate(KHMER_DIGITS) if (language or languages.current()) == "km" else text


def figures(text: str, language: str | None = None) -> str:
    """A sentence with its numbers in the reader's digits; booth A12 keeps its own."""
    return NUMBER.sub(lambda number: digits(number[0], language), text)


def zone(name: str, language: str | None = None) -> str:
    """The city whose clock is meant: Phnom Penh, ភ្នំពេញ; for a zone that is called after its hours alone, those."""
    language = language or languages.current()
    clock_of = zoneinfo.ZoneInfo(name)
    if name.startswith("Etc/"):  # its sign is turned round (POSIX)
        return digits(get_timezone_gmt(datetime.datetime.now(clock_of), locale=language), language)
    return get_timezone_location(clock_of, locale=language, return_city=True)


def day(value: datetime.date, language: str | None = None) -> str:
    return _format(value, "d MMMM y", language)


def official(value: datetime.date, language: str | None = None) -> str:
    """As the foot of an official letter has it: ថ្ងៃទី១១ ខែមីនា ឆ្នាំ២០២៧; 11 March 2027."""
    language = language or languages.current()
    return _format(value, "'ថ្ងៃទី'd 'ខែ'MMMM 'ឆ្នាំ'y" if language == "km" else "d MMMM y", language)


def official_span(first: datetime.date, last: datetime.date, language: str | None = None) -> str:
    """The same of several days: ថ្ងៃទី១១–១៣ ខែមីនា ឆ្នាំ២០២៧."""
    language = language or languages.current()
    if language != "km" or first == last:
        return span(first, last, language) if language != "km" else official(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return digits(f"ថ្ងៃទី{first.day}–{last.day}", language) + _format(last, " 'ខែ'MMMM 'ឆ្នាំ'y", language)
    return f"{official(first, language)} ដល់{official(last, language)}"


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


def runs(days: Iterable[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """First and last of each unbroken run of days."""
    found = []
    for day in sorted(days):
        if found and day - found[-1][1] == datetime.timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _format(value, pattern, language):
    language = language or languages.current()
    return digits(format_date(value, pattern, locale=language), language)
