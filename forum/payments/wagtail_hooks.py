"""How staff work with money."""

from django.utils.translation import gettext_lazy
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("payments.place", gettext_lazy("Place"), gettext_lazy("Order placed"))
    actions.register_action(
        "payments.accept_letter", gettext_lazy("Accept letter"), gettext_lazy("Official letter accepted")
    )
    actions.register_action("payments.settle", gettext_lazy("Settle"), gettext_lazy("Payment written down"))
    actions.register_action("payments.refund", gettext_lazy("Refund"), gettext_lazy("Refund written down"))
    actions.register_action("payments.paid", gettext_lazy("Paid"), gettext_lazy("Order paid"))
    actions.register_action("payments.decision", gettext_lazy("Needs decision"), gettext_lazy("Order needs a decision"))
    actions.register_action("payments.cancelled", gettext_lazy("Cancel"), gettext_lazy("Order cancelled"))
    actions.register_action("payments.lapsed", gettext_lazy("Lapse"), gettext_lazy("Order lapsed"))
