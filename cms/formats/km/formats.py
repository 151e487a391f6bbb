"""The same in Khmer: Django's own form for it is long, misspells March and writes hours as no list of ours does."""

from cms.formats.en.formats import (
    DATE_FORMAT,
    DATETIME_FORMAT,
    SHORT_DATE_FORMAT,
    SHORT_DATETIME_FORMAT,
    TIME_FORMAT,
)

__all__ = ["DATETIME_FORMAT", "DATE_FORMAT", "SHORT_DATETIME_FORMAT", "SHORT_DATE_FORMAT", "TIME_FORMAT"]

# As all sums of money here, and as people in Cambodia write; Django has it the other way round.
DECIMAL_SEPARATOR, THOUSAND_SEPARATOR = ".", ","
