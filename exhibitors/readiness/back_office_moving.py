"""Times of build-up and tear-down in the back office: setting them up, the timetable by hall, and giving one to a booth."""

from pathlib import Path

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from cms import exports, khmer, languages, pdf
from cms.back_office import EditTaken, Question, Rows, ask
from cms.models import Edition
from exhibitors.models import Booking, MoveSlot
from exhibitors.readiness import moving

MAY_SEE = "exhibitors.view_moveslot"
STYLE = Path(__file__).parent.parent / "templates" / "exhibitors" / "pdf" / "timetable.css"

for_readers = permission_required(MAY_SEE, raise_exception=True)


class MoveSlots(Rows):
    model = MoveSlot
    icon = "time"
    edit_view_class = EditTaken
    list_display = ["hall", "kind", "starts_at", "ends_at", "door", "taken", "size"]
    list_filter = ["hall__edition", "hall", "kind"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("hall", widget=forms.Select), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("door"), FieldPanel("size"), FieldPanel("choose_until")]),
    ]

    def get_queryset(self, request):
        return MoveSlot.objects.select_related("hall__edition")


def slots_of(edition: Edition) -> list[MoveSlot]:
    """By hall, what for and time, with the booths that have them. Two queries, and one for the booths."""
    rows = MoveSlot.objects.filter(hall__edition=edition).select_related("hall__edition")
    return list(rows.prefetch_related("choices__booking__booth", "choices__booking__agency"))


@require_safe
@for_readers
def timetable(request):
    """Of the current edition, or of the one asked for."""
    edition = Edition.objects.asked(request.GET)
    context = {"edition": edition, "slots": slots_of(edition)}
    return render(request, "exhibitors/back_office/timetable.html", context)


@require_safe
@for_readers
def written(request):
    edition = Edition.objects.asked(request.GET)
    headings = [_("Hall"), _("What for"), _("Begins"), _("Ends"), _("Door"), _("Booth"), _("Agency")]
    rows = (_line(slot, choice, edition) for slot in slots_of(edition) for choice in slot.choices.all())
    return exports.response("csv", f"move-in-{edition.slug}", headings, rows)


@require_safe
@for_readers
def paper(request):
    """For the wall beside the dock, in both languages: who reads it there is not who asked for it."""
    edition = Edition.objects.asked(request.GET)
    context = {"edition": edition, "slots": slots_of(edition), "languages": languages.ON_PAPER}
    with timezone.override(edition.zone):
        html = render_to_string("exhibitors/pdf/timetable.html", context)
    paper = pdf.render(khmer.split_lines(html), stylesheets=[STYLE.read_text()])
    return pdf.answer(paper, f"move-in-{edition.slug}.pdf")


class PlacingForm(forms.Form):
    booking = forms.ModelChoiceField(Booking.objects.none(), label=gettext_lazy("Booth"))

    def __init__(self, *args, slot, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Booking.objects.filter(state="confirmed", booth__zone__hall=slot.hall).select_related("booth", "agency")
        self.fields["booking"].queryset = rows.order_by("booth__code")
        self.fields["booking"].label_from_instance = lambda row: f"{row.booth.code} · {row.agency.name}"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("exhibitors.confirm_booking", raise_exception=True)
def place(request, pk):
    slot = get_object_or_404(MoveSlot.objects.select_related("hall__edition"), pk=pk)
    question = Question(
        title=_("Put a booth into %(slot)s") % {"slot": slot},
        text=_("The booth leaves the time of the same kind that it had. The agency sees it on its desk."),
        button=_("Put it there"),
        done=_("The booth has this time."),
        icon="time",
    )

    def act(booking):
        return moving.choose(slot=slot, booking=booking, user=request.user)

    form = PlacingForm(request.POST if request.method == "POST" else None, slot=slot)
    return ask(request, question, back="exhibition_timetable", act=act, form=form)


def _line(slot, choice, edition) -> list[str]:
    times = [_clock(slot.starts_at, edition), _clock(slot.ends_at, edition)]
    return [
        slot.hall.name,
        slot.get_kind_display(),
        *times,
        slot.door,
        choice.booking.booth.code,
        choice.booking.agency.name,
    ]


def _clock(moment, edition) -> str:
    return f"{moment.astimezone(edition.zone):%Y-%m-%d %H:%M}"
