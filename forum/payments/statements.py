"""Bank statements: reading a bank's CSV by its saved format, and settling the orders that payers named."""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import StringIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import codes, money
from cms.refusals import beside
from forum.payments import ordering, settlement
from forum.payments.models import Method, Order, StatementFormat, StatementLine

MOST_ROWS = 10_000
# Ten of the letters of our codes, in two halves or in one; banks change hyphens to blanks or drop them.
CODE = re.compile(rf"(?<![A-Z0-9])([{codes.ALPHABET}]{{5}})[\s./_-]?([{codes.ALPHABET}]{{5}})(?![A-Z0-9])")


@dataclass(frozen=True)
class Row:
    """One line of the file on which money came in."""

    place: int  # in the file, the headings being 1
    number: str
    booked_on: date
    amount: int
    text: str


@dataclass
class Report:
    """What became of each line; ``trouble`` says by line why it cannot be read."""

    matched: list[tuple[Row, Order]] = field(default_factory=list)
    unmatched: list[Row] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)
    trouble: list[tuple[int, str]] = field(default_factory=list)


def bring_in(*, format: StatementFormat, content: bytes, dry_run: bool = False, user=None) -> Report:
    """Settles every line that names an order of ours, keeps the others for somebody to match; lines that cannot be read do
    not stop those that can. The same file again changes nothing. Refuses with ``encoding``, ``columns`` and ``rows``."""
    rows, trouble = read(format, content)
    report = Report(trouble=trouble)
    known = set(format.lines.filter(number__in=[row.number for row in rows]).values_list("number", flat=True))
    orders = _orders_named(rows)
    for row in rows:
        order = next((orders[code] for code in _codes(row.text) if code in orders), None)
        if row.number in known:
            report.known.append(row)
        elif not order:
            report.unmatched.append(row)
        else:
            report.matched.append((row, order))
        if not dry_run and row.number not in known:
            _keep(format, row, order, user)
            known.add(row.number)
    if not dry_run:
        counts = {"matched": len(report.matched), "unmatched": len(report.unmatched), "trouble": len(report.trouble)}
        log(instance=format, action="payments.bring_in", user=user, data=counts)
    return report


@transaction.atomic
def match(*, line: StatementLine, order: Order, user=None) -> StatementLine:
    """Says by hand for which order a line is. Refuses with ``matched`` where that is known already."""
    row = StatementLine.objects.select_related("format").select_for_update(of=["self"]).get(pk=line.pk)
    if row.payment_id:
        raise ValidationError(_("This line is matched already."), code="matched")
    log(instance=row.format, action="payments.match", user=user, data={"line": row.number, "order": order.code})
    return _settle(row, order, user)


def read(format: StatementFormat, content: bytes) -> tuple[list[Row], list[tuple[int, str]]]:
    """The lines on which money came in, and what is wrong with those that cannot be read."""
    reader = csv.DictReader(StringIO(_text(content), newline=""), delimiter=format.separator)
    missing = [name for name in format.columns if name not in (reader.fieldnames or [])]
    if missing:
        raise beside("file", _("These columns are missing: %(names)s") % {"names": ", ".join(missing)}, "columns")
    rows, trouble = [], []
    try:
        for place, cells in enumerate(reader, 2):
            if place > MOST_ROWS + 1:
                raise beside("file", _("A file holds at most %(number)s lines.") % {"number": MOST_ROWS}, "rows")
            try:
                row = _row(format, place, cells)
            except ValidationError as refusal:
                trouble.append((place, " ".join(refusal.messages)))
            else:
                rows += [row] if row else []
    except csv.Error as error:
        raise beside("file", _("This is no CSV file: %(why)s") % {"why": error}, "encoding") from None
    return rows, trouble


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        raise beside("file", _("This file is not UTF-8. Save it as “CSV UTF-8”."), "encoding") from None


def _row(format, place, cells) -> Row | None:
    """None for a line on which nothing came in."""
    written = (cells[format.amount_column] or "").strip()
    if not written or not any(letter.isdigit() for letter in written):
        return None
    amount = money.read(written, format.currency, is_of_bank=True)
    if amount <= 0:
        return None
    number = (cells[format.number_column] or "").strip()
    if not number or len(number) > 120:
        raise ValidationError(_("The bank’s number is missing or too long."), code="number")
    try:
        booked_on = datetime.strptime((cells[format.date_column] or "").strip(), format.date_format).date()
    except ValueError:
        raise ValidationError(
            _("The date cannot be read: %(date)s") % {"date": cells[format.date_column]}, code="date"
        ) from None
    return Row(place, number, booked_on, amount, " ".join((cells[format.text_column] or "").split())[:500])


def _codes(text: str) -> list[str]:
    return ["".join(halves) for halves in CODE.findall(text.upper())]


def _orders_named(rows) -> dict[str, Order]:
    """In one query, however many lines there are."""
    named = {code for row in rows for code in _codes(row.text)}
    return {order.code: order for order in Order.objects.filter(code__in=named).select_related("edition")}


@transaction.atomic
def _keep(format, row, order, user):
    """The line, and the payment it makes, together; of two who bring in the same file at once one does."""
    facts = {"booked_on": row.booked_on, "amount": row.amount, "currency": format.currency, "text": row.text}
    line, is_new = StatementLine.objects.get_or_create(format=format, number=row.number, defaults=facts)
    if is_new and order:
        _settle(line, order, user)


def _settle(line, order, user) -> StatementLine:
    at = make_aware(datetime.combine(line.booked_on, time(12)), order.edition.zone)
    line.payment = settlement.told_before(
        order=ordering.locked(order), amount=line.amount, currency=line.currency, at=at, without="statement_line"
    ) or settlement.settle(
        order=order,
        method=Method.TRANSFER,
        amount=line.amount,
        currency=line.currency,
        provider=f"bank:{line.format_id}",
        external_id=line.number,
        reference=line.text,
        received_at=at,
        user=user,
    )
    line.save(update_fields=["payment"])
    return line
