"""Papers as PDF: both languages on one sheet, Khmer first; drawn from the facts that were written, and nothing else."""

import datetime
import zoneinfo
from functools import cache
from pathlib import Path

from django.template.loader import get_template
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_noop

from cms import dates, khmer, languages, money, pdf
from forum.documents import marks
from forum.payments.models import Method, Paper

STYLE = Path(__file__).parent / "templates" / "payments" / "paper.css"
WORDS = {
    "invoice": gettext_noop("Invoice"),
    "receipt": gettext_noop("Receipt"),
    "credit": gettext_noop("Credit note"),
    "number": gettext_noop("Number"),
    "date": gettext_noop("Date"),
    "reference": gettext_noop("Reference"),
    "to": gettext_noop("To"),
    "tax_number": gettext_noop("Tax number"),
    "what": gettext_noop("Item"),
    "amount": gettext_noop("Amount"),
    "in_all": gettext_noop("Total"),
    "tax": gettext_noop("Tax included"),
    "in_riel": gettext_noop("In riel"),
    "rate": gettext_noop("Riel for one US dollar"),
    "due": gettext_noop("To be paid by"),
    "letter": gettext_noop("Official letter"),
    "bank": gettext_noop("Bank"),
    "account_name": gettext_noop("Account name"),
    "account": gettext_noop("Account number"),
    "purpose": gettext_noop("Purpose"),
    "paid_by": gettext_noop("Paid by"),
    "surplus": gettext_noop("Paid too much"),
    "of_paper": gettext_noop("Credit against"),
    "reason": gettext_noop("Reason"),
    "signature": gettext_noop("Signature and seal"),
    "demonstration": gettext_noop("Demonstration: no real paper"),
}


def draw(paper: Paper, link: str) -> bytes:
    """The same facts always give the same sheet. ``link`` is where it can be checked."""
    html = get_template("payments/paper.html").render(
        {
            "paper": paper,
            "mark": marks.of(link),
            "facts": paper.facts,
            "words": {key: both(word) for key, word in WORDS.items()},
            "title": both(WORDS[paper.kind]),
            "seller": _pair(paper.facts, "seller"),
            "address": _pair(paper.facts, "address"),
            "edition": _pair(paper.facts, "edition"),
            "lines": [{"text": _pair(line, "text"), "amount": amounts(line["amount"], paper)} for line in _lines(paper)],
            "amount": amounts(paper.facts["amount"], paper),
            "tax": amounts(paper.facts["tax"], paper) if paper.facts["tax"] else None,
            "riel": _riel(paper),
            "rate": _with_figure("rate", f"{paper.facts['riel_per_dollar']:,}"),
            "tax_word": _with_figure("tax", f"{paper.facts['tax_percent']} %"),
            "issued": days(paper.issued_at, paper),
            "due": days(parse_datetime(paper.facts["due"]), paper) if paper.facts["due"] else None,
            "bank": [(pair, value) for pair, value in zip(_bank_words(), paper.facts["bank"], strict=True) if value],
            "surplus": amounts(surplus, paper) if (surplus := paper.facts.get("surplus")) else None,  # not in older ones
            "payments": [_payment(row, paper) for row in paper.facts["payments"]],
        }
    )
    return pdf.render(html, stylesheets=[_style()], images=marks.images(link))


def both(word) -> dict[str, str]:
    """A sentence of the programme, marked or lazy, in both languages; each may be broken into lines."""
    said = {}
    for code in languages.CODES:
        with translation.override(code):
            said[code] = khmer.split_lines(gettext(word) if isinstance(word, str) else str(word))
    return said


def amounts(amount: int, paper: Paper) -> dict[str, str]:
    return {code: money.written(amount, paper.facts["currency"], code) for code in languages.CODES}


def days(moment: datetime.datetime, paper: Paper) -> dict[str, str]:
    """The day in the forum's zone."""
    day = moment.astimezone(zoneinfo.ZoneInfo(paper.edition.time_zone)).date()
    return {code: dates.day(day, code) for code in languages.CODES}


def _pair(row: dict, name: str) -> dict[str, str]:
    """What has one language alone stands there once."""
    texts = {code: khmer.split_lines(row.get(f"{name}_{code}") or "") for code in languages.CODES}
    return texts if texts["km"] != texts["en"] else {"km": texts["km"], "en": ""}


def _lines(paper) -> list[dict]:
    """A credit note is of its sum alone, not of the lines of the order."""
    if paper.kind != Paper.Kind.CREDIT:
        return paper.facts["lines"]
    return [{"text_en": paper.facts["edition_en"], "text_km": paper.facts["edition_km"], "amount": paper.facts["amount"]}]


def _riel(paper) -> dict[str, str] | None:
    if paper.facts["currency"] == money.Currency.KHR:
        return None
    return {code: money.written(paper.facts["riel"], money.Currency.KHR, code) for code in languages.CODES}


def _with_figure(key: str, figure: str) -> dict[str, str]:
    """A word and the figure that belongs to it, in the digits of each language."""
    return {code: f"{word} {dates.digits(figure, code)}" for code, word in both(WORDS[key]).items()}


def _payment(row, paper) -> dict:
    return {
        "method": both(Method(row["method"]).label),
        "day": days(parse_datetime(row["received_at"]), paper),
        "amount": {code: money.written(row["amount"], row["currency"], code) for code in languages.CODES},
    }


def _bank_words() -> list[dict[str, str]]:
    return [*(both(WORDS[key]) for key in ("bank", "account_name", "account")), {"km": "", "en": "SWIFT"}]


@cache
def _style() -> str:
    return STYLE.read_text()
