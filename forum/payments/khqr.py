"""KHQR: what a Bakong member's application reads off the picture, made offline.

EMV QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1, with the National Bank of Cambodia's account
templates 29 (a person's account) and 30 (a merchant's), and its times in template 99.
"""

import datetime

from django.utils import timezone

from cms import money
from forum.payments.models import Order, Terms

CURRENCIES = {"USD": "840", "KHR": "116"}  # ISO 4217
FIRM = datetime.timedelta(days=365)
OTHER_SHOPS = "5999"  # merchant category: miscellaneous


def of_order(order: Order, terms: Terms) -> str:
    """The string for what is due, naming the order as its bill; nothing once its time is over.

    The same order, sum and time always give the same string, so its hash names one payment however often it is shown.
    """
    if expires_at(order) <= timezone.now():
        return ""
    account = [("00", terms.khqr_account)]
    if terms.khqr_merchant_id:
        account += [("01", terms.khqr_merchant_id)]
    if terms.khqr_bank:
        account += [("02", terms.khqr_bank)]
    times = [("00", _milliseconds(order.placed_at)), ("01", _milliseconds(expires_at(order)))]
    content = _fields(
        [
            ("00", "01"),
            ("01", "12"),  # for one payment
            ("30" if terms.khqr_merchant_id else "29", _fields(account)),
            ("52", OTHER_SHOPS),
            ("53", CURRENCIES[order.currency]),
            ("54", money.plain(order.due, order.currency)),
            ("58", "KH"),
            ("59", terms.khqr_name),
            ("60", terms.khqr_city),
            ("62", _fields([("01", order.code)])),
            ("99", _fields(times)),
        ]
    )
    content += "6304"
    return f"{content}{crc(content.encode()):04X}"


def expires_at(order: Order) -> datetime.datetime:
    """As long as the places are kept; where a letter made them firm, a year. A code for one payment must name an end."""
    return order.held_until or order.accepted_at + FIRM


def crc(content: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, first value 0xFFFF."""
    value = 0xFFFF
    for byte in content:
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1) ^ (0x1021 if value & 0x8000 else 0)
            value &= 0xFFFF
    return value


def _fields(pairs) -> str:
    """Tag, length and value of each; lengths count bytes, so the values are Latin."""
    return "".join(f"{tag}{len(value.encode()):02}{value}" for tag, value in pairs)


def _milliseconds(moment: datetime.datetime) -> str:
    return str(int(moment.timestamp() * 1000))
