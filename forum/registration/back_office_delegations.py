"""Delegations in the back office: which agency may send how many people of each pass."""

from django.core.exceptions import ValidationError
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column

from cms.back_office import Rows
from forum.registration.models import Delegation


class DelegationForm(WagtailAdminModelForm):
    """Places are of passes of the same edition, and no fewer than are taken."""

    def clean(self):
        data = super().clean()
        rows = self.formsets["places"]
        rows.is_valid()  # so that each has said what it holds
        for row in rows.forms:
            typed = getattr(row, "cleaned_data", {})
            if typed.get("DELETE"):
                self._refuse_taken(row)
            elif typed.get("pass_type"):
                self._check(row, typed, data.get("edition"))
        return data

    def _refuse_taken(self, row):
        if row.instance.pk and (row.instance.taken or row.instance.granted):
            raise ValidationError(
                _("Places of the pass “%(pass)s” are taken: they cannot be removed.") % {"pass": row.instance.pass_type},
                code="taken",
            )

    def _check(self, row, typed, edition):
        if edition and typed["pass_type"].edition_id != edition.pk:
            row.add_error("pass_type", ValidationError(_("This pass belongs to another edition."), code="other_edition"))
        if (row.instance.taken or row.instance.granted) and "pass_type" in row.changed_data:
            row.add_error("pass_type", ValidationError(_("Places of this pass are taken: it stays."), code="taken"))
        if typed.get("size") is not None and typed["size"] + row.instance.granted < row.instance.taken:
            row.add_error("size", ValidationError(_("More places are taken than that."), code="too_small"))


class DelegationViewSet(Rows):
    model = Delegation
    icon = "group"
    menu_label = gettext_lazy("Delegations")
    list_display = [
        "agency",
        "edition",
        Column("size", label=gettext_lazy("Places"), sort_key="size"),
        Column("taken", label=gettext_lazy("Taken"), sort_key="taken"),
        "closes_at",
    ]
    list_filter = ["edition", "agency__kind"]
    list_export = ["code", "agency", "edition", "size", "taken", "closes_at"]
    export_headings = {"size": gettext_lazy("Places"), "taken": gettext_lazy("Taken")}
    search_fields = ["agency__name_en", "agency__name_km"]
    inspect_view_fields_exclude = [*Rows.inspect_view_fields_exclude, "registrations"]
    panels = [
        FieldRowPanel([FieldPanel("edition"), FieldPanel("agency")]),
        InlinePanel(
            "places",
            [
                FieldPanel("pass_type"),
                FieldPanel("size"),
                FieldPanel("granted", read_only=True),
                FieldPanel("taken", read_only=True),
            ],
            heading=gettext_lazy("Places"),
            label=gettext_lazy("Pass"),
        ),
        FieldPanel("closes_at"),
        FieldPanel("note"),
    ]
    edit_handler = ObjectList(panels, base_form_class=DelegationForm)

    def get_queryset(self, request):
        rows = Delegation.objects.select_related("edition", "agency")
        size = Sum(F("places__size") + F("places__granted"), default=0)
        return rows.annotate(size=size, taken=Sum("places__taken", default=0))
