"""How organisers set up pavilions: by the codes of booths and blocks, through the same act as everybody."""

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import CreateView, EditView

from cms.back_office import ByAct, MadeByActs
from exhibitors import pavilions
from exhibitors.back_office_codes import BoothCodes
from exhibitors.models import Pavilion


class PavilionForm(WagtailAdminModelForm):
    booths = BoothCodes(required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            codes = self.instance.booths.order_by("code").values_list("code", flat=True)
            self.initial["booths"] = ", ".join(codes)
            self.fields["edition"].disabled = True

    def clean_booths(self):
        edition = self.cleaned_data.get("edition")
        return self.fields["booths"].find(edition, self.cleaned_data["booths"]) if edition else []


class KeepPavilion(ByAct):
    def save_instance(self):
        names = ("edition", "name_en", "name_km", "organiser", "booths")
        words = {name: self.form.cleaned_data[name] for name in names}
        return pavilions.keep(pavilion=self.kept, user=self.request.user, **words)


class SetUp(KeepPavilion, CreateView):
    kept = None


class Change(KeepPavilion, EditView):
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
