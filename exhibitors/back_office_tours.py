"""Tours of a guest of honour in the back office: which booths, in which order, what is said there, and the sheet."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import EditView, IndexView

from cms import pdf
from cms.back_office import Question, Rows, ask
from exhibitors.back_office import ListButton
from exhibitors.back_office_codes import BoothCodes
from exhibitors.models import Tour, TourStop
from exhibitors.touring import arranging, sheet, walking

TOURS = "wagtailsnippets_exhibitors_tour:list"

may_see = permission_required("exhibitors.view_tour", raise_exception=True)
may_change = permission_required("exhibitors.change_tour", raise_exception=True)


class ListTours(IndexView):
    def get_list_buttons(self, instance):
        url = reverse("exhibition_tour", args=[instance.pk])
        return [ListButton(_("Stops"), url=url, icon_name="list-ol"), *super().get_list_buttons(instance)]


class EditTour(EditView):
    @cached_property
    def header_buttons(self):
        url = reverse("exhibition_tour", args=[self.object.pk])
        return [HeaderButton(_("Stops"), url=url, icon_name="list-ol")]


class Tours(Rows):
    model = Tour
    icon = "site"
    index_view_class = ListTours
    edit_view_class = EditTour
    list_display = ["name_en", "name_km", "edition", "starts_at"]
    list_filter = ["edition"]
    list_export = ["name_en", "name_km", "edition", "starts_at"]
    panels = [
        FieldPanel("edition", widget=forms.Select),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldPanel("starts_at"),
    ]

    def get_queryset(self, request):
        return Tour.objects.select_related("edition")


class BoothsForm(forms.Form):
    booths = BoothCodes(max_length=500)

    def __init__(self, *args, tour, **kwargs):
        super().__init__(*args, **kwargs)
        self.tour = tour

    def clean_booths(self):
        return self.fields["booths"].find(self.tour.edition, self.cleaned_data["booths"])


class StopForm(forms.ModelForm):
    class Meta:
        model = TourStop
        fields = ["minutes", "briefer_en", "briefer_km", "function_en", "function_km", "product", "point_en", "point_km"]
        widgets = {"point_en": forms.Textarea({"rows": 3}), "point_km": forms.Textarea({"rows": 3, "lang": "km"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        products = walking.products_at(self.instance)
        self.fields["product"].queryset = self.fields["product"].queryset.filter(pk__in=[row.pk for row in products])
        self.fields["product"].empty_label = "–"


@require_http_methods(["GET", "HEAD", "POST"])
@may_see
def tour(request, pk):
    """The stops by the clock, and a form that adds some."""
    row = get_object_or_404(Tour.objects.select_related("edition"), pk=pk)
    if request.method == "POST" and not arranging.may_arrange(request.user):
        raise PermissionDenied("may look only")
    form = BoothsForm(request.POST if request.method == "POST" else None, tour=row)
    if form.is_valid():
        try:
            arranging.add(tour=row, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("booths", refusal)
        else:
            return redirect("exhibition_tour", pk)
    visits = walking.visits(row)
    context = {"tour": row, "visits": visits, "form": form, "may_arrange": arranging.may_arrange(request.user)}
    context["ends_at"] = visits[-1].leaves_at if visits else row.starts_at
    with timezone.override(row.edition.zone):
        return render(request, "exhibitors/back_office/tour.html", context)


@require_POST
@may_change
def sort(request, pk):
    row = get_object_or_404(Tour, pk=pk)
    arranging.sort_by_route(tour=row, user=request.user)
    messages.success(request, _("The booths stand in the order in which one walks past them."))
    return redirect("exhibition_tour", pk)


@require_POST
@may_change
def move(request, pk):
    stop = _stop(pk)
    arranging.move(stop=stop, by=-1 if request.POST.get("by") == "up" else 1, user=request.user)
    return redirect(f"{reverse('exhibition_tour', args=[stop.tour_id])}#stop-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def stop(request, pk):
    row = _stop(pk)
    question = Question(
        title=_("Booth %(booth)s on “%(tour)s”") % {"booth": row.booth.code, "tour": row.tour.name},
        text=_("It stands on the sheet in both languages: write each text in each of them."),
        button=_("Save"),
        done=_("The stop is saved."),
        icon="edit",
    )
    form = StopForm(request.POST if request.method == "POST" else None, instance=row)

    def describe(**words):
        arranging.describe(stop=row, user=request.user, **words)

    return _back_to(row, ask(request, question, back=TOURS, act=describe, form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def remove(request, pk):
    row = _stop(pk)
    question = Question(
        title=_("Take booth %(booth)s out of “%(tour)s”") % {"booth": row.booth.code, "tour": row.tour.name},
        text=_("What was written of it for this tour is lost; the booth stays as it is."),
        button=_("Take it out"),
        done=_("The tour no longer stops at booth %(booth)s.") % {"booth": row.booth.code},
        icon="bin",
        is_serious=True,
    )

    def take_out():
        arranging.remove(stop=row, user=request.user)

    return _back_to(row, ask(request, question, back=TOURS, act=take_out))


@require_safe
@may_see
def paper(request, pk):
    row = get_object_or_404(Tour.objects.select_related("edition"), pk=pk)
    try:
        content = sheet.render(row)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("exhibition_tour", pk)
    return pdf.answer(content, f"tour-{row.edition.slug}-{slugify(row.name_en)}.pdf")


def _stop(pk) -> TourStop:
    return get_object_or_404(TourStop.objects.select_related("tour__edition", "booth"), pk=pk)


def _back_to(stop, response):
    """An act on a stop leads back to its tour."""
    if response.status_code != 302:
        return response
    return redirect("exhibition_tour", stop.tour_id)
