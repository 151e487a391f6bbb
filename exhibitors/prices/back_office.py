"""The price list in the back office: amounts are typed as people write them and kept in minor units."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from cms import money
from cms.back_office import Rows
from cms.fields import Line
from cms.refusals import beside
from exhibitors.models import Price, PriceList, Zone


class PriceLists(Rows):
    model = PriceList
    icon = "list-ul"
    list_display = ["edition", "currency", "early_until"]
    panels = [
        FieldPanel("edition", widget=forms.Select),
        FieldRowPanel([FieldPanel("currency"), FieldPanel("early_until")]),
        FieldRowPanel([FieldPanel("note_en"), FieldPanel("note_km")]),
    ]

    def get_queryset(self, request):
        return PriceList.objects.select_related("edition")


class PriceForm(WagtailAdminModelForm):
    """``amount`` in the list's currency; what was ordered before stays as it was."""

    amount = Line(
        label=gettext_lazy("Price"), max_length=20, required=False, help_text=gettext_lazy("Blank where it is waived.")
    )
    early_amount = Line(
        label=gettext_lazy("Early price"), max_length=20, required=False,
        help_text=gettext_lazy("Until the day that the price list names. Blank: none."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("amount", "early_amount"):
                amount = getattr(self.instance, name)
                self.initial[name] = money.plain(amount, self.instance.price_list.currency) if amount else ""
        self.fields["zone"].queryset = Zone.objects.select_related("hall__edition")
        self.fields["zone"].label_from_instance = lambda zone: f"{zone.name} · {zone.hall.edition.short_name}"

    def clean(self):
        data = super().clean()
        price_list = data.get("price_list")
        if price_list is None:
            return data
        data["amount"] = self._read("amount", price_list) or 0
        data["early_amount"] = self._read("early_amount", price_list)
        is_waived = data.get("basis") == Price.Basis.WAIVED
        if is_waived and (data["amount"] or data["early_amount"]):
            raise beside("amount", _("What is waived has no price."), "waived")
        if not (is_waived or data["amount"]):
            raise beside("amount", _("Give a price, or waive it."), "amount")
        if data["early_amount"] and data["early_amount"] >= data["amount"]:
            raise beside("early_amount", _("An early price is lower than the price."), "early")
        return data

    def _read(self, name, price_list) -> int | None:
        typed = self.cleaned_data.get(name)
        if not typed:
            return None
        try:
            amount = money.read(typed, price_list.currency)
        except ValidationError as refusal:
            raise beside(name, refusal.messages[0], refusal.code) from None
        if amount <= 0:
            raise beside(name, _("An amount is more than nothing."), "amount")
        return amount


class Prices(Rows):
    model = Price
    icon = "tag"
    list_display = [
        Column("__str__", label=gettext_lazy("For")),
        "price_list",
        Column("get_basis_display", label=gettext_lazy("Reckoned"), sort_key="basis"),
        Column("amount_written", label=gettext_lazy("Price")),
        Column("early_amount_written", label=gettext_lazy("Early price")),
    ]
    list_filter = ["price_list", "kind", "zone", "basis"]
    list_export = ["price_list", "kind", "zone", "least_area", "basis", "amount_written", "early_amount_written"]
    list_per_page = 50
    panels = [
        FieldPanel("price_list", widget=forms.Select),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("zone", widget=forms.Select), FieldPanel("least_area")]),
        FieldRowPanel([FieldPanel("basis"), FieldPanel("amount"), FieldPanel("early_amount")]),
    ]
    edit_handler = ObjectList(panels, base_form_class=PriceForm)

    def get_queryset(self, request):
        return Price.objects.select_related("price_list__edition", "zone")
