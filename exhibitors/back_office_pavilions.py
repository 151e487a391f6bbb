"""How organisers set up pavilions: by the codes of booths and blocks, through the same act as everybody."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import CreateView, EditView

from cms.back_office import MadeByActs
from exhibitors import pavilions
from exhibitors.models import Booth, Pavilion


class PavilionForm(WagtailAdminModelForm):
    """Booths by their codes; the code of a block stands for all of its booths."""

    booths = forms.CharField(
        label=gettext_lazy("Booths"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Codes of booths such as A12, or of a block such as A for all of its booths; between them a comma or a space."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            codes = self.instance.booths.order_by("code").values_list("code", flat=True)
            self.initial["booths"] = ", ".join(codes)
            self.fields["edition"].disabled = True

    def clean(self):
        words = super().clean()
        if words.get("edition"):
            words["booths"] = self._find(words["edition"], words.get("booths", ""))
        return words

    def _find(self, edition, typed) -> list[Booth]:
        found, unknown = [], []
        for code in dict.fromkeys(typed.replace(",", " ").upper().split()):
            rows = list(edition.booths.filter(code=code)) or list(edition.booths.filter(block=code))
            found += rows
            if not rows:
                unknown.append(code)
            elif len({row.zone_id for row in rows}) > 1:
                refusal = _("Block %(block)s stands in several zones: write the codes of its booths.") % {"block": code}
                self.add_error("booths", ValidationError(refusal, code="several"))
        if unknown:
            refusal = _("No booth or block: %(codes)s.") % {"codes": ", ".join(unknown)}
            self.add_error("booths", ValidationError(refusal, code="unknown"))
        return found


class ByAct:
    """Writes through the act, and says beside the field why not."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self):
        names = ("edition", "name_en", "name_km", "organiser", "booths")
        words = {name: self.form.cleaned_data[name] for name in names}
        return pavilions.keep(pavilion=self.kept, user=self.request.user, **words)


class SetUp(ByAct, CreateView):
    kept = None


class Change(ByAct, EditView):
    @property
    def kept(self):
        return self.object


class Pavilions(MadeByActs):
    """One that is no longer wanted is left without booths: who stood there stays in the history."""

    model = Pavilion
    icon = "group"
    without = frozenset({"delete"})
    add_view_class = SetUp
    edit_view_class = Change
    list_display = ["name_en", "name_km", "edition", "organiser", "size"]
    list_filter = ["edition"]
    list_export = ["code", "edition", "name_en", "name_km", "organiser", "size"]
    search_fields = ["name_en", "name_km", "organiser__search_text"]
    panels = [
        FieldPanel("edition", widget=forms.Select),
        MultiFieldPanel([FieldPanel("name_en"), FieldPanel("name_km")], heading=gettext_lazy("Name")),
        FieldPanel("organiser", widget=forms.Select),
        FieldPanel("booths"),
    ]
    edit_handler = ObjectList(panels, base_form_class=PavilionForm)

    def get_queryset(self, request):
        return Pavilion.objects.counted().select_related("edition", "organiser")
