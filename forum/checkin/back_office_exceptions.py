"""What a pass opens to one person alone, in the back office."""

import datetime

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column

from cms import dates
from cms.back_office import Question, ReadOnly, ask
from cms.fields import Line
from forum.checkin import excepting
from forum.checkin.models import PassException
from forum.registration.models import Registration

PERMISSION = "checkin.add_passexception"
LIST = "wagtailsnippets_checkin_passexception:list"


class PassExceptionViewSet(ReadOnly):
    model = PassException
    icon = "lock-open"
    menu_label = gettext_lazy("Exceptions to passes")
    list_display = [
        "registration",
        Column("name", label=gettext_lazy("Name"), accessor="registration.name_latin"),
        Column("pass_type", label=gettext_lazy("Pass"), accessor="registration.pass_type"),
        Column("written", label=gettext_lazy("Exception")),
        "reason",
        "made_at",
        "made_by",
    ]
    list_filter = ["registration__edition", "zone", "day", "is_open"]

    def get_queryset(self, request):
        return PassException.objects.in_force().select_related("registration__pass_type", "zone", "made_by")


class ExceptionForm(forms.Form):
    """A zone or a day of the person's edition, and whether it is open to them."""

    what = forms.ChoiceField(label=gettext_lazy("Exception"))
    reason = Line(label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stands in the history."))

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["what"].choices = [("", "–"), *self._choices()]

    @cached_property
    def zones(self) -> dict:
        return {str(zone.pk): zone for zone in self.edition.access_zones.all()}

    def _choices(self):
        days = {day: dates.weekday(datetime.date.fromisoformat(day)) for day in self.edition.days}
        for kind, names, opens, closes in (
            ("zone", self.zones, _("Also into: %(zone)s"), _("Not into: %(zone)s")),
            ("day", days, _("Also on: %(day)s"), _("Not on: %(day)s")),
        ):
            for key, name in names.items():
                written = getattr(name, "name", name)
                yield f"{kind} yes {key}", opens % {kind: written}
                yield f"{kind} no {key}", closes % {kind: written}

    def clean(self):
        """As the act takes it."""
        cleaned = super().clean()
        if what := cleaned.pop("what", ""):
            kind, word, key = what.split()
            found = self.zones[key] if kind == "zone" else datetime.date.fromisoformat(key)
            cleaned |= {kind: found, "is_open": word == "yes"}
        return cleaned


@permission_required(PERMISSION, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def make(request, pk):
    """Asks what is open to a person whatever their pass says, or is not."""
    registration = get_object_or_404(Registration.objects.live().with_names(), pk=pk)
    so_far = PassException.objects.in_force().filter(registration=registration).select_related("zone").order_by("pk")
    written = "; ".join(row.written for row in so_far)
    text = _("%(name)s (%(pass)s). It holds at once and the badge stays as it is.")
    text %= {"name": registration.name_latin, "pass": registration.pass_type.name}
    if written:
        text += " " + _("So far: %(exceptions)s.") % {"exceptions": written}
    question = Question(
        title=_("An exception for %(code)s") % {"code": registration.short_code},
        text=text,
        button=_("Make the exception"),
        done=_("The gates know of the exception."),
        icon="lock-open",
    )
    return ask(
        request,
        question,
        back="wagtailsnippets_registration_registration:list",
        form=ExceptionForm(request.POST if request.method == "POST" else None, edition=registration.edition),
        act=lambda **typed: excepting.make(registration=registration, user=request.user, **typed),
    )


class TakeBackForm(forms.Form):
    reason = Line(label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stands in the history."))


@permission_required(PERMISSION, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, pk):
    exception = get_object_or_404(PassException.objects.select_related("registration", "zone"), pk=pk)
    question = Question(
        title=_("Take back the exception for %(code)s") % {"code": exception.registration.short_code},
        text=_("%(name)s, %(exception)s: from now on the pass alone says it again.")
        % {"name": exception.registration.name_latin, "exception": exception.written},
        button=_("Take back"),
        done=_("The exception is taken back."),
        icon="undo",
    )
    return ask(
        request,
        question,
        back=LIST,
        form=TakeBackForm(request.POST if request.method == "POST" else None),
        act=lambda reason: excepting.take_back(exception=exception, reason=reason, user=request.user),
    )
