"""What a booth costs an agency, and why: the one place where a row of the price list is chosen.

The most specific row counts: one for the agency's kind before one for all kinds; among those, one for the booth's zone
before one for all zones; among those, the one from the largest size that the booth still has. The database allows no two
rows of one kind, zone and size, so there is always one answer. Where no row fits, the booth is free of charge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from cms import dates, money
from cms.models import Edition
from exhibitors.models import Agency, Booth, Price, PriceList, Zone

SQUARE_METRE = 10_000  # square centimetres


@dataclass(frozen=True)
class Quote:
    """``amount`` is in minor units of ``currency``; ``price`` is the row that says so, if one does."""

    booth: Booth
    currency: str
    amount: int = 0
    price: Price | None = None
    is_early: bool = False

    @property
    def is_free(self) -> bool:
        return self.amount == 0

    @property
    def is_waived(self) -> bool:
        return self.price is not None and self.price.is_waived

    @property
    def amount_written(self) -> str:
        return money.written(self.amount, self.currency)

    @property
    def reckoning(self) -> str:
        """How the amount comes about, in a sentence; nothing where nothing is asked."""
        if self.is_free:
            return ""
        rate = money.written(_rate(self.price, self.is_early), self.currency)
        if self.price.basis == Price.Basis.BOOTH:
            return _("%(rate)s for the whole booth.") % {"rate": rate}
        return _("%(area)s m² at %(rate)s for each m².") % {"area": dates.digits(self.booth.area), "rate": rate}

    @property
    def holds_for(self) -> str:
        """For whom and where the row is meant; nothing where it is for all."""
        return " · ".join(self.price.conditions) if self.price else ""

    @property
    def early(self) -> str:
        """Until when the early price holds and what comes then."""
        if not self.is_early:
            return ""
        later = money.written(_amount(self.price, self.booth, is_early=False), self.currency)
        values = {"day": dates.day(self.price.price_list.early_until), "amount": later}
        return _("This early price holds until %(day)s; afterwards the booth costs %(amount)s.") % values


@dataclass(frozen=True)
class QuoteForKinds:
    """What a booth costs agencies of some kinds; of every kind it is open to where ``kinds`` is empty."""

    kinds: str
    quote: Quote


@dataclass(frozen=True)
class Rate:
    """What booths of a zone cost from one size on."""

    zone: Zone
    price: Price
    least_area: int
    is_early: bool

    @property
    def written(self) -> str:
        if self.price.is_waived:
            return _("waived")
        rate = money.written(_rate(self.price, self.is_early), self.price.price_list.currency)
        if self.price.basis == Price.Basis.BOOTH:
            return _("%(rate)s for the booth") % {"rate": rate}
        return _("%(rate)s for each m²") % {"rate": rate}


class Prices:
    """The price list of an edition, read once for as many booths as one likes."""

    def __init__(self, edition: Edition):
        self.list = PriceList.objects.filter(edition=edition).select_related("edition").first()
        self.rows = list(self.list.prices.select_related("zone")) if self.list else []
        for row in self.rows:
            row.price_list = self.list
        self.is_early = bool(self.list and self.list.is_early)

    @property
    def currency(self) -> str:
        return self.list.currency if self.list else money.Currency.USD

    def quote(self, booth: Booth, kind: str) -> Quote:
        """For agencies of this kind; free in a pavilion."""
        currency = self.currency
        if booth.pavilion_id:
            return Quote(booth, currency)
        row = self._row(booth.zone_id, kind, booth.width * booth.depth)
        if row is None:
            return Quote(booth, currency)
        is_early = self.is_early and row.early_amount is not None
        return Quote(booth, currency, _amount(row, booth, is_early=is_early), row, is_early)

    def for_kinds(self, booth: Booth) -> list[QuoteForKinds]:
        """For everybody who may have the booth, those who pay the same together."""
        if booth.pavilion_id:
            return []
        kinds = [booth.zone.kind] if booth.zone.kind else list(Agency.Kind)
        quotes = sorted(((self.quote(booth, kind), kind) for kind in kinds), key=lambda pair: -pair[0].amount)
        groups = [(amount, list(pairs)) for amount, pairs in groupby(quotes, key=lambda pair: pair[0].amount)]
        if len(groups) == 1:
            return [QuoteForKinds("", quotes[0][0])]
        return [QuoteForKinds(_labels(kind for _quote, kind in pairs), pairs[0][0]) for _same, pairs in groups]

    def rates(self, zones: Iterable[Zone], kind: str) -> list[Rate]:
        """What booths of these zones cost agencies of this kind, by zone and from the smallest size on; nothing of zones
        whose booths are free of charge."""
        found = []
        for zone in zones:
            before = None
            for area in sorted({0} | {row.least_area for row in self.rows}):
                row = self._row(zone.pk, kind, area * SQUARE_METRE)
                if row and row != before:
                    found.append(Rate(zone, row, area, self.is_early and row.early_amount is not None))
                before = row
        return found

    def _row(self, zone, kind, ground) -> Price | None:
        """``ground`` in square centimetres."""
        fitting = [
            row
            for row in self.rows
            if row.kind in ("", kind) and row.zone_id in (None, zone) and row.least_area * SQUARE_METRE <= ground
        ]
        return max(fitting, key=lambda row: (row.kind != "", row.zone_id is not None, row.least_area), default=None)


def quote(booth: Booth, agency: Agency) -> Quote:
    """What the booth costs this agency now."""
    return Prices(booth.edition).quote(booth, agency.kind)


def _rate(row, is_early) -> int:
    return row.early_amount if is_early else row.amount


def _amount(row, booth, *, is_early) -> int:
    rate = _rate(row, is_early)
    if row.basis != Price.Basis.SQUARE_METRE:
        return rate
    return (rate * booth.width * booth.depth + SQUARE_METRE // 2) // SQUARE_METRE  # halves up


def _labels(kinds) -> str:
    return ", ".join(str(Agency.Kind(kind).label) for kind in kinds)
