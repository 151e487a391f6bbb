"""Bank statements: reading a bank's CSV by its saved format, and settling the orders that payers named."""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import StringIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import codes, khmer, money
from cms.refusals import beside
from forum.payments import ordering, settlement
from forum.payments.models import Method, Order, StatementFormat, StatementLine

MOST_ROWS = 10_000
# Ten of the letters of our codes, as people and banks write them: with whatever dash their program makes of ours, with
# blanks for it or without anything, and broken where the bank's line ends. What stands before may look like one half.
LETTER, BETWEEN = f"[{codes.ALPHABET}]", r"[\W_]{0,3}"
CODE = re.compile(rf"(?<![A-Z0-9])(?=({LETTER}(?:{BETWEEN}{LETTER}){{9}})(?![A-Z0-9]))")


@dataclass(frozen=True)
class Row:
    """One line of the file on which money came in."""

    place: int  # in the file, the headings being 1
    number: str
    booked_on: date
    amount: int
    currency: str
    text: str

    @property
    def amount_written(self) -> str:
        return money.written(self.amount, self.currency)


@dataclass
class Report:
    """What became of each line, with the words for it; ``trouble`` says by line why it cannot be read."""

    matched: list[tuple[Row, str]] = field(default_factory=list)
    unmatched: list[tuple[Row, str]] = field(default_factory=list)
    refused: list[tuple[Row, str]] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)
    trouble: list[tuple[int, str]] = field(default_factory=list)


def bring_in(*, format: StatementFormat, content: bytes, dry_run: bool = False, user=None) -> Report:
    """Settles every line that names one order of ours, keeps the others for somebody to match; lines that cannot be read do
    not stop those that can. The same file again changes nothing, and another line with a number that is known already is
    told, not taken: some banks count anew in each statement. Refuses with ``encoding``, ``columns`` and ``rows``."""
    rows, trouble = read(format, content)
    report = Report(trouble=trouble)
    known = {line.number: line for line in format.lines.filter(number__in=[row.number for row in rows])}
    orders = _orders_named(rows)
    forecast = Forecast()
    for row in rows:
        if before := known.get(row.number):
            _tell_known(report, row, before)
            continue
        named = [orders[code] for code in _codes(row.text) if code in orders]
        order = named[0] if len(named) == 1 else None
        if order:
            report.matched.append((row, forecast.say(row, order)))
        elif named:
            report.unmatched.append((row, _("Names several orders: match it by hand")))
        else:
            report.unmatched.append((row, _("Names no order: match it by hand")))
        if not dry_run:
            _keep(format, row, order, user)
        known[row.number] = row
    if not dry_run:
        parts = ("matched", "unmatched", "refused", "trouble")
        log(
            instance=format, action="payments.bring_in", user=user,
            data={part: len(getattr(report, part)) for part in parts},
        )  # fmt: skip
    return report


def _tell_known(report, row, before):
    """Banks write the words of a line anew in another export; what they never change is its day and its amount."""
    if (before.booked_on, before.amount) == (row.booked_on, row.amount):
        report.known.append(row)
    else:
        words = _("Another line has this number (%(day)s, %(amount)s): write this payment down by hand")
        facts = {"day": f"{before.booked_on:%Y-%m-%d}", "amount": before.amount_written}
        report.refused.append((row, words % facts))


class Forecast:
    """What lines do to their orders, one after the other, said before it is done."""

    def __init__(self):
        self.coming: dict[str, int] = {}  # by order, what earlier lines of the file bring
        self.told: set[int] = set()  # payments of which earlier lines tell

    def say(self, row: Row, order: Order) -> str:
        if payment := self._told_before(row, order):
            self.told.add(payment.pk)
            words = _("Is written down for %(code)s already, as payment %(payment)s")
            return words % {"code": order.short_code, "payment": payment.code}
        before, is_foreign = order.received + self.coming.get(order.code, 0), row.currency != order.currency
        after = before if is_foreign else before + row.amount
        self.coming[order.code] = after - order.received
        facts = {"code": order.short_code, "rest": order.written(abs(order.amount - after))}
        facts |= {"received": order.written(after), "amount": order.amount_written}
        return self._words(order, before, after, is_foreign) % facts

    @staticmethod
    def _words(order, before, after, is_foreign) -> str:
        if order.state == Order.State.DECISION:
            return _("%(code)s waits for a decision; %(received)s of %(amount)s came in with this")
        if order.state == Order.State.CANCELLED:
            return _("%(code)s is cancelled: goes to a decision")
        if order.state == Order.State.LAPSED and after >= order.amount:
            return _("%(code)s has lapsed: is paid if its places are still free, else goes to a decision")
        if order.state == Order.State.LAPSED:
            return _("%(code)s has lapsed: goes to a decision")
        if order.is_paid or before >= order.amount:
            return _("%(code)s is paid already: this comes on top")
        if is_foreign:
            return _("Is in another currency than %(code)s: goes to a decision")
        if after < order.amount:
            return _("Part of what is due for %(code)s: %(rest)s remains")
        if after > order.amount:
            return _("Settles %(code)s: %(rest)s is more than is due")
        return _("Settles %(code)s")

    def _told_before(self, row, order):
        if not order.payments.all():  # as they were read with all orders
            return None
        payment = _told_before(row, order)
        return payment if payment and payment.pk not in self.told else None


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
    if booked_on > localdate():
        raise ValidationError(
            _("This day is still to come: %(date)s") % {"date": cells[format.date_column].strip()}, code="future"
        )
    text = " ".join((cells[format.text_column] or "").split())[:500]
    return Row(place, number, booked_on, amount, format.currency, text)


def _codes(text: str) -> list[str]:
    """What may be codes of ours, each once; read as a search is, so that letters of full width count as well."""
    return list(dict.fromkeys(map(codes.read, CODE.findall(khmer.fold(text).upper()))))


def _orders_named(rows) -> dict[str, Order]:
    """In two queries, however many lines there are."""
    named = {code for row in rows for code in _codes(row.text)}
    orders = Order.objects.filter(code__in=named).with_sums().select_related("edition").prefetch_related("payments")
    return {order.code: order for order in orders}


@transaction.atomic
def _keep(format, row, order, user):
    """The line, and the payment it makes, together; of two who bring in the same file at once one does."""
    facts = {"booked_on": row.booked_on, "amount": row.amount, "currency": row.currency, "text": row.text}
    line, is_new = StatementLine.objects.get_or_create(format=format, number=row.number, defaults=facts)
    if is_new and order:
        _settle(line, order, user)


def _settle(line, order, user) -> StatementLine:
    row = ordering.locked(order)
    line.payment = _told_before(line, row) or settlement.settle(
        order=row,
        method=Method.TRANSFER,
        amount=line.amount,
        currency=line.currency,
        provider=f"bank:{line.format_id}",
        external_id=line.number,
        reference=line.text,
        received_at=_noon(line, row),
        user=user,
    )
    line.save(update_fields=["payment"])
    return line


def _told_before(row: Row | StatementLine, order: Order):
    facts = {"amount": row.amount, "currency": row.currency, "at": _noon(row, order)}
    return settlement.told_before(order=order, without="statement_line", **facts)


def _noon(row, order) -> datetime:
    return make_aware(datetime.combine(row.booked_on, time(12)), order.edition.zone)
