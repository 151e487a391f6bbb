"""Layouts of badges in the back office: kept, looked at, and tried with everybody before anything prints."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from cms import images, pdf
from cms.back_office import NOT_SHOWN, Rows
from cms.models import Edition
from cms.refusals import beside
from forum.badges import previewing
from forum.badges.models import BadgeLayout, LayoutOfPass
from forum.badges.shapes import FIELDS, NAME

PERMISSIONS = ["badges.view_badgelayout", "registration.view_registration"]
WORDS = {
    NAME: gettext_lazy("Name with form of address"),
    "position": gettext_lazy("Position"),
    "agency": gettext_lazy("Agency"),
    "zones": gettext_lazy("Access zones"),
    "days": gettext_lazy("Days"),
}
NOTHING = ("", gettext_lazy("Nothing"))
HERE = "[what is found comes here]"


class InOrder(forms.MultiWidget):
    """One list to choose from for each place."""

    def __init__(self):
        super().__init__([forms.Select(choices=[NOTHING, *WORDS.items()]) for _place in FIELDS])

    def decompress(self, value):
        value = list(value or [])
        return value + [""] * (len(FIELDS) - len(value))

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for place, widget in enumerate(context["widget"]["subwidgets"], 1):
            widget["attrs"]["aria-label"] = _("Number %(number)d") % {"number": place}
        return context


class OrderField(forms.MultiValueField):
    def __init__(self, **options):
        choice = [forms.ChoiceField(choices=[NOTHING, *WORDS.items()], required=False) for _place in FIELDS]
        super().__init__(choice, require_all_fields=False, widget=InOrder, **options)

    def compress(self, values):
        return [value for value in values if value]

    def clean(self, value):
        order = super().clean(value)
        if NAME not in order:
            raise ValidationError(_("Without a name it is no badge."), code="name")
        if len(set(order)) < len(order):
            raise ValidationError(_("Here something stands twice."), code="twice")
        return order


class LayoutForm(WagtailAdminModelForm):
    """Passes of its own edition that are in no other layout; pictures are drawn anew, as all that come from outside."""

    order = OrderField(
        label=gettext_lazy("What stands on it, in which order"),
        help_text=gettext_lazy("Before the name: above it. Zones and days stand beside the code."),
    )
    ground = forms.CharField(label=gettext_lazy("Colour of head and foot"), widget=forms.TextInput(attrs={"type": "color"}))
    accent = forms.CharField(
        label=gettext_lazy("Second colour, in the cloth"), widget=forms.TextInput(attrs={"type": "color"})
    )
    emblem = forms.FileField(
        label=gettext_lazy("Emblem"), required=False, widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text=gettext_lazy("A picture (PNG or JPEG) that stands in the head."),
    )  # fmt: skip
    without_emblem = forms.BooleanField(label=gettext_lazy("Print without an emblem"), required=False)
    back_picture = forms.FileField(
        label=gettext_lazy("Picture"), required=False, widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text=gettext_lazy("PNG or JPEG."),
    )  # fmt: skip

    def clean_ground(self):
        return self.cleaned_data["ground"].lower()

    def clean_accent(self):
        return self.cleaned_data["accent"].lower()

    def clean_emblem(self):
        return self._drawn_anew("emblem")

    def clean_back_picture(self):
        return self._drawn_anew("back_picture")

    def _drawn_anew(self, name):
        file = self.cleaned_data[name]
        return images.reencode(file) if file and name in self.changed_data else file

    def clean_pass_types(self):
        passes, edition = self.cleaned_data["pass_types"], self.cleaned_data.get("edition")
        if edition and any(pass_type.edition_id != edition.pk for pass_type in passes):
            raise ValidationError(_("A pass belongs to another edition."), code="other_edition")
        taken = LayoutOfPass.objects.filter(pass_type__in=passes).exclude(layout=self.instance.pk)
        for other in taken.select_related("layout", "pass_type")[:1]:
            sentence = _("“%(pass)s” is in the layout “%(layout)s” already.")
            raise ValidationError(sentence, code="taken", params={"pass": other.pass_type.name, "layout": other.layout.name})
        return passes

    def clean(self):
        data = super().clean()
        if data.get("without_emblem"):
            data["emblem"] = ""
        if data.get("back") == BadgeLayout.Back.TEXT and not (data.get("back_text_en") or data.get("back_text_km")):
            raise beside("back_text_en", _("Write what stands on the back."), "required")
        if data.get("back") == BadgeLayout.Back.PICTURE and not data.get("back_picture"):
            raise beside("back_picture", _("Choose the picture for the back."), "required")
        return data


class BadgeLayoutViewSet(Rows):
    model = BadgeLayout
    icon = "image"
    menu_label = gettext_lazy("Badge layouts")
    list_display = [
        "name", "edition", Column("get_shape_display", label=gettext_lazy("Shape")), "is_for_others", "has_photo",
    ]  # fmt: skip
    list_filter = ["edition", "shape"]
    list_export = ["name", "edition", "shape", "is_for_others", "has_photo"]
    inspect_view_fields_exclude = [*NOT_SHOWN, "emblem", "back_picture", "order"]
    edit_handler = ObjectList(
        [
            FieldPanel("edition", widget=forms.Select),
            FieldPanel("name"),
            MultiFieldPanel(
                [FieldPanel("pass_types", widget=forms.CheckboxSelectMultiple), FieldPanel("is_for_others")],
                heading=gettext_lazy("For which passes"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("shape"),
                    FieldRowPanel([FieldPanel("ground"), FieldPanel("accent")]),
                    FieldPanel("order"),
                    FieldPanel("has_photo"),
                    FieldPanel("emblem"),
                    FieldPanel("without_emblem"),
                ],
                heading=gettext_lazy("How it looks"),
            ),
            MultiFieldPanel(
                [FieldPanel("back"), FieldPanel("back_text_km"), FieldPanel("back_text_en"), FieldPanel("back_picture")],
                heading=gettext_lazy("Back of the badge"),
            ),
        ],
        base_form_class=LayoutForm,
    )

    def get_queryset(self, request):
        return BadgeLayout.objects.select_related("edition")


@permission_required(PERMISSIONS, raise_exception=True)
@require_safe
def preview(request, pk):
    """With real people of the edition, so for those alone who may see them."""
    layout = get_object_or_404(BadgeLayout.objects.select_related("edition"), pk=pk)
    return pdf.answer(previewing.preview(layout), f"badge-layout-{layout.pk}.pdf")


@permission_required(PERMISSIONS, raise_exception=True)
@require_safe
def check(request):
    """What would not fit, told as it is found: twenty thousand people take a while, and no page waits in memory for them."""
    asked = request.GET.get("edition", "")
    edition = get_object_or_404(Edition, slug=asked) if asked else Edition.objects.current()
    context = {"edition": edition, "editions": Edition.objects.all(), "here": HERE}
    head, _here, foot = render_to_string("badges/back_office/check.html", context, request).partition(HERE)
    return StreamingHttpResponse(_told(head, foot, edition, translation.get_language()))


def _told(head, foot, edition, language):
    yield head
    with translation.override(language):
        found = seen = 0
        for problem in previewing.problems(edition) if edition else []:
            if isinstance(problem, int):
                seen = problem
                yield render_to_string("badges/back_office/check_progress.html", {"seen": seen})
            else:
                found += 1
                yield render_to_string("badges/back_office/check_problem.html", _row(problem))
        yield render_to_string("badges/back_office/check_end.html", {"found": found, "seen": seen})
    yield foot


def _row(problem):
    is_person = hasattr(problem.of, "name_latin")
    address = "wagtailsnippets_registration_registration:edit" if is_person else None
    return {
        "name": problem.of.name_latin if is_person else problem.of.name,
        "is_shared": not is_person,
        "address": address and reverse(address, args=[problem.of.pk]),
        "texts": problem.texts,
        "lacks_photo": problem.lacks_photo,
    }
