"""Orders, payments and papers in the back office."""

from collections import Counter

import django_filters
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import IndexView, SnippetViewSetGroup

from cms.back_office import InspectLocally, Labelled, MadeByActs, Permitted, ReadOnly, Rows
from forum.payments.models import KhqrCode, Order, OrderLine, Paper, Payment, Refund, StatementFormat, StatementLine, Terms
from forum.registration.models import Registration

AMOUNT = Column("amount_written", label=gettext_lazy("Amount"), sort_key="amount")


class OrderFilters(WagtailFilterSet):
    """By what the list of orders is narrowed."""

    asks = django_filters.ChoiceFilter(
        label=gettext_lazy("Asks finance for"), method="narrow_by_what_is_asked",
        choices=[
            ("decision", gettext_lazy("A decision: paid, and the place is gone")),
            ("refund", gettext_lazy("A refund, or a word: paid, and somebody has withdrawn")),
            ("surplus", gettext_lazy("A refund: paid too much")),
        ],
    )  # fmt: skip

    class Meta:
        model = Order
        fields = ["edition", "state", "currency"]

    @staticmethod
    def narrow_by_what_is_asked(rows, name, value):
        if value == "decision":
            return rows.filter(state=Order.State.DECISION)
        return rows.overpaid() if value == "surplus" else rows.left_with_money()


class ListOrders(IndexView):
    """Found by the people as well for whom they were placed: the invoice may go to somebody else."""

    def search_queryset(self, queryset):
        found = super().search_queryset(queryset)
        if not self.is_searching:
            return found
        people = Registration.objects.matching(self.search_query)
        return found | queryset.filter(pk__in=OrderLine.objects.filter(registration__in=people).values("order"))


def order_acts(order: Order):
    """What finance may do with an order now: label, address, icon."""
    yield _("Record a payment"), "payments_settle", "plus"
    if order.is_open:
        yield _("Accept a letter"), "payments_accept_letter", "doc-full"
        yield _("Cancel"), "payments_cancel", "cross"
    if order.state == Order.State.DECISION:
        yield _("Let it be paid"), "payments_decide", "check"


class InspectOrder(InspectLocally):
    """The whole of an order: whose it is, for what, what came in and went back, and what was written about it."""

    template_name = "payments/back_office/order.html"

    def get_object(self, queryset=None):
        return get_object_or_404(Order.objects.with_sums().select_related("edition", "delegation__agency"), pk=self.pk)

    def get_page_subtitle(self):
        return self.object.short_code

    def get_code_display_value(self):
        return self.object.short_code

    @cached_property
    def may_act(self) -> bool:
        return self.request.user.has_perm("payments.settle_order")

    @cached_property
    def header_buttons(self):
        acts = enumerate(order_acts(self.object) if self.may_act else [])
        return [
            HeaderButton(label, url=reverse(name, args=[self.pk]), icon_name=icon, priority=place)
            for place, (label, name, icon) in acts
        ]

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if self.user_has_permission("change"):
            url = reverse("wagtailsnippets_payments_order:history", args=[self.pk])
            buttons.append(Button(_("History"), url=url, icon_name="history"))
        return buttons

    def get_context_data(self, **kwargs):
        order = self.object
        refunds = list(order.refunds.select_related("payment", "recorded_by"))
        gone = Counter()
        for refund in refunds:
            gone[refund.payment_id] += refund.amount * (refund.state != Refund.State.FAILED)
        payments = [(row, row.amount > gone[row.pk]) for row in order.payments.select_related("recorded_by")]
        return super().get_context_data(**kwargs) | {
            "order": order,
            "is_due": order.state in (Order.State.OPEN, Order.State.DECISION),
            "lines": [(line.text, order.written(line.amount)) for line in order.lines.all()],
            "payments": payments,
            "refunds": refunds,
            "papers": order.papers.select_related("edition", "order"),
            "may_act": self.may_act,
            "may_download": self.request.user.has_perm("payments.view_paper"),
        }


class OrderViewSet(MadeByActs):
    model = Order
    index_view_class = ListOrders
    inspect_view_class = InspectOrder
    inspect_view_fields = [
        "code", "state", "edition", "delegation", "bill_to_name", "bill_to_agency", "bill_to_tax_number", "email",
        "language", "placed_at", "held_until", "letter", "accepted_at", "decision",
    ]  # fmt: skip
    icon = "list-ul"
    menu_label = gettext_lazy("Orders")
    list_display = [
        "code",
        "bill_to_name",
        "bill_to_agency",
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        AMOUNT,
        Column("received_written", label=gettext_lazy("Received")),
        "held_until",
        "placed_at",
    ]
    filterset_class = OrderFilters
    list_export = [
        "code", "edition", "state", "bill_to_name", "bill_to_agency", "bill_to_tax_number", "email", "amount_written",
        "received_written", "due_written", "letter", "held_until", "placed_at",
    ]  # fmt: skip
    search_fields = ["code", "bill_to_name", "bill_to_agency", "email", "letter"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("code", read_only=True), FieldPanel("state", read_only=True)]),
        FieldRowPanel([FieldPanel("edition", read_only=True), FieldPanel("held_until", read_only=True)]),
        MultiFieldPanel([FieldPanel("email"), FieldPanel("language")], heading=gettext_lazy("Contact")),
    ]

    def get_queryset(self, request):
        return Order.objects.with_sums().select_related("edition")


class PaymentViewSet(ReadOnly):
    model = Payment
    icon = "plus"
    menu_label = gettext_lazy("Payments")
    list_display = ["code", "order", "received_at", "method", AMOUNT, "reference", "recorded_by"]
    list_filter = ["order__edition", "method", "currency"]
    list_export = [
        "code", "order", "received_at", "method", "amount_written", "reference", "provider", "external_id", "recorded_by",
    ]  # fmt: skip
    search_fields = ["code", "order__code", "reference", "external_id"]
    inspect_view_fields = [
        "code", "order", "received_at", "method", "amount_written", "reference", "external_id", "recorded_by",
    ]  # fmt: skip
    list_per_page = 50

    def get_queryset(self, request):
        return Payment.objects.select_related("order", "recorded_by")


class RefundViewSet(ReadOnly):
    model = Refund
    icon = "undo"
    menu_label = gettext_lazy("Refunds")
    list_display = ["code", "order", "refunded_at", "method", AMOUNT, "state", "reason", "recorded_by"]
    list_filter = ["order__edition", "state", "currency"]
    list_export = [
        "code", "order", "payment", "refunded_at", "method", "amount_written", "state", "reason", "reference", "recorded_by",
    ]  # fmt: skip
    search_fields = ["code", "order__code", "reference", "reason"]
    inspect_view_fields = [
        "code", "order", "payment", "refunded_at", "method", "amount_written", "state", "reason", "reference", "external_id",
        "recorded_by",
    ]  # fmt: skip
    list_per_page = 50

    def get_queryset(self, request):
        return Refund.objects.select_related("order", "payment", "recorded_by")


class PaperViewSet(ReadOnly):
    model = Paper
    icon = "doc-full"
    menu_label = gettext_lazy("Papers")
    list_display = ["full_number", "kind", "order", AMOUNT, "issued_at"]
    list_filter = ["edition", "kind"]
    list_export = ["full_number", "kind", "order", "amount_written", "issued_at"]
    search_fields = ["order__code", "order__bill_to_name"]
    inspect_view_fields = ["edition", "full_number", "kind", "order", "amount_written", "issued_at", "document"]
    list_per_page = 50

    def get_queryset(self, request):
        return Paper.objects.select_related("order", "edition")


class KhqrCodeViewSet(ReadOnly):
    model = KhqrCode
    icon = "view"
    menu_label = gettext_lazy("KHQR codes")
    list_display = ["order", AMOUNT, "shown_at", "asked_at", "payment", "trouble"]
    list_filter = ["order__edition", "is_open", "currency"]
    list_export = ["order", "amount_written", "account", "shown_at", "expires_at", "asked_at", "payment", "trouble"]
    search_fields = ["order__code", "md5", "trouble"]
    inspect_view_fields = [
        "order", "amount_written", "account", "is_open", "shown_at", "expires_at", "asked_at", "payment", "trouble",
    ]  # fmt: skip
    list_per_page = 50

    def get_queryset(self, request):
        return KhqrCode.objects.select_related("order", "payment")


class LineFilters(Labelled):
    labels = {"payment__isnull": gettext_lazy("Belongs to no order")}

    class Meta:
        model = StatementLine
        fields = {"format": ["exact"], "payment": ["isnull"]}


class StatementLineViewSet(ReadOnly):
    model = StatementLine
    icon = "table"
    menu_label = gettext_lazy("Bank lines")
    list_display = [
        "booked_on",
        AMOUNT,
        "text",
        "number",
        Column("payment", label=gettext_lazy("Order"), accessor=lambda line: line.payment.order if line.payment else "–"),
    ]
    filterset_class = LineFilters
    list_export = ["format", "booked_on", "amount_written", "text", "number", "payment"]
    search_fields = ["text", "number"]
    inspect_view_fields = ["format", "booked_on", "amount_written", "text", "number", "payment"]
    list_per_page = 50

    def get_queryset(self, request):
        return StatementLine.objects.select_related("format", "payment__order")


class StatementFormatViewSet(Rows):
    model = StatementFormat
    icon = "cog"
    menu_label = gettext_lazy("Statement formats")
    list_display = ["name", "currency", "separator"]
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("separator"), FieldPanel("currency")]),
        FieldRowPanel([FieldPanel("date_column"), FieldPanel("date_format")]),
        FieldPanel("amount_column"),
        FieldPanel("text_column"),
        FieldPanel("number_column"),
    ]


class TermsViewSet(Rows):
    model = Terms
    icon = "cogs"
    menu_label = gettext_lazy("Terms")
    list_display = ["edition", "hold_hours", "tax_percent", "riel_per_dollar", "bank_name"]
    panels = [
        FieldRowPanel([FieldPanel("edition"), FieldPanel("hold_hours")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("seller_en"), FieldPanel("seller_km")]),
                FieldRowPanel([FieldPanel("address_en"), FieldPanel("address_km")]),
                FieldRowPanel([FieldPanel("tax_number"), FieldPanel("tax_basis_points")]),
                FieldRowPanel([FieldPanel("riel_per_dollar"), FieldPanel("rate_source")]),
            ],
            heading=gettext_lazy("Papers"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("bank_name"), FieldPanel("bank_account_name")]),
                FieldRowPanel([FieldPanel("bank_account"), FieldPanel("bank_swift")]),
            ],
            heading=gettext_lazy("Bank transfer"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("khqr_account"), FieldPanel("khqr_merchant_id")]),
                FieldRowPanel([FieldPanel("khqr_name"), FieldPanel("khqr_city")]),
                FieldPanel("khqr_bank"),
            ],
            heading="KHQR",
        ),
    ]

    def get_queryset(self, request):
        return Terms.objects.select_related("edition")


class MoneyGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("Money")
    menu_name = "money"
    menu_icon = "list-ul"
    menu_order = 450
    items = (
        OrderViewSet,
        PaymentViewSet,
        RefundViewSet,
        PaperViewSet,
        KhqrCodeViewSet,
        StatementLineViewSet,
        StatementFormatViewSet,
        TermsViewSet,
    )

    def get_submenu_items(self):
        return [
            *super().get_submenu_items(),
            Permitted(gettext_lazy("Ledger"), reverse("payments_ledger"), "list-ol", "payments.view_payment"),
            Permitted(gettext_lazy("Bank statement"), reverse("payments_statement"), "table", "payments.settle_order"),
        ]
