"""How staff work with money."""

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from exhibitors.models import Booking
from forum.payments import back_office_acts, back_office_ledger
from forum.payments.back_office import MoneyGroup, order_acts
from forum.payments.models import Order, Paper, Payment, StatementLine

register_snippet(MoneyGroup)


@hooks.register("register_snippet_listing_buttons")
def buttons(instance, user, next_url=None):
    offered = list(_offered(instance)) if user.has_perm("payments.settle_order") else []
    if isinstance(instance, Paper) and user.has_perm("payments.view_paper"):
        offered.append((_("PDF"), "payments_paper", "download"))
    for place, (label, name, icon) in enumerate(offered):
        yield Button(label, url=reverse(name, args=[instance.pk]), icon_name=icon, priority=60 + place)


def _offered(row):
    """What finance may do with a row: label, address, icon."""
    if isinstance(row, Order):
        yield from order_acts(row)
    if isinstance(row, Payment):
        yield _("Refund"), "payments_refund", "undo"
    if isinstance(row, StatementLine) and not row.payment_id:
        yield _("Match"), "payments_match", "table"
    if isinstance(row, Booking) and row.is_held:
        yield _("Place an order"), "payments_order_booking", "list-ul"


@hooks.register("register_admin_urls")
def admin_urls():
    acts = back_office_acts
    return [
        path("payments/ledger/", back_office_ledger.ledger, name="payments_ledger"),
        path("payments/statement/", acts.bring_in, name="payments_statement"),
        path("payments/orders/<int:pk>/settle/", acts.settle, name="payments_settle"),
        path("payments/orders/<int:pk>/letter/", acts.accept_letter, name="payments_accept_letter"),
        path("payments/orders/<int:pk>/cancel/", acts.cancel, name="payments_cancel"),
        path("payments/orders/<int:pk>/decide/", acts.decide, name="payments_decide"),
        path("payments/payments/<int:pk>/refund/", acts.refund, name="payments_refund"),
        path("payments/lines/<int:pk>/match/", acts.match, name="payments_match"),
        path("payments/bookings/<int:pk>/order/", acts.order_booking, name="payments_order_booking"),
        path("payments/papers/<int:pk>/", acts.paper, name="payments_paper"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("payments.place", gettext_lazy("Place"), gettext_lazy("Order placed"))
    actions.register_action("payments.change", gettext_lazy("Change"), gettext_lazy("Order changed with its delegation"))
    actions.register_action("payments.settle", gettext_lazy("Settle"), gettext_lazy("Payment written down"))
    actions.register_action("payments.decide", gettext_lazy("Decide"), gettext_lazy("Let be paid"))
    actions.register_action("payments.bring_in", gettext_lazy("Bring in"), gettext_lazy("Bank statement brought in"))
    actions.register_action("payments.match", gettext_lazy("Match"), gettext_lazy("Bank line matched"))
    actions.register_action("payments.download", gettext_lazy("Download"), gettext_lazy("Paper downloaded"))
    actions.register_action("payments.refund", gettext_lazy("Refund"), gettext_lazy("Refund written down"))
    actions.register_action("payments.paid", gettext_lazy("Paid"), gettext_lazy("Order paid"))
    actions.register_action("payments.decision", gettext_lazy("Needs decision"), gettext_lazy("Order needs a decision"))
    actions.register_action("payments.lapsed", gettext_lazy("Lapse"), gettext_lazy("Order lapsed"))

    @actions.register_action("payments.accept_letter")
    class Accepted(LogFormatter):
        label = gettext_lazy("Accept letter")

        def format_message(self, log_entry):
            if log_entry.data.get("before"):
                return _("Letter accepted: %(letter)s, in place of %(before)s") % log_entry.data
            return _("Letter accepted: %(letter)s") % log_entry.data

    @actions.register_action("payments.cancelled")
    class Cancelled(LogFormatter):
        label = gettext_lazy("Cancel")

        def format_message(self, log_entry):
            if log_entry.data.get("reason"):
                return _("Order cancelled: %(reason)s") % log_entry.data
            return _("Order cancelled")
