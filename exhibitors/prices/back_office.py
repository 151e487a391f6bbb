"""Price list, extras and packages in the back office: amounts are typed as people write them and kept in minor units."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView

from cms import money
from cms.back_office import EditTaken, Labelled, Question, ReadOnly, Rows, ask
from cms.fields import Line
from cms.refusals import beside
from exhibitors import eligibility
from exhibitors.back_office import ListButton
from exhibitors.models import Entitlement, Extra, OrderedExtra, Package, Price, PriceList, Zone
from exhibitors.prices import sponsoring


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
        "__str__",
        "price_list",
        Column("get_basis_display", label=gettext_lazy("Reckoned"), sort_key="basis"),
        Column("amount_written", label=gettext_lazy("Price")),
        Column("early_amount_written", label=gettext_lazy("Early price")),
    ]
    list_filter = ["price_list__edition", "kind", "zone", "basis"]
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
        if price_list := data.get("price_list"):
            price_list.refuse_foreign(data.get("zones", []), "zones")
        return data


class Extras(Rows):
    """How many are taken stands in each row as a bar."""

    model = Extra
    icon = "plus"
    edit_view_class = EditTaken
    list_display = [
        "name_en",
        "price_list",
        Column("amount_written", label=gettext_lazy("Price")),
        "unit_en",
        Stock("taken", label=gettext_lazy("Taken"), sort_key="taken"),
        "order_until",
        "watts",
    ]
    list_filter = ["price_list__edition", "fitting", "zones"]
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
    list_filter = ["extra__price_list__edition", "extra", "is_taken", "booking__booth__zone"]
    list_export = [
        "extra", "quantity", "booking.booth", "booking.agency", "booking.state", "is_taken", "ordered_at", "ordered_by",
    ]  # fmt: skip
    export_headings = {
        "booking.booth": gettext_lazy("Booth"), "booking.agency": gettext_lazy("Agency"),
        "booking.state": gettext_lazy("State"),
    }  # fmt: skip
    search_fields = ["booking__code", "booking__booth__code", "booking__agency__search_text", "extra__name_en"]
    list_per_page = 50

    def get_queryset(self, request):
        return OrderedExtra.objects.select_related("extra", "booking__booth", "booking__agency", "ordered_by")


class PackageForm(InMoney):
    amount = Line(label=gettext_lazy("Price"), max_length=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = Zone.objects.select_related("hall__edition")
        self.fields["zone"].label_from_instance = _name_zone


class Packages(Rows):
    model = Package
    icon = "pick"
    edit_view_class = EditTaken
    list_display = [
        "name_en",
        "price_list",
        Column("amount_written", label=gettext_lazy("Price")),
        Stock("taken", label=gettext_lazy("Taken"), sort_key="taken"),
        "zone",
        "passes",
    ]
    list_filter = ["price_list__edition"]
    list_export = [
        "price_list", "name_en", "name_km", "amount_written", "stock", "taken", "left", "zone", "passes", "has_logo",
        "has_slot",
    ]  # fmt: skip
    panels = [
        FieldPanel("price_list", widget=forms.Select),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("about_en"), FieldPanel("about_km")]),
        FieldRowPanel([FieldPanel("amount"), FieldPanel("stock")]),
        FieldRowPanel([FieldPanel("zone", widget=forms.Select), FieldPanel("passes")]),
        FieldRowPanel([FieldPanel("has_logo"), FieldPanel("has_slot")]),
    ]
    edit_handler = ObjectList(panels, base_form_class=PackageForm)

    def get_queryset(self, request):
        return Package.objects.select_related("price_list__edition", "zone")


class ListEntitlements(IndexView):
    def get_list_buttons(self, instance):
        buttons = super().get_list_buttons(instance)
        if instance.is_granted or not eligibility.may_place(self.request.user):
            return buttons
        label, icon = (_("Not done after all"), "undo") if instance.is_done else (_("Done"), "check")
        url = reverse("exhibition_tick", args=[instance.pk])
        return [ListButton(label, url=url, icon_name=icon), *buttons]


class EntitlementFilters(Labelled):
    labels = {
        "sponsorship__package": gettext_lazy("Package"), "sponsorship__state": gettext_lazy("State"),
        "done_at__isnull": gettext_lazy("Still to do"),
    }  # fmt: skip

    class Meta:
        model = Entitlement
        fields = {
            "sponsorship__package": ["exact"], "sponsorship__state": ["exact"], "kind": ["exact"], "done_at": ["isnull"],
        }  # fmt: skip


class Entitlements(ReadOnly):
    """What is owed to each sponsor, each with done or not done."""

    model = Entitlement
    icon = "check"
    index_view_class = ListEntitlements
    list_display = [
        "sponsorship",
        Column("get_kind_display", label=gettext_lazy("What"), sort_key="kind"),
        "quantity",
        Column("sponsorship.get_state_display", label=gettext_lazy("State")),
        "done_at",
        "note",
    ]
    filterset_class = EntitlementFilters
    list_export = [
        "sponsorship.agency", "sponsorship.package", "kind", "quantity", "sponsorship.state", "done_at", "done_by", "note",
    ]  # fmt: skip
    export_headings = {
        "sponsorship.agency": gettext_lazy("Agency"), "sponsorship.package": gettext_lazy("Package"),
        "sponsorship.state": gettext_lazy("State"),
    }  # fmt: skip
    search_fields = ["sponsorship__agency__search_text", "sponsorship__package__name_en", "note"]
    list_per_page = 50

    def get_queryset(self, request):
        return Entitlement.objects.select_related("sponsorship__agency", "sponsorship__package", "done_by")


class TickForm(forms.Form):
    note = Line(
        label=gettext_lazy("Note"), max_length=200, required=False,
        help_text=gettext_lazy("Such as the code of the booth, or which session."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("exhibitors.confirm_booking", raise_exception=True)
def tick(request, pk):
    row = get_object_or_404(Entitlement.objects.select_related("sponsorship__agency", "sponsorship__package"), pk=pk)
    names = {"agency": row.sponsorship.agency.name, "what": row.get_kind_display()}
    title = _("Not given to %(agency)s after all: %(what)s") if row.is_done else _("Given to %(agency)s: %(what)s")
    question = Question(
        title=title % names,
        text=_("By the package “%(package)s”.") % {"package": row.sponsorship.package.name},
        button=_("Not done after all") if row.is_done else _("Done"),
        done=_("It is written down."),
        icon="check",
    )

    def act(note):
        return sponsoring.tick(entitlement=row, is_done=not row.is_done, note=note, user=request.user)

    form = TickForm(request.POST if request.method == "POST" else None, initial={"note": row.note})
    return ask(request, question, back="wagtailsnippets_exhibitors_entitlement:list", act=act, form=form)
