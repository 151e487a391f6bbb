"""Rows of booths by form: drawn beside it first, then added as they were drawn."""

import hashlib
import string

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from exhibitors import checking, laying_out
from exhibitors.back_office_drawing import Drawing, standing
from exhibitors.laying_out import Direction, Layout, Line, Rows
from exhibitors.models import Booth, Zone
from exhibitors.models.floor import capital_code

MOST = 100_000  # centimetres: a kilometre


def length(label, *, least=0, **options):
    options = {"help_text": gettext_lazy("in centimetres")} | options
    return forms.IntegerField(label=label, min_value=least, max_value=MOST, **options)


class RowsForm(forms.Form):
    """``seen`` says what was drawn last: what is typed otherwise is drawn anew before it can be added."""

    block = forms.CharField(
        label=gettext_lazy("Letter"),
        max_length=6,
        validators=[capital_code],
        help_text=gettext_lazy("Before the numbers, such as A: A01, A02."),
    )
    first_number = forms.IntegerField(label=gettext_lazy("First number"), min_value=0, max_value=9_000, initial=1)
    is_backwards = forms.BooleanField(label=gettext_lazy("Count each line from its far end"), required=False)
    line = forms.ChoiceField(label=gettext_lazy("Each row"), choices=Line.choices, initial=Line.DOUBLE)
    direction = forms.ChoiceField(label=gettext_lazy("Runs"), choices=Direction.choices)
    count = forms.IntegerField(
        label=gettext_lazy("Booths in a line"),
        min_value=1,
        max_value=laying_out.MOST,
        initial=6,
        help_text=gettext_lazy("Two lines back to back have twice as many."),
    )
    width = length(
        gettext_lazy("Width of a booth"), least=1, initial=300, help_text=gettext_lazy("in centimetres, along the row")
    )
    depth = length(
        gettext_lazy("Depth of a booth"), least=1, initial=300, help_text=gettext_lazy("in centimetres, across the row")
    )
    x = length(gettext_lazy("Corner: from the west wall"))
    y = length(gettext_lazy("Corner: from the north wall"))
    rows = forms.IntegerField(label=gettext_lazy("Rows"), min_value=1, max_value=50, initial=1)
    aisle = length(gettext_lazy("Aisle between rows"))
    next_letter = forms.BooleanField(
        label=gettext_lazy("Each row has the next letter"),
        required=False,
        help_text=gettext_lazy("And begins with the first number. Otherwise one letter is counted on."),
    )
    gap_every = forms.IntegerField(
        label=gettext_lazy("A gap after so many booths"),
        min_value=0,
        max_value=laying_out.MOST,
        initial=0,
        help_text=gettext_lazy("0: none"),
    )
    gap = length(gettext_lazy("Width of a gap"))
    fitting = forms.ChoiceField(label=gettext_lazy("Fitting"), choices=Booth.Fitting.choices)
    power = forms.IntegerField(
        label=gettext_lazy("Power of each"),
        min_value=0,
        max_value=1_000_000,
        initial=0,
        help_text=gettext_lazy("in watts; 0: no supply"),
    )
    is_accessible = forms.BooleanField(label=gettext_lazy("Accessible"), required=False)
    is_published = forms.BooleanField(label=gettext_lazy("Published"), required=False, initial=True)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @property
    def typed(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def sight(self) -> str:
        return hashlib.sha256(repr(sorted(self.typed.items())).encode()).hexdigest()

    @property
    def is_ready(self) -> bool:
        """What is typed can be added as it is drawn beside the form."""
        return self.is_bound and self.is_valid()

    def remember(self):
        """What is drawn now is what the page shows."""
        self.data = self.data.copy()
        self.data["seen"] = self.sight


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("exhibitors.add_booth", raise_exception=True)
def rows(request, pk):
    zone = get_object_or_404(Zone.objects.select_related("hall__edition"), pk=pk)
    booths, structures = standing(zone.hall)
    form = RowsForm(request.POST if request.method == "POST" else None, initial=_beginning(zone, booths))
    layout = Layout([], [])
    if form.is_valid():
        try:
            layout = laying_out.lay_out(zone=zone, rows=Rows(**form.typed), booths=booths, structures=structures)
            if "add" in request.POST and form.cleaned_data["seen"] == form.sight:
                return _add(request, zone, form)
        except ValidationError as refusal:
            layout.refusals.append(refusal)
        form.remember()
        for refusal in layout.refusals:
            form.add_error(None, refusal)
    context = {
        "zone": zone,
        "title": _("Rows of booths in %(zone)s") % {"zone": zone.name},
        "form": form,
        "drawing": _drawing(zone.hall, booths, structures, layout.booths),
    }
    return render(request, "exhibitors/back_office/rows.html", context, status=422 if form.errors else 200)


def _add(request, zone, form):
    made = laying_out.add(zone=zone, rows=Rows(**form.typed), user=request.user)
    words = {"count": len(made), "first": made[0].code, "last": made[-1].code}
    sentence = ngettext("%(count)s booth added: %(first)s.", "%(count)s booths added: %(first)s to %(last)s.", len(made))
    messages.success(request, sentence % words)
    return redirect("exhibition_rows", zone.pk)


def _drawing(hall, booths, structures, laid):
    """All booths with those laid out, and what would be wrong because of these."""
    before = checking.find(hall, booths, structures)
    after = checking.find(hall, [*booths, *laid], structures) if laid else []
    found = [finding for finding in after if finding not in before]
    return Drawing(hall, [*booths, *laid], structures, found, frozenset(laid))


def _beginning(zone, booths):
    """The next free letter, south of what the zone has."""
    hall = zone.hall
    codes = Booth.objects.filter(edition=hall.edition_id).values_list("code", flat=True)
    used = {code[0] for code in codes}
    theirs = [booth for booth in booths if booth.zone_id == zone.pk]
    return {
        "block": next((letter for letter in string.ascii_uppercase if letter not in used), ""),
        "x": min((booth.x for booth in theirs), default=hall.aisle_width),
        "y": max((booth.y + booth.depth for booth in theirs), default=0) + hall.aisle_width,
        "aisle": hall.aisle_width,
        "gap": hall.aisle_width,
    }
