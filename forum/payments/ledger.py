"""The ledger as finance reads it: payments and refunds in the order of their time, and totals that are their sums."""

import datetime
from dataclasses import dataclass

from django.db.models import BigIntegerField, CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import override

from cms import money
from cms.models import Edition
from forum.payments.models import Method, Payment, Refund, Total

COLUMNS = ["at", "kind", "code", "order", "edition", "payer", "method", "amount", "currency", "reference", "told_by", "by"]


@dataclass(frozen=True)
class Entry:
    """One line: what came in is more than nothing, what went back is less."""

    at: datetime.datetime
    kind: str
    code: str
    order: str
    edition: str
    payer: str
    method: str
    amount: int
    currency: str
    reference: str
    told_by: str
    by: str

    @property
    def amount_written(self) -> str:
        return money.written(self.amount, self.currency)

    @property
    def amount_plain(self) -> str:
        return money.plain(self.amount, self.currency)

    @property
    def method_name(self) -> str:
        return Method(self.method).label

    @property
    def method_plain(self) -> str:
        """In English as all of its file, which other programs match by."""
        with override("en"):
            return str(Method(self.method).label)


@dataclass(frozen=True)
class Ledger:
    """The entries of one edition or of all, from one day to another (both included)."""

    edition: Edition | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None

    def entries(self) -> QuerySet:
        """Rows in the order of ``COLUMNS``, the latest first; ``Entry(*row)`` reads one."""
        came = _columns(self._within(Payment.objects.all(), "received_at"), "received_at", "payment", F("amount"))
        went = _columns(self._within(Refund.objects.counted(), "refunded_at"), "refunded_at", "refund", -F("amount"))
        return came.union(went, all=True).order_by("-at", "code")

    def totals(self) -> list[Total]:
        came = self._within(Payment.objects.all(), "received_at").by_currency()
        went = self._within(Refund.objects.counted(), "refunded_at").by_currency()
        return [Total(code, came.get(code, 0), went.get(code, 0)) for code in sorted(came.keys() | went.keys())]

    def _within(self, rows, column):
        bounds = Q()
        if self.edition:
            bounds &= Q(order__edition=self.edition)
        if self.first:
            bounds &= Q(**{f"{column}__date__gte": self.first})
        if self.last:
            bounds &= Q(**{f"{column}__date__lte": self.last})
        return rows.filter(bounds)


def _columns(rows, at, kind, amount) -> QuerySet:
    return (
        rows.order_by()
        .annotate(at=F(at), kind=Value(kind, output_field=CharField()), signed=Cast(amount, BigIntegerField()))
        .values_list(
            "at",
            "kind",
            "code",
            "order__code",
            "order__edition__slug",
            "order__bill_to_name",
            "method",
            "signed",
            "currency",
            "reference",
            "provider",
            "recorded_by__email",
        )
    )
