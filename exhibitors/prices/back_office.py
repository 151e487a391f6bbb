"""Price list and extras in the back office: amounts are typed as people write them and kept in minor units."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from cms import money
from cms.back_office import ReadOnly, Rows
from cms.fields import Line
from cms.refusals import beside
from exhibitors.models import Extra, OrderedExtra, Price, PriceList, Zone


class Stock(Column):
    """So many of so many, also drawn."""

    cell_template_name = "exhibitors/back_office/stock.html"


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


class InMoney(WagtailAdminModelForm):
    """Amounts of the list's currency, typed as people write them; what was ordered before stays as it was."""

    amounts = ("amount",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.amounts:
                amount = getattr(self.instance, name)
                self.initial[name] = money.plain(amount, self.instance.price_list.currency) if amount else ""

    def clean(self):
        data = super().clean()
        if price_list := data.get("price_list"):
            for name in self.amounts:
                data[name] = self._read(name, price_list)
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


def _name_zone(zone: Zone) -> str:
    return f"{zone.name} · {zone.hall.edition.short_name}"


class PriceForm(InMoney):
    amounts = ("amount", "early_amount")
    amount = Line(
        label=gettext_lazy("Price"), max_length=20, required=False, help_text=gettext_lazy("Blank where it is waived.")
    )
    early_amount = Line(
        label=gettext_lazy("Early price"), max_length=20, required=False,
        help_text=gettext_lazy("Until the day that the price list names. Blank: none."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = Zone.objects.select_related("hall__edition")
        self.fields["zone"].label_from_instance = _name_zone

    def clean(self):
        data = super().clean()
        if "price_list" not in data:
            return data
        data["amount"] = data["amount"] or 0
        is_waived = data.get("basis") == Price.Basis.WAIVED
        if is_waived and (data["amount"] or data["early_amount"]):
            raise beside("amount", _("What is waived has no price."), "waived")
        if not (is_waived or data["amount"]):
            raise beside("amount", _("Give a price, or waive it."), "amount")
        if data["early_amount"] and data["early_amount"] >= data["amount"]:
            raise beside("early_amount", _("An early price is lower than the price."), "early")
        return data


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


class ExtraForm(InMoney):
    amount = Line(label=gettext_lazy("Price"), max_length=20, help_text=gettext_lazy("Of one."))
    zones = forms.ModelMultipleChoiceField(
        Zone.objects.none(), label=gettext_lazy("For zones"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: for all."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zones"].queryset = Zone.objects.select_related("hall__edition")
        self.fields["zones"].label_from_instance = _name_zone

    def clean(self):
        data = super().clean()
        price_list, zones = data.get("price_list"), data.get("zones", [])
        if price_list and any(zone.hall.edition_id != price_list.edition_id for zone in zones):
            raise beside("zones", _("A zone belongs to another edition."), "other_edition")
        return data


class Extras(Rows):
    """How many are taken stands in each row as a bar."""

    model = Extra
    icon = "plus"
    list_display = [
        "name_en",
        "price_list",
        Column("amount_written", label=gettext_lazy("Price")),
        "unit_en",
        Stock("taken", label=gettext_lazy("Taken"), sort_key="taken"),
        "order_until",
        "watts",
    ]
    list_filter = ["price_list", "fitting", "zones"]
    list_export = [
        "price_list", "name_en", "name_km", "unit_en", "unit_km", "amount_written", "stock", "taken", "left", "order_until",
        "watts", "fitting",
    ]  # fmt: skip
    list_per_page = 50
    panels = [
        FieldPanel("price_list", widget=forms.Select),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("unit_en"), FieldPanel("unit_km")]),
        FieldRowPanel([FieldPanel("amount"), FieldPanel("stock"), FieldPanel("order_until")]),
        FieldRowPanel([FieldPanel("fitting"), FieldPanel("watts")]),
        FieldPanel("zones"),
    ]
    edit_handler = ObjectList(panels, base_form_class=ExtraForm)

    def get_queryset(self, request):
        return Extra.objects.select_related("price_list__edition")


class OrderedExtras(ReadOnly):
    """Who has ordered what, for who delivers it."""

    model = OrderedExtra
    icon = "list-ul"
    list_display = [
        "extra",
        "quantity",
        Column("booking.booth", label=gettext_lazy("Booth"), sort_key="booking__booth__code"),
        Column("booking.agency", label=gettext_lazy("Agency"), sort_key="booking__agency__sort_key"),
        "is_taken",
        "ordered_at",
    ]
    list_filter = ["extra__price_list", "extra", "is_taken", "booking__booth__zone"]
    list_export = [
        "extra", "quantity", "booking.booth", "booking.agency", "booking.state", "is_taken", "ordered_at", "ordered_by",
    ]  # fmt: skip
    search_fields = ["booking__code", "booking__booth__code", "booking__agency__search_text", "extra__name_en"]
    list_per_page = 50

    def get_queryset(self, request):
        return OrderedExtra.objects.select_related("extra", "booking__booth", "booking__agency", "ordered_by")
