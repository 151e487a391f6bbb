"""Passes, and what they draw on and open, in the back office; ``forum.desks`` puts them into its menu."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from cms import dates, money
from cms.back_office import EditTaken, MadeByActs, Rows
from cms.fields import Line
from cms.models import Edition
from cms.refusals import beside
from forum.registration import access
from forum.registration.models import AccessCode, AccessZone, PassType, Quota


class QuotaViewSet(Rows):
    model = Quota
    icon = "list-ol"
    edit_view_class = EditTaken
    menu_label = gettext_lazy("Quotas")
    list_display = ["name", "edition", "taken", "size"]
    list_filter = ["edition"]
    panels = [FieldPanel("edition"), FieldPanel("name"), FieldPanel("size"), FieldPanel("taken", read_only=True)]

    def get_queryset(self, request):
        return Quota.objects.select_related("edition")


def day_choices() -> list[tuple[str, str]]:
    """The days of all forums, the latest forum first; the form refuses those of another one."""
    return [
        (day, f"{dates.weekday(datetime.date.fromisoformat(day))} ({edition.slug})")
        for edition in Edition.objects.all()
        for day in edition.days
    ]


class DaysForm(WagtailAdminModelForm):
    """Something that holds on some days of its edition."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        required=False,
        choices=lazy(day_choices, list),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: all days of the forum."),
    )

    def clean_days(self):
        """In order, and none that is not a day of this edition."""
        days, edition = sorted(self.cleaned_data["days"]), self.cleaned_data.get("edition")
        if edition and not set(days) <= set(edition.days):
            raise ValidationError(_("Here is a day on which this forum does not take place."), code="other_day")
        return days


class PassTypeForm(DaysForm):
    """A pass draws on quotas of its own edition, the same from its first holder on: who leaves gives back what was taken."""

    price = Line(label=gettext_lazy("Price"), max_length=20, required=False, help_text=gettext_lazy("Blank: free."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["price"] = money.plain(self.instance.price, self.instance.currency)
        self.fields["currency"].required = False

    def clean_currency(self):
        return self.cleaned_data["currency"] or self.instance.currency

    def clean_zones(self):
        zones, edition = self.cleaned_data["zones"], self.cleaned_data.get("edition")
        if edition and any(zone.edition_id != edition.pk for zone in zones):
            raise ValidationError(_("A zone belongs to another edition."), code="other_edition")
        return zones

    def clean(self):
        data = super().clean()
        opens_at, closes_at = data.get("opens_at"), data.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", ValidationError(_("It closes before it opens."), code="order"))
        price = data.pop("price", None)  # as it was typed it is no number, which the model would say besides
        if price is not None and "currency" in data:
            data["price"] = self._price(price, data["currency"])
        return data

    def _price(self, typed: str, currency: str) -> int:
        """What orders were placed for stays; who comes later pays the new price."""
        try:
            price = money.read(typed or "0", currency)
        except ValidationError as refusal:
            raise beside("price", refusal.message, refusal.code) from None
        if price < 0:
            raise beside("price", _("A price is nothing or more."), "negative")
        return price

    def clean_quotas(self):
        quotas = self.cleaned_data["quotas"]
        edition = self.cleaned_data.get("edition")
        if edition and any(quota.edition_id != edition.pk for quota in quotas):
            raise ValidationError(_("A quota belongs to another edition."), code="other_edition")
        is_changed = self.instance.pk and set(quotas) != set(self.instance.quotas.all())
        if is_changed and self.instance.registrations.live().exists():
            raise ValidationError(_("People hold this pass already: its quotas stay as they are."), code="held")
        return quotas


class PassTypeViewSet(Rows):
    model = PassType
    icon = "tag"
    menu_label = gettext_lazy("Passes")
    list_display = [
        "name_en",
        "name_km",
        "edition",
        Column("price_written", label=gettext_lazy("Price")),
        "access",
        "opens_at",
        "closes_at",
    ]
    list_filter = ["edition", "access"]
    panels = [
        FieldRowPanel([FieldPanel("edition"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("description_en"), FieldPanel("description_km")]),
        FieldRowPanel([FieldPanel("band"), FieldPanel("position")]),
        FieldPanel("quotas"),
        FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("per_booth"), FieldPanel("per_area"), FieldPanel("booth_fitting")]),
                FieldPanel("comes_with_packages"),
            ],
            heading=gettext_lazy("Places of exhibitors and sponsors"),
        ),
        MultiFieldPanel(
            [FieldPanel("access"), FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")])],
            heading=gettext_lazy("Who may choose it, and when"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("needs_agency"),
                FieldPanel("needs_organiser"),
                FieldPanel("needs_security"),
                FieldPanel("needs_photo"),
                FieldPanel("shows_photo"),
            ],
            heading=gettext_lazy("Before a place is theirs"),
        ),
        MultiFieldPanel(
            [FieldPanel("has_waiting_list"), FieldPanel("offer_hours")], heading=gettext_lazy("When it is full")
        ),
        MultiFieldPanel([FieldPanel("days"), FieldPanel("zones")], heading=gettext_lazy("What it opens")),
    ]
    edit_handler = ObjectList(panels, base_form_class=PassTypeForm)

    def get_queryset(self, request):
        return PassType.objects.select_related("edition")


class AccessCodesForm(forms.Form):
    """So many codes of one kind."""

    number = forms.IntegerField(label=gettext_lazy("How many codes"), min_value=1, max_value=access.AT_ONCE, initial=1)
    uses = forms.IntegerField(
        label=gettext_lazy("Uses of each"), min_value=1, max_value=100_000, initial=1,
        help_text=gettext_lazy("1 for a personal code."),
    )  # fmt: skip
    word = Line(
        label=gettext_lazy("A word of your own"), max_length=40, required=False,
        help_text=gettext_lazy("For one code that many use. Blank: made at random."),
    )  # fmt: skip
    valid_until = forms.DateTimeField(
        label=gettext_lazy("Valid until"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    note = Line(label=gettext_lazy("Note"), max_length=200, required=False)


class AccessZoneViewSet(Rows):
    model = AccessZone
    icon = "lock-open"
    menu_label = gettext_lazy("Access zones")
    list_display = ["name_en", "name_km", "edition"]
    list_filter = ["edition"]
    panels = [FieldPanel("edition"), FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]), FieldPanel("position")]

    def get_queryset(self, request):
        return AccessZone.objects.select_related("edition")


class AccessCodeViewSet(MadeByActs):
    """Codes are made from the list of passes, many at once; used ones stay."""

    without = frozenset({"add"})
    model = AccessCode
    icon = "key"
    edit_view_class = EditTaken
    menu_label = gettext_lazy("Access codes")
    list_display = ["code", "pass_type", "uses", "taken", "valid_until", "note"]
    list_filter = ["pass_type", "note"]
    list_export = ["code", "pass_type", "uses", "taken", "valid_until", "note"]
    search_fields = ["code", "note"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("code", read_only=True), FieldPanel("pass_type", read_only=True)]),
        FieldRowPanel([FieldPanel("uses"), FieldPanel("taken", read_only=True)]),
        FieldPanel("valid_until"),
        FieldPanel("note"),
    ]

    def get_queryset(self, request):
        """Those of personal invitations stand with their invitations."""
        return AccessCode.objects.filter(personal_invitation=None).select_related("pass_type")
