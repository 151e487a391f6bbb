"""What an agency that applies for a booth may type, on its desk or by the hand of an organiser."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import dates, khmer
from cms.fields import CONTROLS
from exhibitors.models import Agency, Application, Booking, Booth, Neighbour, Zone

WISHES = 6
NAMES = 5  # of neighbours, near and apart each
LIST = "places"  # the datalist beside the wishes


class Names(forms.CharField):
    """One name on each line; empty lines and repetitions are left out."""

    widget = forms.Textarea

    def __init__(self, **options):
        super().__init__(**({"required": False, "max_length": NAMES * 200, "widget": forms.Textarea({"rows": 2})} | options))

    def clean(self, value):
        lines = [CONTROLS.sub(" ", line).strip() for line in super().clean(value).splitlines()]
        names = list(dict.fromkeys(line for line in lines if line))
        if len(names) > NAMES:
            raise ValidationError(_("No more than %(number)s names.") % {"number": NAMES}, code="many")
        if any(len(name) > 200 for name in names):
            raise ValidationError(_("One name on each line, please."), code="long")
        return names


class ApplicationForm(forms.ModelForm):
    """``edition`` and ``agency`` say which places can be wished for."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    near = Names(
        label=gettext_lazy("Near whom"),
        help_text=gettext_lazy("Names of agencies, one on each line. We try, and promise nothing."),
    )
    apart = Names(label=gettext_lazy("Not near whom"), help_text=gettext_lazy("Names of agencies, one on each line."))

    class Meta:
        model = Application
        fields = [
            "least_area", "most_area", "open_sides", "fitting", "power", "needs_access", "co_exhibitors", "note",
        ]  # fmt: skip
        widgets = {"co_exhibitors": forms.Textarea({"rows": 2}), "note": forms.Textarea({"rows": 4})}
        labels = {"least_area": gettext_lazy("Area at least"), "needs_access": gettext_lazy("Wheelchair")}
        help_texts = {"least_area": gettext_lazy("In m²; 9 is one stand of 3 × 3 m.")}

    field_order = [
        "version", "least_area", "most_area", "open_sides", "fitting", "power", "needs_access",
        *(f"wish_{rank}" for rank in range(1, WISHES + 1)), "near", "apart", "co_exhibitors", "note",
    ]  # fmt: skip

    def __init__(self, *args, edition, agency: Agency, instance: Application | None = None, wish: str = "", **kwargs):
        self.edition, self.agency = edition, agency
        super().__init__(*args, instance=instance, initial=self._begin_with(instance, wish), **kwargs)
        self.fields["fitting"].choices = [("", _("either")), *Booth.Fitting.choices]
        for rank in range(1, WISHES + 1):
            self.fields[f"wish_{rank}"] = forms.CharField(
                label=_("Wish %(rank)s") % {"rank": dates.digits(str(rank))},
                required=False,
                max_length=100,
                widget=forms.TextInput({"list": LIST, "autocomplete": "off"}),
                help_text=_("The code of a booth, such as A12, or the name of a zone; the dearest first.")
                if rank == 1
                else "",
            )
        self.order_fields(self.field_order)

    @staticmethod
    def _begin_with(instance, wish) -> dict:
        if instance is None:
            return {"wish_1": wish}
        wishes = [str(each) for each in instance.wishes.select_related("booth", "zone")]
        if wish and wish not in wishes:
            wishes.append(wish)
        neighbours = list(instance.neighbours.all())
        return {
            "version": instance.version,
            "near": "\n".join(each.name for each in neighbours if each.kind == Neighbour.Kind.NEAR),
            "apart": "\n".join(each.name for each in neighbours if each.kind != Neighbour.Kind.NEAR),
        } | {f"wish_{rank}": label for rank, label in enumerate(wishes[:WISHES], 1)}

    @cached_property
    def places(self) -> list[Zone | Booth]:
        """Zones and booths for which one applies, by name and code; what another agency has for good is not among them."""
        of_zone = {"by_application": True, "kind__in": ["", self.agency.kind]}
        zones = Zone.objects.filter(hall__edition=self.edition, **of_zone).select_related("hall")
        booths = self.edition.booths.to_give().filter(**{f"zone__{name}": value for name, value in of_zone.items()})
        given = Booking.objects.filter(state=Booking.State.CONFIRMED, booth__edition=self.edition)
        return [*zones, *booths.exclude(pk__in=given.values("booth")).order_by("code")]

    @cached_property
    def _by_word(self) -> dict[str, Zone | Booth]:
        words = {}
        for place in self.places:
            names = [place.code] if isinstance(place, Booth) else [place.name_en, place.name_km]
            for name in filter(None, names):
                words.setdefault(khmer.fold(name), place)
        return words

    def clean(self):
        words = super().clean()
        wishes = []
        for rank in range(1, WISHES + 1):
            typed = words.pop(f"wish_{rank}", "")
            if not typed:
                continue
            place = self._by_word.get(khmer.fold(typed))
            if place is None:
                self.add_error(f"wish_{rank}", self._unknown(typed))
            elif place not in wishes:
                wishes.append(place)
        if (most := words.get("most_area")) and most < words.get("least_area", 0):
            self.add_error("most_area", _("The area at most is smaller than the area at least."))
        both = set(words.get("near", [])) & set(words.get("apart", []))
        if both:
            self.add_error("apart", _("%(name)s stands in both lists.") % {"name": sorted(both)[0]})
        return words | {"wishes": wishes}

    def _unknown(self, typed) -> ValidationError:
        if self.edition.booths.filter(is_published=True, code=typed.strip().upper()).exists():
            return ValidationError(_("Booth %(booth)s cannot be applied for.") % {"booth": typed}, code="closed")
        return ValidationError(
            _("There is no booth or zone “%(name)s”. Look at the plan.") % {"name": typed}, code="unknown"
        )
