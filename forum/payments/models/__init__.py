"""What payments keep: the terms of an edition, orders, the ledger, papers, and what banks and providers told."""

from forum.payments.models.checkouts import Checkout
from forum.payments.models.khqr_codes import KhqrCode
from forum.payments.models.ledger import Method, Payment, Refund, Total
from forum.payments.models.orders import Order, OrderLine, order_page
from forum.payments.models.papers import Paper
from forum.payments.models.statements import StatementFormat, StatementLine
from forum.payments.models.terms import Terms

__all__ = [
    "Checkout", "KhqrCode", "Method", "Order", "OrderLine", "Paper", "Payment", "Refund", "StatementFormat", "StatementLine",
    "Terms", "Total", "order_page",
]  # fmt: skip
