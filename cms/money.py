"""Money: whole numbers of minor units with their currency (ISO 4217); never a float, never a decimal column."""

import re
from decimal import Decimal

from babel.numbers import format_decimal
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import dates, languages


class Currency(models.TextChoices):
    USD = "USD", gettext_lazy("US dollar")
    KHR = "KHR", gettext_lazy("Riel")


PLACES = {Currency.USD: 2, Currency.KHR: 0}
SPACE = "\u00a0"  # an amount is not broken over two lines
# Digits, in groups parted by one mark or not, and what stands after the last mark, which is another.
AMOUNT = re.compile(
    r"(?P<sign>-?)(?P<whole>\d+|[1-9]\d{0,2}(?P<mark>[., \u00a0'])\d{3}(?:(?P=mark)\d{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<part>\d{1,2}))?"
)
LARGEST = 10**12  # minor units; more is a slip of the hand


def written(amount: int, currency: str, language: str | None = None) -> str:
    """USD 1,250.00 and KHR 205,000; ១,២៥០.០០ ដុល្លារអាមេរិក and ២០៥,០០០ រៀល (marks by Unicode CLDR)."""
    language = language or languages.current()
    places = PLACES[currency]
    pattern = "#,##0" + ("." + "0" * places if places else "")
    figures = dates.digits(format_decimal(Decimal(amount).scaleb(-places), pattern, locale=language), language)
    if language == "km":
        return f"{figures}{SPACE}{'ដុល្លារអាមេរិក' if currency == Currency.USD else 'រៀល'}"
    return f"{currency}{SPACE}{figures}"


def plain(amount: int, currency: str) -> str:
    """1250.00, for machines and spreadsheets."""
    return str(Decimal(amount).scaleb(-PLACES[currency]))


def read(text: str, currency: str, *, is_of_bank: bool = False) -> int:
    """What a person or a bank wrote, in minor units; refuses with ``amount`` what is not one, or may be one of two.

    10.001 may be ten thousand and one or a slip for 10.00, and so may 10,001 where people part the cents by a comma. A bank
    writes no slips: its comma before three figures parts thousands.
    """
    match = AMOUNT.fullmatch(text.strip().translate(dates.LATIN_DIGITS))
    if not match:
        raise _unreadable(text)
    sign, whole, mark, part = match.groups(default="")
    has_one_mark = not part and mark and mark in ".," and whole.count(mark) == 1
    if has_one_mark and PLACES[currency] and not (is_of_bank and mark == ","):
        raise ValidationError(
            _("%(text)s can be read in two ways. Write the cents too: 1000.00 or 1,000.00.") % {"text": text}, code="amount"
        )
    part = part.rstrip("0")
    if len(part) > PLACES[currency]:
        raise _unreadable(text)
    amount = int(re.sub(r"\D", "", whole) + part.ljust(PLACES[currency], "0"))
    if amount > LARGEST:
        raise _unreadable(text)
    return -amount if sign else amount


def in_riel(amount: int, currency: str, riel_per_dollar: int) -> int:
    """Whole riel at that rate, halves up."""
    return amount if currency == Currency.KHR else (amount * riel_per_dollar + 50) // 100


def exchanged(amount: int, currency: str, into: str, riel_per_dollar: int) -> int:
    """What an amount of one currency is in the other at that rate, halves up."""
    if into == Currency.KHR:
        return in_riel(amount, currency, riel_per_dollar)
    return amount if currency == into else (200 * amount + riel_per_dollar) // (2 * riel_per_dollar)


def share_of_tax(amount: int, basis_points: int) -> int:
    """The tax that an amount holds, halves up: 10 % (1,000 basis points) of 110.00 is 10.00."""
    return (2 * amount * basis_points + 10_000 + basis_points) // (2 * (10_000 + basis_points))


def _unreadable(text) -> ValidationError:
    return ValidationError(_("This is no amount: %(text)s") % {"text": text}, code="amount")
